import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const listPartitionReassignmentsTopics = {
  name: 'ListPartitionReassignmentsTopics',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'partitionIndexes', type: ['int32'] },
  ],
} as const satisfies StructSchema;
export type ListPartitionReassignmentsTopics = MessageOf<typeof listPartitionReassignmentsTopics>;

export const listPartitionReassignmentsRequest = {
  name: 'ListPartitionReassignmentsRequest',
  apiKey: 46,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'timeoutMs', type: 'int32', default: 60000 },
    { name: 'topics', type: [listPartitionReassignmentsTopics], nullable: '0+', default: null },
  ],
} as const satisfies MessageSchema;
export type ListPartitionReassignmentsRequest = MessageOf<typeof listPartitionReassignmentsRequest>;

const ongoingPartitionReassignment = {
  name: 'OngoingPartitionReassignment',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'replicas', type: ['int32'] },
    { name: 'addingReplicas', type: ['int32'] },
    { name: 'removingReplicas', type: ['int32'] },
  ],
} as const satisfies StructSchema;
export type OngoingPartitionReassignment = MessageOf<typeof ongoingPartitionReassignment>;

const ongoingTopicReassignment = {
  name: 'OngoingTopicReassignment',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'partitions', type: [ongoingPartitionReassignment] },
  ],
} as const satisfies StructSchema;
export type OngoingTopicReassignment = MessageOf<typeof ongoingTopicReassignment>;

export const listPartitionReassignmentsResponse = {
  name: 'ListPartitionReassignmentsResponse',
  apiKey: 46,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: '0+' },
    { name: 'topics', type: [ongoingTopicReassignment] },
  ],
} as const satisfies MessageSchema;
export type ListPartitionReassignmentsResponse = MessageOf<
  typeof listPartitionReassignmentsResponse
>;
