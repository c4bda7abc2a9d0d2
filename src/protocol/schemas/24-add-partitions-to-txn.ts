import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const addPartitionsToTxnTopic = {
  name: 'AddPartitionsToTxnTopic',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'partitions', type: ['int32'] },
  ],
} as const satisfies StructSchema;
export type AddPartitionsToTxnTopic = MessageOf<typeof addPartitionsToTxnTopic>;

const addPartitionsToTxnTransaction = {
  name: 'AddPartitionsToTxnTransaction',
  fields: [
    { name: 'transactionalId', type: 'string', versions: '4+' },
    { name: 'producerId', type: 'int64', versions: '4+' },
    { name: 'producerEpoch', type: 'int16', versions: '4+' },
    { name: 'verifyOnly', type: 'bool', versions: '4+' },
    { name: 'topics', type: [addPartitionsToTxnTopic], versions: '4+' },
  ],
} as const satisfies StructSchema;
export type AddPartitionsToTxnTransaction = MessageOf<typeof addPartitionsToTxnTransaction>;

export const addPartitionsToTxnRequest = {
  name: 'AddPartitionsToTxnRequest',
  apiKey: 24,
  versions: [0, 5],
  flexibleSince: 3,
  fields: [
    { name: 'transactions', type: [addPartitionsToTxnTransaction], versions: '4+' },
    { name: 'v3AndBelowTransactionalId', type: 'string', versions: '0-3' },
    { name: 'v3AndBelowProducerId', type: 'int64', versions: '0-3' },
    { name: 'v3AndBelowProducerEpoch', type: 'int16', versions: '0-3' },
    { name: 'v3AndBelowTopics', type: [addPartitionsToTxnTopic], versions: '0-3' },
  ],
} as const satisfies MessageSchema;
export type AddPartitionsToTxnRequest = MessageOf<typeof addPartitionsToTxnRequest>;

const addPartitionsToTxnPartitionResult = {
  name: 'AddPartitionsToTxnPartitionResult',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'partitionErrorCode', type: 'int16' },
  ],
} as const satisfies StructSchema;
export type AddPartitionsToTxnPartitionResult = MessageOf<typeof addPartitionsToTxnPartitionResult>;

const addPartitionsToTxnTopicResult = {
  name: 'AddPartitionsToTxnTopicResult',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'resultsByPartition', type: [addPartitionsToTxnPartitionResult] },
  ],
} as const satisfies StructSchema;
export type AddPartitionsToTxnTopicResult = MessageOf<typeof addPartitionsToTxnTopicResult>;

const addPartitionsToTxnResult = {
  name: 'AddPartitionsToTxnResult',
  fields: [
    { name: 'transactionalId', type: 'string', versions: '4+' },
    { name: 'topicResults', type: [addPartitionsToTxnTopicResult], versions: '4+' },
  ],
} as const satisfies StructSchema;
export type AddPartitionsToTxnResult = MessageOf<typeof addPartitionsToTxnResult>;

export const addPartitionsToTxnResponse = {
  name: 'AddPartitionsToTxnResponse',
  apiKey: 24,
  versions: [0, 5],
  flexibleSince: 3,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'errorCode', type: 'int16', versions: '4+', ignorable: true },
    { name: 'resultsByTransaction', type: [addPartitionsToTxnResult], versions: '4+' },
    { name: 'resultsByTopicV3AndBelow', type: [addPartitionsToTxnTopicResult], versions: '0-3' },
  ],
} as const satisfies MessageSchema;
export type AddPartitionsToTxnResponse = MessageOf<typeof addPartitionsToTxnResponse>;
