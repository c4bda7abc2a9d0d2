import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const txnOffsetCommitRequestPartition = {
  name: 'TxnOffsetCommitRequestPartition',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'committedOffset', type: 'int64' },
    { name: 'committedLeaderEpoch', type: 'int32', versions: '2+', default: -1, ignorable: true },
    { name: 'committedMetadata', type: 'string', nullable: '0+' },
  ],
} as const satisfies StructSchema;
export type TxnOffsetCommitRequestPartition = MessageOf<typeof txnOffsetCommitRequestPartition>;

const txnOffsetCommitRequestTopic = {
  name: 'TxnOffsetCommitRequestTopic',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'partitions', type: [txnOffsetCommitRequestPartition] },
  ],
} as const satisfies StructSchema;
export type TxnOffsetCommitRequestTopic = MessageOf<typeof txnOffsetCommitRequestTopic>;

export const txnOffsetCommitRequest = {
  name: 'TxnOffsetCommitRequest',
  apiKey: 28,
  versions: [0, 5],
  flexibleSince: 3,
  fields: [
    { name: 'transactionalId', type: 'string' },
    { name: 'groupId', type: 'string' },
    { name: 'producerId', type: 'int64' },
    { name: 'producerEpoch', type: 'int16' },
    { name: 'generationId', type: 'int32', versions: '3+', default: -1 },
    { name: 'memberId', type: 'string', versions: '3+' },
    { name: 'groupInstanceId', type: 'string', versions: '3+', nullable: '3+', default: null },
    { name: 'topics', type: [txnOffsetCommitRequestTopic] },
  ],
} as const satisfies MessageSchema;
export type TxnOffsetCommitRequest = MessageOf<typeof txnOffsetCommitRequest>;

const txnOffsetCommitResponsePartition = {
  name: 'TxnOffsetCommitResponsePartition',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
  ],
} as const satisfies StructSchema;
export type TxnOffsetCommitResponsePartition = MessageOf<typeof txnOffsetCommitResponsePartition>;

const txnOffsetCommitResponseTopic = {
  name: 'TxnOffsetCommitResponseTopic',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'partitions', type: [txnOffsetCommitResponsePartition] },
  ],
} as const satisfies StructSchema;
export type TxnOffsetCommitResponseTopic = MessageOf<typeof txnOffsetCommitResponseTopic>;

export const txnOffsetCommitResponse = {
  name: 'TxnOffsetCommitResponse',
  apiKey: 28,
  versions: [0, 5],
  flexibleSince: 3,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'topics', type: [txnOffsetCommitResponseTopic] },
  ],
} as const satisfies MessageSchema;
export type TxnOffsetCommitResponse = MessageOf<typeof txnOffsetCommitResponse>;
