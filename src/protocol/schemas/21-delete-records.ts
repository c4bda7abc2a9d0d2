import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const deleteRecordsPartition = {
  name: 'DeleteRecordsPartition',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'offset', type: 'int64' },
  ],
} as const satisfies StructSchema;
export type DeleteRecordsPartition = MessageOf<typeof deleteRecordsPartition>;

const deleteRecordsTopic = {
  name: 'DeleteRecordsTopic',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'partitions', type: [deleteRecordsPartition] },
  ],
} as const satisfies StructSchema;
export type DeleteRecordsTopic = MessageOf<typeof deleteRecordsTopic>;

export const deleteRecordsRequest = {
  name: 'DeleteRecordsRequest',
  apiKey: 21,
  versions: [0, 2],
  flexibleSince: 2,
  fields: [
    { name: 'topics', type: [deleteRecordsTopic] },
    { name: 'timeoutMs', type: 'int32' },
  ],
} as const satisfies MessageSchema;
export type DeleteRecordsRequest = MessageOf<typeof deleteRecordsRequest>;

const deleteRecordsPartitionResult = {
  name: 'DeleteRecordsPartitionResult',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'lowWatermark', type: 'int64' },
    { name: 'errorCode', type: 'int16' },
  ],
} as const satisfies StructSchema;
export type DeleteRecordsPartitionResult = MessageOf<typeof deleteRecordsPartitionResult>;

const deleteRecordsTopicResult = {
  name: 'DeleteRecordsTopicResult',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'partitions', type: [deleteRecordsPartitionResult] },
  ],
} as const satisfies StructSchema;
export type DeleteRecordsTopicResult = MessageOf<typeof deleteRecordsTopicResult>;

export const deleteRecordsResponse = {
  name: 'DeleteRecordsResponse',
  apiKey: 21,
  versions: [0, 2],
  flexibleSince: 2,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'topics', type: [deleteRecordsTopicResult] },
  ],
} as const satisfies MessageSchema;
export type DeleteRecordsResponse = MessageOf<typeof deleteRecordsResponse>;
