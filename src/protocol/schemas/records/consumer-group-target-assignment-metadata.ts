import type { MessageOf, MessageSchema } from '../../schema.ts';

export const consumerGroupTargetAssignmentMetadataKey = {
  name: 'ConsumerGroupTargetAssignmentMetadataKey',
  versions: [6, 6],
  fields: [{ name: 'groupId', type: 'string' }],
} as const satisfies MessageSchema;
export type ConsumerGroupTargetAssignmentMetadataKey = MessageOf<
  typeof consumerGroupTargetAssignmentMetadataKey
>;

export const consumerGroupTargetAssignmentMetadataValue = {
  name: 'ConsumerGroupTargetAssignmentMetadataValue',
  versions: [0, 0],
  flexibleSince: 0,
  fields: [{ name: 'assignmentEpoch', type: 'int32' }],
} as const satisfies MessageSchema;
export type ConsumerGroupTargetAssignmentMetadataValue = MessageOf<
  typeof consumerGroupTargetAssignmentMetadataValue
>;
