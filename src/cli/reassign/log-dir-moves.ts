import type { Admin } from '../../client/admin.ts';
import { UnsupportedVersionError } from '../../client/client-errors.ts';
import { PartitionAdmin, type ReplicaPlace } from '../../client/partition-admin.ts';
import { formatTopicPartition } from '../../client/topic-partition.ts';
import { commandFailed } from '../command-errors.ts';
import type { JoptCall } from '../jopt-tool.ts';
import { TerseError } from './reassign-errors.ts';
import { byPartition, type TargetDirectory } from './reassignment-json.ts';

const retryMs = 100;

/** Where a replica is, and where it is being copied to. */
export interface DirectoryState {
  readonly target: TargetDirectory;
  readonly current: string | undefined;
  readonly future: string | undefined;
}

/** The state of every wanted move between log dirs, by broker, topic and partition. */
export async function findDirectoryStates(
  admin: Admin,
  targets: readonly TargetDirectory[],
): Promise<readonly DirectoryState[]> {
  const ids = [...new Set(targets.map(({ brokerId }) => brokerId))];
  if (0 < ids.length) await admin.brokers();
  const answers = await Promise.all(ids.map((id) => admin.describeLogDirs(id)));
  return targets.toSorted(byReplica).map((target) => {
    const dirs = answers[ids.indexOf(target.brokerId)]?.results ?? [];
    const holding = (isFuture: boolean) =>
      dirs.find(({ topics }) =>
        topics.some(
          ({ name, partitions }) =>
            name === target.topic &&
            partitions.some(
              (each) => each.partitionIndex === target.partition && each.isFutureKey === isFuture,
            ),
        ),
      )?.logDir;
    return { target, current: holding(false), future: holding(true) };
  });
}

export function isActive({ current, future }: DirectoryState): boolean {
  return current !== undefined && future !== undefined;
}

/** In the words of `--verify`. */
export function describeDirectoryState({ target, current, future }: DirectoryState): string {
  const { brokerId, path } = target;
  const partition = formatTopicPartition(target);
  if (current === undefined) {
    return `Partition ${partition} is not found in any live log dir on broker ${brokerId}. There is likely an offline log directory on the broker.`;
  }
  if (future === undefined) {
    return current === path
      ? `Reassignment of replica ${replicaName(target)} completed successfully.`
      : `Partition ${partition} on broker ${brokerId} is not being moved from log dir ${current} to ${path}.`;
  }
  return future === path
    ? `Reassignment of replica ${replicaName(target)} is still in progress.`
    : `Partition ${partition} on broker ${brokerId} is being moved to log dir ${future} instead of ${path}.`;
}

/** Starts moves between log dirs; a replica that is not on its broker yet is tried again until `timeoutMs` have passed. */
export async function startDirectoryMoves(
  { ctx, output }: JoptCall,
  admin: Admin,
  targets: readonly TargetDirectory[],
  timeoutMs: number,
): Promise<void> {
  await admin.brokers();
  const deadlineMs = ctx.clock.monotonicMs() + timeoutMs;
  let pending = targets.toSorted(byReplica);
  for (;;) {
    const absent = await alterLogDirs(admin, pending);
    for (const { path, topic, partition, brokerId } of pending) {
      if (absent.has(replicaName({ topic, partition, brokerId }))) continue;
      output.out(
        `Successfully started moving log directory to ${path} for replica ${topic}-${partition} with broker ${brokerId} `,
      );
    }
    pending = pending.filter((target) => absent.has(replicaName(target)));
    if (pending.length === 0) return;
    if (deadlineMs <= ctx.clock.monotonicMs()) {
      const plural = pending.length === 1 ? '' : 's';
      const names = pending.map(replicaName).join(',');
      throw new TerseError(
        `Timed out before log directory move${plural} could be started for: ${names}`,
      );
    }
    await admin.client.pause(retryMs);
  }
}

/** Answers the replicas that are not there yet. */
async function alterLogDirs(
  admin: Admin,
  targets: readonly TargetDirectory[],
): Promise<ReadonlySet<string>> {
  const absent = new Set<string>();
  const partitions = new PartitionAdmin(admin);
  for (const brokerId of new Set(targets.map((target) => target.brokerId))) {
    const own = targets.filter((target) => target.brokerId === brokerId);
    const failures = await refusing(own, () => partitions.alterLogDirs(brokerId, own));
    for (const { topic, partition, error } of failures) {
      const name = replicaName({ topic, partition, brokerId });
      if (error.code !== 'REPLICA_NOT_AVAILABLE') {
        throw commandFailed(`Failed to alter dir for ${name}`, error);
      }
      absent.add(name);
    }
  }
  return absent;
}

/** A broker with one log dir need not know how to move replicas between several. */
async function refusing<T>(
  targets: readonly TargetDirectory[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const [first] = targets;
    if (!(error instanceof UnsupportedVersionError) || first === undefined) throw error;
    throw commandFailed(`Failed to alter dir for ${replicaName(first)}`, error);
  }
}

function replicaName({ topic, partition, brokerId }: ReplicaPlace): string {
  return `${topic}-${partition}-${brokerId}`;
}

function byReplica(a: ReplicaPlace, b: ReplicaPlace): number {
  return a.brokerId - b.brokerId || byPartition(a, b);
}
