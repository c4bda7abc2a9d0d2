import type { MessageOf, MessageSchema, StructSchema } from '../../schema.ts';

export const transactionLogKey = {
  name: 'TransactionLogKey',
  versions: [0, 0],
  fields: [{ name: 'transactionalId', type: 'string' }],
} as const satisfies MessageSchema;
export type TransactionLogKey = MessageOf<typeof transactionLogKey>;

const partitionsSchema = {
  name: 'PartitionsSchema',
  fields: [
    { name: 'topic', type: 'string' },
    { name: 'partitionIds', type: ['int32'] },
  ],
} as const satisfies StructSchema;
export type PartitionsSchema = MessageOf<typeof partitionsSchema>;

export const transactionLogValue = {
  name: 'TransactionLogValue',
  versions: [0, 1],
  flexibleSince: 1,
  fields: [
    { name: 'producerId', type: 'int64' },
    {
      name: 'previousProducerId',
      type: 'int64',
      versions: '1+',
      tag: 0,
      tagged: '1+',
      default: -1,
    },
    { name: 'nextProducerId', type: 'int64', versions: '1+', tag: 1, tagged: '1+', default: -1 },
    { name: 'producerEpoch', type: 'int16' },
    { name: 'transactionTimeoutMs', type: 'int32' },
    { name: 'transactionStatus', type: 'int8' },
    { name: 'transactionPartitions', type: [partitionsSchema], nullable: '0+' },
    { name: 'transactionLastUpdateTimestampMs', type: 'int64' },
    { name: 'transactionStartTimestampMs', type: 'int64' },
    { name: 'clientTransactionVersion', type: 'int16', versions: '1+', tag: 2, tagged: '1+' },
  ],
} as const satisfies MessageSchema;
export type TransactionLogValue = MessageOf<typeof transactionLogValue>;
