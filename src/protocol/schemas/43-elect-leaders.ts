import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const topicPartitions = {
  name: 'TopicPartitions',
  fields: [
    { name: 'topic', type: 'string' },
    { name: 'partitions', type: ['int32'] },
  ],
} as const satisfies StructSchema;
export type TopicPartitions = MessageOf<typeof topicPartitions>;

export const electLeadersRequest = {
  name: 'ElectLeadersRequest',
  apiKey: 43,
  versions: [0, 2],
  flexibleSince: 2,
  fields: [
    { name: 'electionType', type: 'int8', versions: '1+' },
    { name: 'topicPartitions', type: [topicPartitions], nullable: '0+' },
    { name: 'timeoutMs', type: 'int32', default: 60000 },
  ],
} as const satisfies MessageSchema;
export type ElectLeadersRequest = MessageOf<typeof electLeadersRequest>;

const partitionResult = {
  name: 'PartitionResult',
  fields: [
    { name: 'partitionId', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: '0+' },
  ],
} as const satisfies StructSchema;
export type PartitionResult = MessageOf<typeof partitionResult>;

const replicaElectionResult = {
  name: 'ReplicaElectionResult',
  fields: [
    { name: 'topic', type: 'string' },
    { name: 'partitionResult', type: [partitionResult] },
  ],
} as const satisfies StructSchema;
export type ReplicaElectionResult = MessageOf<typeof replicaElectionResult>;

export const electLeadersResponse = {
  name: 'ElectLeadersResponse',
  apiKey: 43,
  versions: [0, 2],
  flexibleSince: 2,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'errorCode', type: 'int16', versions: '1+' },
    { name: 'replicaElectionResults', type: [replicaElectionResult] },
  ],
} as const satisfies MessageSchema;
export type ElectLeadersResponse = MessageOf<typeof electLeadersResponse>;
