import type { MessageOf, MessageSchema, StructSchema } from '../../schema.ts';

export const consumerGroupPartitionMetadataKey = {
  name: 'ConsumerGroupPartitionMetadataKey',
  versions: [4, 4],
  fields: [{ name: 'groupId', type: 'string' }],
} as const satisfies MessageSchema;
export type ConsumerGroupPartitionMetadataKey = MessageOf<typeof consumerGroupPartitionMetadataKey>;

const partitionMetadata = {
  name: 'PartitionMetadata',
  fields: [
    { name: 'partition', type: 'int32' },
    { name: 'racks', type: ['string'] },
  ],
} as const satisfies StructSchema;
export type PartitionMetadata = MessageOf<typeof partitionMetadata>;

const topicMetadata = {
  name: 'TopicMetadata',
  fields: [
    { name: 'topicId', type: 'uuid' },
    { name: 'topicName', type: 'string' },
    { name: 'numPartitions', type: 'int32' },
    { name: 'partitionMetadata', type: [partitionMetadata] },
  ],
} as const satisfies StructSchema;
export type TopicMetadata = MessageOf<typeof topicMetadata>;

export const consumerGroupPartitionMetadataValue = {
  name: 'ConsumerGroupPartitionMetadataValue',
  versions: [0, 0],
  flexibleSince: 0,
  fields: [{ name: 'topics', type: [topicMetadata] }],
} as const satisfies MessageSchema;
export type ConsumerGroupPartitionMetadataValue = MessageOf<
  typeof consumerGroupPartitionMetadataValue
>;
