import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

export const describeTransactionsRequest = {
  name: 'DescribeTransactionsRequest',
  apiKey: 65,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [{ name: 'transactionalIds', type: ['string'] }],
} as const satisfies MessageSchema;
export type DescribeTransactionsRequest = MessageOf<typeof describeTransactionsRequest>;

const topicData = {
  name: 'TopicData',
  fields: [
    { name: 'topic', type: 'string' },
    { name: 'partitions', type: ['int32'] },
  ],
} as const satisfies StructSchema;
export type TopicData = MessageOf<typeof topicData>;

const transactionState = {
  name: 'TransactionState',
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'transactionalId', type: 'string' },
    { name: 'transactionState', type: 'string' },
    { name: 'transactionTimeoutMs', type: 'int32' },
    { name: 'transactionStartTimeMs', type: 'int64' },
    { name: 'producerId', type: 'int64' },
    { name: 'producerEpoch', type: 'int16' },
    { name: 'topics', type: [topicData] },
  ],
} as const satisfies StructSchema;
export type TransactionState = MessageOf<typeof transactionState>;

export const describeTransactionsResponse = {
  name: 'DescribeTransactionsResponse',
  apiKey: 65,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'transactionStates', type: [transactionState] },
  ],
} as const satisfies MessageSchema;
export type DescribeTransactionsResponse = MessageOf<typeof describeTransactionsResponse>;
