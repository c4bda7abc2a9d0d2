import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const offsetFetchRequestTopic = {
  name: 'OffsetFetchRequestTopic',
  fields: [
    { name: 'name', type: 'string', versions: '0-7' },
    { name: 'partitionIndexes', type: ['int32'], versions: '0-7' },
  ],
} as const satisfies StructSchema;
export type OffsetFetchRequestTopic = MessageOf<typeof offsetFetchRequestTopic>;

const offsetFetchRequestTopics = {
  name: 'OffsetFetchRequestTopics',
  fields: [
    { name: 'name', type: 'string', versions: '8-9', ignorable: true },
    { name: 'topicId', type: 'uuid', versions: '10+', ignorable: true },
    { name: 'partitionIndexes', type: ['int32'], versions: '8+' },
  ],
} as const satisfies StructSchema;
export type OffsetFetchRequestTopics = MessageOf<typeof offsetFetchRequestTopics>;

const offsetFetchRequestGroup = {
  name: 'OffsetFetchRequestGroup',
  fields: [
    { name: 'groupId', type: 'string', versions: '8+' },
    {
      name: 'memberId',
      type: 'string',
      versions: '9+',
      nullable: '9+',
      default: null,
      ignorable: true,
    },
    { name: 'memberEpoch', type: 'int32', versions: '9+', default: -1, ignorable: true },
    { name: 'topics', type: [offsetFetchRequestTopics], versions: '8+', nullable: '8+' },
  ],
} as const satisfies StructSchema;
export type OffsetFetchRequestGroup = MessageOf<typeof offsetFetchRequestGroup>;

export const offsetFetchRequest = {
  name: 'OffsetFetchRequest',
  apiKey: 9,
  versions: [0, 10],
  flexibleSince: 6,
  fields: [
    { name: 'groupId', type: 'string', versions: '0-7' },
    { name: 'topics', type: [offsetFetchRequestTopic], versions: '0-7', nullable: '2-7' },
    { name: 'groups', type: [offsetFetchRequestGroup], versions: '8+' },
    { name: 'requireStable', type: 'bool', versions: '7+' },
  ],
} as const satisfies MessageSchema;
export type OffsetFetchRequest = MessageOf<typeof offsetFetchRequest>;

const offsetFetchResponsePartition = {
  name: 'OffsetFetchResponsePartition',
  fields: [
    { name: 'partitionIndex', type: 'int32', versions: '0-7' },
    { name: 'committedOffset', type: 'int64', versions: '0-7' },
    { name: 'committedLeaderEpoch', type: 'int32', versions: '5-7', default: -1, ignorable: true },
    { name: 'metadata', type: 'string', versions: '0-7', nullable: '0-7' },
    { name: 'errorCode', type: 'int16', versions: '0-7' },
  ],
} as const satisfies StructSchema;
export type OffsetFetchResponsePartition = MessageOf<typeof offsetFetchResponsePartition>;

const offsetFetchResponseTopic = {
  name: 'OffsetFetchResponseTopic',
  fields: [
    { name: 'name', type: 'string', versions: '0-7' },
    { name: 'partitions', type: [offsetFetchResponsePartition], versions: '0-7' },
  ],
} as const satisfies StructSchema;
export type OffsetFetchResponseTopic = MessageOf<typeof offsetFetchResponseTopic>;

const offsetFetchResponsePartitions = {
  name: 'OffsetFetchResponsePartitions',
  fields: [
    { name: 'partitionIndex', type: 'int32', versions: '8+' },
    { name: 'committedOffset', type: 'int64', versions: '8+' },
    { name: 'committedLeaderEpoch', type: 'int32', versions: '8+', default: -1, ignorable: true },
    { name: 'metadata', type: 'string', versions: '8+', nullable: '8+' },
    { name: 'errorCode', type: 'int16', versions: '8+' },
  ],
} as const satisfies StructSchema;
export type OffsetFetchResponsePartitions = MessageOf<typeof offsetFetchResponsePartitions>;

const offsetFetchResponseTopics = {
  name: 'OffsetFetchResponseTopics',
  fields: [
    { name: 'name', type: 'string', versions: '8-9', ignorable: true },
    { name: 'topicId', type: 'uuid', versions: '10+', ignorable: true },
    { name: 'partitions', type: [offsetFetchResponsePartitions], versions: '8+' },
  ],
} as const satisfies StructSchema;
export type OffsetFetchResponseTopics = MessageOf<typeof offsetFetchResponseTopics>;

const offsetFetchResponseGroup = {
  name: 'OffsetFetchResponseGroup',
  fields: [
    { name: 'groupId', type: 'string', versions: '8+' },
    { name: 'topics', type: [offsetFetchResponseTopics], versions: '8+' },
    { name: 'errorCode', type: 'int16', versions: '8+' },
  ],
} as const satisfies StructSchema;
export type OffsetFetchResponseGroup = MessageOf<typeof offsetFetchResponseGroup>;

export const offsetFetchResponse = {
  name: 'OffsetFetchResponse',
  apiKey: 9,
  versions: [0, 10],
  flexibleSince: 6,
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '3+', ignorable: true },
    { name: 'topics', type: [offsetFetchResponseTopic], versions: '0-7' },
    { name: 'errorCode', type: 'int16', versions: '2-7', ignorable: true },
    { name: 'groups', type: [offsetFetchResponseGroup], versions: '8+' },
  ],
} as const satisfies MessageSchema;
export type OffsetFetchResponse = MessageOf<typeof offsetFetchResponse>;
