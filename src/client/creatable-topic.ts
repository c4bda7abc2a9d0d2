import type { MessageInput } from '../protocol/schema.ts';
import type { createTopicsRequest } from '../protocol/schemas/19-create-topics.ts';
import type { NewTopic } from './admin-types.ts';

/** A topic as CreateTopics takes it. */
export function toCreatable(
  topic: NewTopic,
): NonNullable<MessageInput<typeof createTopicsRequest>['topics']>[number] {
  const assignments = topic.assignments ?? [];
  return {
    name: topic.name,
    numPartitions: 0 < assignments.length ? -1 : topic.partitionCount,
    replicationFactor: 0 < assignments.length ? -1 : topic.replicationFactor,
    assignments: assignments.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
    configs: Object.entries(topic.configs).map(([name, value]) => ({ name, value })),
  };
}
