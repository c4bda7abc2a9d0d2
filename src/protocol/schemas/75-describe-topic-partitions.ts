import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const topicRequest = {
  name: 'TopicRequest',
  fields: [{ name: 'name', type: 'string' }],
} as const satisfies StructSchema;
export type TopicRequest = MessageOf<typeof topicRequest>;

const describeTopicPartitionsRequestCursor = {
  name: 'Cursor',
  fields: [
    { name: 'topicName', type: 'string' },
    { name: 'partitionIndex', type: 'int32' },
  ],
} as const satisfies StructSchema;
export type DescribeTopicPartitionsRequestCursor = MessageOf<
  typeof describeTopicPartitionsRequestCursor
>;

export const describeTopicPartitionsRequest = {
  name: 'DescribeTopicPartitionsRequest',
  apiKey: 75,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'topics', type: [topicRequest] },
    { name: 'responsePartitionLimit', type: 'int32', default: 2000 },
    { name: 'cursor', type: describeTopicPartitionsRequestCursor, nullable: '0+', default: null },
  ],
} as const satisfies MessageSchema;
export type DescribeTopicPartitionsRequest = MessageOf<typeof describeTopicPartitionsRequest>;

const describeTopicPartitionsResponsePartition = {
  name: 'DescribeTopicPartitionsResponsePartition',
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'partitionIndex', type: 'int32' },
    { name: 'leaderId', type: 'int32' },
    { name: 'leaderEpoch', type: 'int32', default: -1, ignorable: true },
    { name: 'replicaNodes', type: ['int32'] },
    { name: 'isrNodes', type: ['int32'] },
    { name: 'eligibleLeaderReplicas', type: ['int32'], nullable: '0+', default: null },
    { name: 'lastKnownElr', type: ['int32'], nullable: '0+', default: null },
    { name: 'offlineReplicas', type: ['int32'], ignorable: true },
  ],
} as const satisfies StructSchema;
export type DescribeTopicPartitionsResponsePartition = MessageOf<
  typeof describeTopicPartitionsResponsePartition
>;

const describeTopicPartitionsResponseTopic = {
  name: 'DescribeTopicPartitionsResponseTopic',
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'name', type: 'string', nullable: '0+' },
    { name: 'topicId', type: 'uuid', ignorable: true },
    { name: 'isInternal', type: 'bool', ignorable: true },
    { name: 'partitions', type: [describeTopicPartitionsResponsePartition] },
    { name: 'topicAuthorizedOperations', type: 'int32', default: -2147483648 },
  ],
} as const satisfies StructSchema;
export type DescribeTopicPartitionsResponseTopic = MessageOf<
  typeof describeTopicPartitionsResponseTopic
>;

const describeTopicPartitionsResponseCursor = {
  name: 'Cursor',
  fields: [
    { name: 'topicName', type: 'string' },
    { name: 'partitionIndex', type: 'int32' },
  ],
} as const satisfies StructSchema;
export type DescribeTopicPartitionsResponseCursor = MessageOf<
  typeof describeTopicPartitionsResponseCursor
>;

export const describeTopicPartitionsResponse = {
  name: 'DescribeTopicPartitionsResponse',
  apiKey: 75,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'throttleTimeMs', type: 'int32', ignorable: true },
    { name: 'topics', type: [describeTopicPartitionsResponseTopic] },
    {
      name: 'nextCursor',
      type: describeTopicPartitionsResponseCursor,
      nullable: '0+',
      default: null,
    },
  ],
} as const satisfies MessageSchema;
export type DescribeTopicPartitionsResponse = MessageOf<typeof describeTopicPartitionsResponse>;
