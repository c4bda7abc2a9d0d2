import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const offsetDeleteRequestPartition = {
  name: 'OffsetDeleteRequestPartition',
  fields: [{ name: 'partitionIndex', type: 'int32' }],
} as const satisfies StructSchema;
export type OffsetDeleteRequestPartition = MessageOf<typeof offsetDeleteRequestPartition>;

const offsetDeleteRequestTopic = {
  name: 'OffsetDeleteRequestTopic',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'partitions', type: [offsetDeleteRequestPartition] },
  ],
} as const satisfies StructSchema;
export type OffsetDeleteRequestTopic = MessageOf<typeof offsetDeleteRequestTopic>;

export const offsetDeleteRequest = {
  name: 'OffsetDeleteRequest',
  apiKey: 47,
  versions: [0, 0],
  fields: [
    { name: 'groupId', type: 'string' },
    { name: 'topics', type: [offsetDeleteRequestTopic] },
  ],
} as const satisfies MessageSchema;
export type OffsetDeleteRequest = MessageOf<typeof offsetDeleteRequest>;

const offsetDeleteResponsePartition = {
  name: 'OffsetDeleteResponsePartition',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
  ],
} as const satisfies StructSchema;
export type OffsetDeleteResponsePartition = MessageOf<typeof offsetDeleteResponsePartition>;

const offsetDeleteResponseTopic = {
  name: 'OffsetDeleteResponseTopic',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'partitions', type: [offsetDeleteResponsePartition] },
  ],
} as const satisfies StructSchema;
export type OffsetDeleteResponseTopic = MessageOf<typeof offsetDeleteResponseTopic>;

export const offsetDeleteResponse = {
  name: 'OffsetDeleteResponse',
  apiKey: 47,
  versions: [0, 0],
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'throttleTimeMs', type: 'int32', ignorable: true },
    { name: 'topics', type: [offsetDeleteResponseTopic] },
  ],
} as const satisfies MessageSchema;
export type OffsetDeleteResponse = MessageOf<typeof offsetDeleteResponse>;
