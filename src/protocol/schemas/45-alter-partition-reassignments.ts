import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const reassignablePartition = {
  name: 'ReassignablePartition',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'replicas', type: ['int32'], nullable: '0+', default: null },
  ],
} as const satisfies StructSchema;
export type ReassignablePartition = MessageOf<typeof reassignablePartition>;

const reassignableTopic = {
  name: 'ReassignableTopic',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'partitions', type: [reassignablePartition] },
  ],
} as const satisfies StructSchema;
export type ReassignableTopic = MessageOf<typeof reassignableTopic>;

export const alterPartitionReassignmentsRequest = {
  name: 'AlterPartitionReassignmentsRequest',
  apiKey: 45,
  versions: [0, 1],
  flexibleSince: 0,
  fields: [
    { name: 'timeoutMs', type: 'int32', default: 60000 },
    { name: 'allowReplicationFactorChange', type: 'bool', versions: '1+', default: true },
    { name: 'topics', type: [reassignableTopic] },
  ],
} as const satisfies MessageSchema;
export type AlterPartitionReassignmentsRequest = MessageOf<
  typeof alterPartitionReassignmentsRequest
>;

const reassignablePartitionResponse = {
  name: 'ReassignablePartitionResponse',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: '0+' },
  ],
} as const satisfies StructSchema;
export type ReassignablePartitionResponse = MessageOf<typeof reassignablePartitionResponse>;

const reassignableTopicResponse = {
  name: 'ReassignableTopicResponse',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'partitions', type: [reassignablePartitionResponse] },
  ],
} as const satisfies StructSchema;
export type ReassignableTopicResponse = MessageOf<typeof reassignableTopicResponse>;

export const alterPartitionReassignmentsResponse = {
  name: 'AlterPartitionReassignmentsResponse',
  apiKey: 45,
  versions: [0, 1],
  flexibleSince: 0,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    {
      name: 'allowReplicationFactorChange',
      type: 'bool',
      versions: '1+',
      default: true,
      ignorable: true,
    },
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: '0+' },
    { name: 'responses', type: [reassignableTopicResponse] },
  ],
} as const satisfies MessageSchema;
export type AlterPartitionReassignmentsResponse = MessageOf<
  typeof alterPartitionReassignmentsResponse
>;
