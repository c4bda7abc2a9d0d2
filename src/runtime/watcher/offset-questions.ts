import { listOffsetsCall } from '../../client/api-calls.ts';
import { askedPartitionsMax, type PartitionReport } from './cluster-report.ts';
import type { WatchedNode } from './watched-node.ts';

const latest = -1;
const consumer = -1;

/** Those that somebody may be writing: the learner's topics, first come first served. */
export function partitionsToAsk(
  partitions: readonly PartitionReport[],
): readonly PartitionReport[] {
  return partitions
    .filter(({ topic, leader }) => 0 <= leader && !topic.startsWith('__'))
    .slice(0, askedPartitionsMax);
}

/** Asks a leader for the high watermarks of its partitions, as `kafka-get-offsets.sh` does; adds what it answers. */
export async function askOffsets(
  node: WatchedNode,
  partitions: readonly PartitionReport[],
  offsets: Map<string, number>,
): Promise<void> {
  const byTopic = groupedBy(partitions, ({ topic }) => topic);
  const topics = [...byTopic].map(([name, ofTopic]) => ({
    name,
    partitions: ofTopic.map(({ partition }) => ({ partitionIndex: partition, timestamp: latest })),
  }));
  const answer = await node.ask(listOffsetsCall, { replicaId: consumer, topics });
  for (const topic of answer?.topics ?? []) {
    for (const { partitionIndex, errorCode, offset } of topic.partitions) {
      if (errorCode === 0 && 0 <= offset) offsets.set(`${topic.name}-${partitionIndex}`, offset);
    }
  }
}

/** As Map.groupBy, which browsers of 2023 lack. */
export function groupedBy<K, T>(
  items: readonly T[],
  keyOf: (item: T) => K,
): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
