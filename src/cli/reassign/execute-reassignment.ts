import type { Admin } from '../../client/admin.ts';
import { PartitionAdmin, type PartitionFailure } from '../../client/partition-admin.ts';
import { formatTopicPartition } from '../../client/topic-partition.ts';
import { commandFailed } from '../command-errors.ts';
import type { JoptCall } from '../jopt-tool.ts';
import { assignmentOfPartitions } from './current-assignment.ts';
import { startDirectoryMoves } from './log-dir-moves.ts';
import { TerseError } from './reassign-errors.ts';
import {
  byPartition,
  checkExecutable,
  formatReassignment,
  parseReassignment,
  type ReassignmentFile,
  type TargetPartition,
} from './reassignment-json.ts';
import { movesOf, throttleBrokers, throttleDirectories } from './throttles.ts';

/** `--execute`: starts the moves, throttled if wanted. */
export async function executeReassignment(
  call: JoptCall,
  admin: Admin,
  text: string,
): Promise<void> {
  const { output, options } = call;
  const file = parseReassignment(text);
  checkExecutable(file);
  const { partitions, directories } = file;
  const partitionAdmin = new PartitionAdmin(admin);
  const ongoing = await partitionAdmin.listReassignments();
  if (0 < ongoing.length && !options.has('additional')) {
    throw new TerseError(
      'Cannot execute because there is an existing partition assignment.  Use --additional to override this and create a new partition assignment in addition to the existing one. The --additional flag can also be used to change the throttle by resubmitting the current reassignment.',
    );
  }
  await checkBrokers(admin, partitions);
  const current = await assignmentOfPartitions(admin, partitions);
  output.out(
    `Current partition replica assignment\n\n${formatReassignment(current)}\n\nSave this to use as the --reassignment-json-file option during rollback`,
  );
  await throttle(call, admin, file, () => movesOf(ongoing, partitions, current));
  const failures = await partitionAdmin.alterReassignments(partitions);
  if (0 < failures.length) {
    throw new TerseError(`Error reassigning partition(s):\n${listFailures(failures)}`);
  }
  const plural = partitions.length === 1 ? '' : 's';
  const names = partitions.toSorted(byPartition).map(formatTopicPartition).join(',');
  output.out(`Successfully started partition reassignment${plural} for ${names}`);
  if (directories.length === 0) return;
  await startDirectoryMoves(call, admin, directories, options.numberOf('timeout') ?? 0);
}

export function listFailures(failures: readonly PartitionFailure[]): string {
  return failures
    .toSorted(byPartition)
    .map((each) => `${formatTopicPartition(each)}: ${each.error.message}`)
    .join('\n');
}

async function checkBrokers(admin: Admin, targets: readonly TargetPartition[]): Promise<void> {
  const { brokers } = await admin.describeCluster();
  const known = new Set(brokers.map(({ brokerId }) => brokerId));
  const unknown = targets.flatMap(({ replicas }) => replicas).find((id) => !known.has(id));
  if (unknown !== undefined) throw commandFailed(`Unknown broker id ${unknown}`);
}

async function throttle(
  { options, output }: JoptCall,
  admin: Admin,
  { directories }: ReassignmentFile,
  moves: () => ReturnType<typeof movesOf>,
): Promise<void> {
  const betweenBrokers = options.numberOf('throttle') ?? -1;
  const betweenDirs = options.numberOf('replica-alter-log-dirs-throttle') ?? -1;
  if (betweenBrokers < 0 && betweenDirs < 0) return;
  output.out(
    'Warning: You must run --verify periodically, until the reassignment completes, to ensure the throttle is removed.',
  );
  if (0 <= betweenBrokers) await throttleBrokers({ admin, output }, moves(), betweenBrokers);
  if (0 <= betweenDirs) await throttleDirectories({ admin, output }, directories, betweenDirs);
}
