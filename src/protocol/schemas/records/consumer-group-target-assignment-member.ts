import type { MessageOf, MessageSchema, StructSchema } from '../../schema.ts';

export const consumerGroupTargetAssignmentMemberKey = {
  name: 'ConsumerGroupTargetAssignmentMemberKey',
  versions: [7, 7],
  fields: [
    { name: 'groupId', type: 'string' },
    { name: 'memberId', type: 'string' },
  ],
} as const satisfies MessageSchema;
export type ConsumerGroupTargetAssignmentMemberKey = MessageOf<
  typeof consumerGroupTargetAssignmentMemberKey
>;

const topicPartition = {
  name: 'TopicPartition',
  fields: [
    { name: 'topicId', type: 'uuid' },
    { name: 'partitions', type: ['int32'] },
  ],
} as const satisfies StructSchema;
export type TopicPartition = MessageOf<typeof topicPartition>;

export const consumerGroupTargetAssignmentMemberValue = {
  name: 'ConsumerGroupTargetAssignmentMemberValue',
  versions: [0, 0],
  flexibleSince: 0,
  fields: [{ name: 'topicPartitions', type: [topicPartition] }],
} as const satisfies MessageSchema;
export type ConsumerGroupTargetAssignmentMemberValue = MessageOf<
  typeof consumerGroupTargetAssignmentMemberValue
>;
