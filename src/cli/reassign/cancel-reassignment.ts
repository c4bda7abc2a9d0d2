import type { Admin } from '../../client/admin.ts';
import { PartitionAdmin } from '../../client/partition-admin.ts';
import { formatTopicPartition } from '../../client/topic-partition.ts';
import type { JoptCall } from '../jopt-tool.ts';
import { listFailures } from './execute-reassignment.ts';
import { findDirectoryStates, isActive, startDirectoryMoves } from './log-dir-moves.ts';
import { TerseError } from './reassign-errors.ts';
import { byPartition, parseReassignment, type TargetPartition } from './reassignment-json.ts';
import { clearThrottles } from './throttles.ts';

/** `--cancel`: takes moves under way back, and their throttles. */
export async function cancelReassignment(
  call: JoptCall,
  admin: Admin,
  text: string,
): Promise<void> {
  const { output, options } = call;
  const { partitions, directories } = parseReassignment(text);
  await cancelMoves(call, admin, partitions);
  const states = await findDirectoryStates(admin, directories);
  const back = states
    .filter(isActive)
    .map(({ target, current }) => ({ ...target, path: current ?? '' }));
  // Kafka ends this line nowhere.
  if (back.length === 0) output.write('None of the specified partition moves are active.');
  else await startDirectoryMoves(call, admin, back, options.numberOf('timeout') ?? 0);
  if (!options.has('preserve-throttles')) await clearThrottles({ admin, output }, partitions);
}

async function cancelMoves(
  { output }: JoptCall,
  admin: Admin,
  targets: readonly TargetPartition[],
): Promise<void> {
  const partitionAdmin = new PartitionAdmin(admin);
  // As in 3.8.0: a move that only adds replicas is not seen here.
  const moving = (await partitionAdmin.listReassignments(targets))
    .filter(({ adding, removing }) => adding.length === 0 || 0 < removing.length)
    .toSorted(byPartition);
  if (moving.length === 0) {
    output.out('None of the specified partition reassignments are active.');
    return;
  }
  const failures = await partitionAdmin.alterReassignments(
    moving.map(({ topic, partition }) => ({ topic, partition, replicas: null })),
  );
  if (0 < failures.length) {
    const plural = failures.length === 1 ? '' : 's';
    throw new TerseError(
      `Error cancelling partition reassignment${plural} for:\n${listFailures(failures)}`,
    );
  }
  const names = moving.map(formatTopicPartition).join(',');
  const plural = moving.length === 1 ? '' : 's';
  output.out(`Successfully cancelled partition reassignment${plural} for: ${names}`);
}
