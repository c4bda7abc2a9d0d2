import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const createPartitionsAssignment = {
  name: 'CreatePartitionsAssignment',
  fields: [{ name: 'brokerIds', type: ['int32'] }],
} as const satisfies StructSchema;
export type CreatePartitionsAssignment = MessageOf<typeof createPartitionsAssignment>;

const createPartitionsTopic = {
  name: 'CreatePartitionsTopic',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'count', type: 'int32' },
    { name: 'assignments', type: [createPartitionsAssignment], nullable: '0+' },
  ],
} as const satisfies StructSchema;
export type CreatePartitionsTopic = MessageOf<typeof createPartitionsTopic>;

export const createPartitionsRequest = {
  name: 'CreatePartitionsRequest',
  apiKey: 37,
  versions: [0, 3],
  flexibleSince: 2,
  fields: [
    { name: 'topics', type: [createPartitionsTopic] },
    { name: 'timeoutMs', type: 'int32' },
    { name: 'validateOnly', type: 'bool' },
  ],
} as const satisfies MessageSchema;
export type CreatePartitionsRequest = MessageOf<typeof createPartitionsRequest>;

const createPartitionsTopicResult = {
  name: 'CreatePartitionsTopicResult',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: '0+', default: null },
  ],
} as const satisfies StructSchema;
export type CreatePartitionsTopicResult = MessageOf<typeof createPartitionsTopicResult>;

export const createPartitionsResponse = {
  name: 'CreatePartitionsResponse',
  apiKey: 37,
  versions: [0, 3],
  flexibleSince: 2,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'results', type: [createPartitionsTopicResult] },
  ],
} as const satisfies MessageSchema;
export type CreatePartitionsResponse = MessageOf<typeof createPartitionsResponse>;
