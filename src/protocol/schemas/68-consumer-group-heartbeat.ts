import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const consumerGroupHeartbeatRequestTopicPartitions = {
  name: 'TopicPartitions',
  fields: [
    { name: 'topicId', type: 'uuid' },
    { name: 'partitions', type: ['int32'] },
  ],
} as const satisfies StructSchema;
export type ConsumerGroupHeartbeatRequestTopicPartitions = MessageOf<
  typeof consumerGroupHeartbeatRequestTopicPartitions
>;

export const consumerGroupHeartbeatRequest = {
  name: 'ConsumerGroupHeartbeatRequest',
  apiKey: 68,
  versions: [0, 1],
  flexibleSince: 0,
  fields: [
    { name: 'groupId', type: 'string' },
    { name: 'memberId', type: 'string' },
    { name: 'memberEpoch', type: 'int32' },
    { name: 'instanceId', type: 'string', nullable: '0+', default: null },
    { name: 'rackId', type: 'string', nullable: '0+', default: null },
    { name: 'rebalanceTimeoutMs', type: 'int32', default: -1 },
    { name: 'subscribedTopicNames', type: ['string'], nullable: '0+', default: null },
    { name: 'subscribedTopicRegex', type: 'string', versions: '1+', nullable: '1+', default: null },
    { name: 'serverAssignor', type: 'string', nullable: '0+', default: null },
    {
      name: 'topicPartitions',
      type: [consumerGroupHeartbeatRequestTopicPartitions],
      nullable: '0+',
      default: null,
    },
  ],
} as const satisfies MessageSchema;
export type ConsumerGroupHeartbeatRequest = MessageOf<typeof consumerGroupHeartbeatRequest>;

const consumerGroupHeartbeatResponseTopicPartitions = {
  name: 'TopicPartitions',
  fields: [
    { name: 'topicId', type: 'uuid' },
    { name: 'partitions', type: ['int32'] },
  ],
} as const satisfies StructSchema;
export type ConsumerGroupHeartbeatResponseTopicPartitions = MessageOf<
  typeof consumerGroupHeartbeatResponseTopicPartitions
>;

const assignment = {
  name: 'Assignment',
  fields: [{ name: 'topicPartitions', type: [consumerGroupHeartbeatResponseTopicPartitions] }],
} as const satisfies StructSchema;
export type Assignment = MessageOf<typeof assignment>;

export const consumerGroupHeartbeatResponse = {
  name: 'ConsumerGroupHeartbeatResponse',
  apiKey: 68,
  versions: [0, 1],
  flexibleSince: 0,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: '0+', default: null },
    { name: 'memberId', type: 'string', nullable: '0+', default: null },
    { name: 'memberEpoch', type: 'int32' },
    { name: 'heartbeatIntervalMs', type: 'int32' },
    { name: 'assignment', type: assignment, nullable: '0+', default: null },
  ],
} as const satisfies MessageSchema;
export type ConsumerGroupHeartbeatResponse = MessageOf<typeof consumerGroupHeartbeatResponse>;
