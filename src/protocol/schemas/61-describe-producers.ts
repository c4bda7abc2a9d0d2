import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const topicRequest = {
  name: 'TopicRequest',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'partitionIndexes', type: ['int32'] },
  ],
} as const satisfies StructSchema;
export type TopicRequest = MessageOf<typeof topicRequest>;

export const describeProducersRequest = {
  name: 'DescribeProducersRequest',
  apiKey: 61,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [{ name: 'topics', type: [topicRequest] }],
} as const satisfies MessageSchema;
export type DescribeProducersRequest = MessageOf<typeof describeProducersRequest>;

const producerState = {
  name: 'ProducerState',
  fields: [
    { name: 'producerId', type: 'int64' },
    { name: 'producerEpoch', type: 'int32' },
    { name: 'lastSequence', type: 'int32', default: -1 },
    { name: 'lastTimestamp', type: 'int64', default: -1 },
    { name: 'coordinatorEpoch', type: 'int32' },
    { name: 'currentTxnStartOffset', type: 'int64', default: -1 },
  ],
} as const satisfies StructSchema;
export type ProducerState = MessageOf<typeof producerState>;

const partitionResponse = {
  name: 'PartitionResponse',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: '0+', default: null },
    { name: 'activeProducers', type: [producerState] },
  ],
} as const satisfies StructSchema;
export type PartitionResponse = MessageOf<typeof partitionResponse>;

const topicResponse = {
  name: 'TopicResponse',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'partitions', type: [partitionResponse] },
  ],
} as const satisfies StructSchema;
export type TopicResponse = MessageOf<typeof topicResponse>;

export const describeProducersResponse = {
  name: 'DescribeProducersResponse',
  apiKey: 61,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'topics', type: [topicResponse] },
  ],
} as const satisfies MessageSchema;
export type DescribeProducersResponse = MessageOf<typeof describeProducersResponse>;
