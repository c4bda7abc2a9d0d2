import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const listOffsetsPartition = {
  name: 'ListOffsetsPartition',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'currentLeaderEpoch', type: 'int32', versions: '4+', default: -1, ignorable: true },
    { name: 'timestamp', type: 'int64' },
    { name: 'maxNumOffsets', type: 'int32', versions: '0', default: 1 },
  ],
} as const satisfies StructSchema;
export type ListOffsetsPartition = MessageOf<typeof listOffsetsPartition>;

const listOffsetsTopic = {
  name: 'ListOffsetsTopic',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'partitions', type: [listOffsetsPartition] },
  ],
} as const satisfies StructSchema;
export type ListOffsetsTopic = MessageOf<typeof listOffsetsTopic>;

export const listOffsetsRequest = {
  name: 'ListOffsetsRequest',
  apiKey: 2,
  versions: [0, 11],
  flexibleSince: 6,
  fields: [
    { name: 'replicaId', type: 'int32' },
    { name: 'isolationLevel', type: 'int8', versions: '2+' },
    { name: 'topics', type: [listOffsetsTopic] },
    { name: 'timeoutMs', type: 'int32', versions: '10+', ignorable: true },
  ],
} as const satisfies MessageSchema;
export type ListOffsetsRequest = MessageOf<typeof listOffsetsRequest>;

const listOffsetsPartitionResponse = {
  name: 'ListOffsetsPartitionResponse',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'oldStyleOffsets', type: ['int64'], versions: '0' },
    { name: 'timestamp', type: 'int64', versions: '1+', default: -1 },
    { name: 'offset', type: 'int64', versions: '1+', default: -1 },
    { name: 'leaderEpoch', type: 'int32', versions: '4+', default: -1 },
  ],
} as const satisfies StructSchema;
export type ListOffsetsPartitionResponse = MessageOf<typeof listOffsetsPartitionResponse>;

const listOffsetsTopicResponse = {
  name: 'ListOffsetsTopicResponse',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'partitions', type: [listOffsetsPartitionResponse] },
  ],
} as const satisfies StructSchema;
export type ListOffsetsTopicResponse = MessageOf<typeof listOffsetsTopicResponse>;

export const listOffsetsResponse = {
  name: 'ListOffsetsResponse',
  apiKey: 2,
  versions: [0, 11],
  flexibleSince: 6,
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '2+', ignorable: true },
    { name: 'topics', type: [listOffsetsTopicResponse] },
  ],
} as const satisfies MessageSchema;
export type ListOffsetsResponse = MessageOf<typeof listOffsetsResponse>;
