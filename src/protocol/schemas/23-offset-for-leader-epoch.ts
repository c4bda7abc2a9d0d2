import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const offsetForLeaderPartition = {
  name: 'OffsetForLeaderPartition',
  fields: [
    { name: 'partition', type: 'int32' },
    { name: 'currentLeaderEpoch', type: 'int32', versions: '2+', default: -1, ignorable: true },
    { name: 'leaderEpoch', type: 'int32' },
  ],
} as const satisfies StructSchema;
export type OffsetForLeaderPartition = MessageOf<typeof offsetForLeaderPartition>;

const offsetForLeaderTopic = {
  name: 'OffsetForLeaderTopic',
  fields: [
    { name: 'topic', type: 'string' },
    { name: 'partitions', type: [offsetForLeaderPartition] },
  ],
} as const satisfies StructSchema;
export type OffsetForLeaderTopic = MessageOf<typeof offsetForLeaderTopic>;

export const offsetForLeaderEpochRequest = {
  name: 'OffsetForLeaderEpochRequest',
  apiKey: 23,
  versions: [0, 4],
  flexibleSince: 4,
  fields: [
    { name: 'replicaId', type: 'int32', versions: '3+', default: -2, ignorable: true },
    { name: 'topics', type: [offsetForLeaderTopic] },
  ],
} as const satisfies MessageSchema;
export type OffsetForLeaderEpochRequest = MessageOf<typeof offsetForLeaderEpochRequest>;

const epochEndOffset = {
  name: 'EpochEndOffset',
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'partition', type: 'int32' },
    { name: 'leaderEpoch', type: 'int32', versions: '1+', default: -1, ignorable: true },
    { name: 'endOffset', type: 'int64', default: -1 },
  ],
} as const satisfies StructSchema;
export type EpochEndOffset = MessageOf<typeof epochEndOffset>;

const offsetForLeaderTopicResult = {
  name: 'OffsetForLeaderTopicResult',
  fields: [
    { name: 'topic', type: 'string' },
    { name: 'partitions', type: [epochEndOffset] },
  ],
} as const satisfies StructSchema;
export type OffsetForLeaderTopicResult = MessageOf<typeof offsetForLeaderTopicResult>;

export const offsetForLeaderEpochResponse = {
  name: 'OffsetForLeaderEpochResponse',
  apiKey: 23,
  versions: [0, 4],
  flexibleSince: 4,
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '2+', ignorable: true },
    { name: 'topics', type: [offsetForLeaderTopicResult] },
  ],
} as const satisfies MessageSchema;
export type OffsetForLeaderEpochResponse = MessageOf<typeof offsetForLeaderEpochResponse>;
