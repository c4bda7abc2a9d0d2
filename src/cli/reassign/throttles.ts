import type { Admin } from '../../client/admin.ts';
import type { OngoingReassignment, ReplicaPlace } from '../../client/partition-admin.ts';
import {
  formatTopicPartition,
  groupByTopic,
  type TopicPartition,
} from '../../client/topic-partition.ts';
import type { ToolOutput } from '../tool.ts';
import type { TargetPartition } from './reassignment-json.ts';

const brokerRates = [
  'leader.replication.throttled.rate',
  'follower.replication.throttled.rate',
] as const;
const directoryRate = 'replica.alter.log.dirs.io.max.bytes.per.second';
const leaderReplicas = 'leader.replication.throttled.replicas';
const followerReplicas = 'follower.replication.throttled.replicas';

/** Who sends a partition's data and who takes it. */
interface Move extends TopicPartition {
  readonly sources: readonly number[];
  readonly destinations: readonly number[];
}

/** Limits what the moves of `proposed`, and those already under way, send between brokers. */
export async function throttleBrokers(
  { admin, output }: { readonly admin: Admin; readonly output: ToolOutput },
  moves: readonly Move[],
  bytesPerSecond: number,
): Promise<void> {
  const value = String(bytesPerSecond);
  for (const { topic, partitions } of groupByTopic(moves)) {
    await admin.alterConfigs({ type: 'topic', name: topic }, [
      { name: leaderReplicas, value: replicaList(partitions, 'sources') },
      { name: followerReplicas, value: replicaList(partitions, 'destinations') },
    ]);
  }
  const brokers = moves.flatMap(({ sources, destinations }) => [...sources, ...destinations]);
  for (const id of inOrder(brokers)) {
    const changes = brokerRates.map((name) => ({ name, value }));
    await admin.alterConfigs({ type: 'broker', name: String(id) }, changes);
  }
  output.out(`The inter-broker throttle limit was set to ${value} B/s`);
}

/** Limits what these brokers copy from one of their log dirs to another. */
export async function throttleDirectories(
  { admin, output }: { readonly admin: Admin; readonly output: ToolOutput },
  places: readonly ReplicaPlace[],
  bytesPerSecond: number,
): Promise<void> {
  const value = String(bytesPerSecond);
  for (const id of inOrder(places.map(({ brokerId }) => brokerId))) {
    await admin.alterConfigs({ type: 'broker', name: String(id) }, [
      { name: directoryRate, value },
    ]);
  }
  output.out(`The replica-alter-dir throttle limit was set to ${value} B/s`);
}

/** Takes all limits away, of all brokers: nobody knows which of them were part of a move that is over. */
export async function clearThrottles(
  { admin, output }: { readonly admin: Admin; readonly output: ToolOutput },
  targets: readonly TargetPartition[],
): Promise<void> {
  const { brokers: alive } = await admin.describeCluster();
  const brokers = inOrder([
    ...alive.map(({ brokerId }) => brokerId),
    ...targets.flatMap(({ replicas }) => replicas),
  ]);
  output.out(
    `Clearing broker-level throttles on broker${brokers.length === 1 ? '' : 's'} ${brokers.join(',')}`,
  );
  const rates = [...brokerRates, directoryRate].map((name) => ({ name, value: null }));
  for (const id of brokers) await admin.alterConfigs({ type: 'broker', name: String(id) }, rates);
  const topics = [...new Set(targets.map(({ topic }) => topic))];
  output.out(
    `Clearing topic-level throttles on topic${topics.length === 1 ? '' : 's'} ${topics.join(',')}`,
  );
  const lists = [leaderReplicas, followerReplicas].map((name) => ({ name, value: null }));
  for (const name of topics) await admin.alterConfigs({ type: 'topic', name }, lists);
}

/** The moves under way with those that are to start; who sends does not change by a second move. */
export function movesOf(
  ongoing: readonly OngoingReassignment[],
  proposed: readonly TargetPartition[],
  current: readonly TargetPartition[],
): readonly Move[] {
  const moves = new Map<string, Move>();
  for (const { topic, partition, replicas, adding } of ongoing) {
    const sources = replicas.filter((id) => !adding.includes(id));
    const move = { topic, partition, sources, destinations: adding };
    moves.set(formatTopicPartition(move), move);
  }
  const present = new Map(current.map((each) => [formatTopicPartition(each), each.replicas]));
  for (const { topic, partition, replicas } of proposed) {
    const name = formatTopicPartition({ topic, partition });
    const sources = moves.get(name)?.sources ?? present.get(name) ?? [];
    const destinations = replicas.filter((id) => !sources.includes(id));
    moves.set(name, { topic, partition, sources, destinations });
  }
  return [...moves.values()];
}

/** `0:1,0:2`, in the order of the text as in Java's TreeSet. */
function replicaList(moves: readonly Move[], side: 'sources' | 'destinations'): string {
  const entries = moves.flatMap((move) => move[side].map((id) => `${move.partition}:${id}`));
  return [...new Set(entries)].sort().join(',');
}

function inOrder(ids: readonly number[]): readonly number[] {
  return [...new Set(ids)].sort((a, b) => a - b);
}
