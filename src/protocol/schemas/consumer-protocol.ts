import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const consumerProtocolSubscriptionTopicPartition = {
  name: 'TopicPartition',
  fields: [
    { name: 'topic', type: 'string', versions: '1+' },
    { name: 'partitions', type: ['int32'], versions: '1+' },
  ],
} as const satisfies StructSchema;
export type ConsumerProtocolSubscriptionTopicPartition = MessageOf<
  typeof consumerProtocolSubscriptionTopicPartition
>;

export const consumerProtocolSubscription = {
  name: 'ConsumerProtocolSubscription',
  versions: [0, 3],
  fields: [
    { name: 'topics', type: ['string'] },
    { name: 'userData', type: 'bytes', nullable: '0+', default: null },
    {
      name: 'ownedPartitions',
      type: [consumerProtocolSubscriptionTopicPartition],
      versions: '1+',
      ignorable: true,
    },
    { name: 'generationId', type: 'int32', versions: '2+', default: -1, ignorable: true },
    {
      name: 'rackId',
      type: 'string',
      versions: '3+',
      nullable: '3+',
      default: null,
      ignorable: true,
    },
  ],
} as const satisfies MessageSchema;
export type ConsumerProtocolSubscription = MessageOf<typeof consumerProtocolSubscription>;

const consumerProtocolAssignmentTopicPartition = {
  name: 'TopicPartition',
  fields: [
    { name: 'topic', type: 'string' },
    { name: 'partitions', type: ['int32'] },
  ],
} as const satisfies StructSchema;
export type ConsumerProtocolAssignmentTopicPartition = MessageOf<
  typeof consumerProtocolAssignmentTopicPartition
>;

export const consumerProtocolAssignment = {
  name: 'ConsumerProtocolAssignment',
  versions: [0, 3],
  fields: [
    { name: 'assignedPartitions', type: [consumerProtocolAssignmentTopicPartition] },
    { name: 'userData', type: 'bytes', nullable: '0+', default: null },
  ],
} as const satisfies MessageSchema;
export type ConsumerProtocolAssignment = MessageOf<typeof consumerProtocolAssignment>;
