import type { Admin } from '../../client/admin.ts';
import { formatTopicPartition, type TopicPartition } from '../../client/topic-partition.ts';
import { executionFailed } from './reassign-errors.ts';
import type { TargetPartition } from './reassignment-json.ts';

const unknownPartition = 'org.apache.kafka.common.errors.UnknownTopicOrPartitionException';

/** Where all partitions of these topics are. Rejects with JavaError when a topic is not there. */
export async function assignmentOfTopics(
  admin: Admin,
  names: readonly string[],
): Promise<readonly TargetPartition[]> {
  const described = await admin.describeTopics([...new Set(names)]);
  const missing = names.find((name) => !described.some((topic) => topic.name === name));
  if (missing !== undefined) {
    throw executionFailed(`${unknownPartition}: Topic ${missing} not found.`);
  }
  return described.flatMap(({ name, partitions }) =>
    partitions.map(({ partition, replicas }) => ({ topic: name, partition, replicas })),
  );
}

/** Where these partitions are. Rejects with JavaError when one is not there. */
export async function assignmentOfPartitions(
  admin: Admin,
  wanted: readonly TopicPartition[],
): Promise<readonly TargetPartition[]> {
  const topics = wanted.map(({ topic }) => topic);
  const all = await assignmentOfTopics(admin, topics);
  const byName = new Map(all.map((each) => [formatTopicPartition(each), each]));
  const names = wanted.map(formatTopicPartition);
  const missing = names.filter((name) => !byName.has(name));
  if (0 < missing.length) {
    throw executionFailed(`${unknownPartition}: Unable to find partition: ${missing.join(', ')}`);
  }
  return names.flatMap((name) => byName.get(name) ?? []);
}
