import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const offsetCommitRequestPartition = {
  name: 'OffsetCommitRequestPartition',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'committedOffset', type: 'int64' },
    { name: 'committedLeaderEpoch', type: 'int32', versions: '6+', default: -1, ignorable: true },
    { name: 'commitTimestamp', type: 'int64', versions: '1', default: -1 },
    { name: 'committedMetadata', type: 'string', nullable: '0+' },
  ],
} as const satisfies StructSchema;
export type OffsetCommitRequestPartition = MessageOf<typeof offsetCommitRequestPartition>;

const offsetCommitRequestTopic = {
  name: 'OffsetCommitRequestTopic',
  fields: [
    { name: 'name', type: 'string', versions: '0-9', ignorable: true },
    { name: 'topicId', type: 'uuid', versions: '10+', ignorable: true },
    { name: 'partitions', type: [offsetCommitRequestPartition] },
  ],
} as const satisfies StructSchema;
export type OffsetCommitRequestTopic = MessageOf<typeof offsetCommitRequestTopic>;

export const offsetCommitRequest = {
  name: 'OffsetCommitRequest',
  apiKey: 8,
  versions: [0, 10],
  flexibleSince: 8,
  fields: [
    { name: 'groupId', type: 'string' },
    {
      name: 'generationIdOrMemberEpoch',
      type: 'int32',
      versions: '1+',
      default: -1,
      ignorable: true,
    },
    { name: 'memberId', type: 'string', versions: '1+', ignorable: true },
    { name: 'groupInstanceId', type: 'string', versions: '7+', nullable: '7+', default: null },
    { name: 'retentionTimeMs', type: 'int64', versions: '2-4', default: -1, ignorable: true },
    { name: 'topics', type: [offsetCommitRequestTopic] },
  ],
} as const satisfies MessageSchema;
export type OffsetCommitRequest = MessageOf<typeof offsetCommitRequest>;

const offsetCommitResponsePartition = {
  name: 'OffsetCommitResponsePartition',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
  ],
} as const satisfies StructSchema;
export type OffsetCommitResponsePartition = MessageOf<typeof offsetCommitResponsePartition>;

const offsetCommitResponseTopic = {
  name: 'OffsetCommitResponseTopic',
  fields: [
    { name: 'name', type: 'string', versions: '0-9', ignorable: true },
    { name: 'topicId', type: 'uuid', versions: '10+', ignorable: true },
    { name: 'partitions', type: [offsetCommitResponsePartition] },
  ],
} as const satisfies StructSchema;
export type OffsetCommitResponseTopic = MessageOf<typeof offsetCommitResponseTopic>;

export const offsetCommitResponse = {
  name: 'OffsetCommitResponse',
  apiKey: 8,
  versions: [0, 10],
  flexibleSince: 8,
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '3+', ignorable: true },
    { name: 'topics', type: [offsetCommitResponseTopic] },
  ],
} as const satisfies MessageSchema;
export type OffsetCommitResponse = MessageOf<typeof offsetCommitResponse>;
