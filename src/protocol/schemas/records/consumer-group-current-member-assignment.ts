import type { MessageOf, MessageSchema, StructSchema } from '../../schema.ts';

export const consumerGroupCurrentMemberAssignmentKey = {
  name: 'ConsumerGroupCurrentMemberAssignmentKey',
  versions: [8, 8],
  fields: [
    { name: 'groupId', type: 'string' },
    { name: 'memberId', type: 'string' },
  ],
} as const satisfies MessageSchema;
export type ConsumerGroupCurrentMemberAssignmentKey = MessageOf<
  typeof consumerGroupCurrentMemberAssignmentKey
>;

const topicPartitions = {
  name: 'TopicPartitions',
  fields: [
    { name: 'topicId', type: 'uuid' },
    { name: 'partitions', type: ['int32'] },
  ],
} as const satisfies StructSchema;
export type TopicPartitions = MessageOf<typeof topicPartitions>;

export const consumerGroupCurrentMemberAssignmentValue = {
  name: 'ConsumerGroupCurrentMemberAssignmentValue',
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'memberEpoch', type: 'int32' },
    { name: 'previousMemberEpoch', type: 'int32' },
    { name: 'state', type: 'int8' },
    { name: 'assignedPartitions', type: [topicPartitions] },
    { name: 'partitionsPendingRevocation', type: [topicPartitions] },
  ],
} as const satisfies MessageSchema;
export type ConsumerGroupCurrentMemberAssignmentValue = MessageOf<
  typeof consumerGroupCurrentMemberAssignmentValue
>;
