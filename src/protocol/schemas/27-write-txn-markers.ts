import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const writableTxnMarkerTopic = {
  name: 'WritableTxnMarkerTopic',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'partitionIndexes', type: ['int32'] },
  ],
} as const satisfies StructSchema;
export type WritableTxnMarkerTopic = MessageOf<typeof writableTxnMarkerTopic>;

const writableTxnMarker = {
  name: 'WritableTxnMarker',
  fields: [
    { name: 'producerId', type: 'int64' },
    { name: 'producerEpoch', type: 'int16' },
    { name: 'transactionResult', type: 'bool' },
    { name: 'topics', type: [writableTxnMarkerTopic] },
    { name: 'coordinatorEpoch', type: 'int32' },
    { name: 'transactionVersion', type: 'int8', versions: '2+', ignorable: true },
  ],
} as const satisfies StructSchema;
export type WritableTxnMarker = MessageOf<typeof writableTxnMarker>;

export const writeTxnMarkersRequest = {
  name: 'WriteTxnMarkersRequest',
  apiKey: 27,
  versions: [0, 2],
  flexibleSince: 1,
  fields: [{ name: 'markers', type: [writableTxnMarker] }],
} as const satisfies MessageSchema;
export type WriteTxnMarkersRequest = MessageOf<typeof writeTxnMarkersRequest>;

const writableTxnMarkerPartitionResult = {
  name: 'WritableTxnMarkerPartitionResult',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
  ],
} as const satisfies StructSchema;
export type WritableTxnMarkerPartitionResult = MessageOf<typeof writableTxnMarkerPartitionResult>;

const writableTxnMarkerTopicResult = {
  name: 'WritableTxnMarkerTopicResult',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'partitions', type: [writableTxnMarkerPartitionResult] },
  ],
} as const satisfies StructSchema;
export type WritableTxnMarkerTopicResult = MessageOf<typeof writableTxnMarkerTopicResult>;

const writableTxnMarkerResult = {
  name: 'WritableTxnMarkerResult',
  fields: [
    { name: 'producerId', type: 'int64' },
    { name: 'topics', type: [writableTxnMarkerTopicResult] },
  ],
} as const satisfies StructSchema;
export type WritableTxnMarkerResult = MessageOf<typeof writableTxnMarkerResult>;

export const writeTxnMarkersResponse = {
  name: 'WriteTxnMarkersResponse',
  apiKey: 27,
  versions: [0, 2],
  flexibleSince: 1,
  fields: [{ name: 'markers', type: [writableTxnMarkerResult] }],
} as const satisfies MessageSchema;
export type WriteTxnMarkersResponse = MessageOf<typeof writeTxnMarkersResponse>;
