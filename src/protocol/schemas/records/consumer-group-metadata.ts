import type { MessageOf, MessageSchema } from '../../schema.ts';

export const consumerGroupMetadataKey = {
  name: 'ConsumerGroupMetadataKey',
  versions: [3, 3],
  fields: [{ name: 'groupId', type: 'string' }],
} as const satisfies MessageSchema;
export type ConsumerGroupMetadataKey = MessageOf<typeof consumerGroupMetadataKey>;

export const consumerGroupMetadataValue = {
  name: 'ConsumerGroupMetadataValue',
  versions: [0, 0],
  flexibleSince: 0,
  fields: [{ name: 'epoch', type: 'int32' }],
} as const satisfies MessageSchema;
export type ConsumerGroupMetadataValue = MessageOf<typeof consumerGroupMetadataValue>;
