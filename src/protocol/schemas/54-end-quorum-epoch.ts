import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const replicaInfo = {
  name: 'ReplicaInfo',
  fields: [
    { name: 'candidateId', type: 'int32', versions: '1+' },
    { name: 'candidateDirectoryId', type: 'uuid', versions: '1+' },
  ],
} as const satisfies StructSchema;
export type ReplicaInfo = MessageOf<typeof replicaInfo>;

const endQuorumEpochRequestPartitionData = {
  name: 'PartitionData',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'leaderId', type: 'int32' },
    { name: 'leaderEpoch', type: 'int32' },
    { name: 'preferredSuccessors', type: ['int32'], versions: '0', ignorable: true },
    { name: 'preferredCandidates', type: [replicaInfo], versions: '1+', ignorable: true },
  ],
} as const satisfies StructSchema;
export type EndQuorumEpochRequestPartitionData = MessageOf<
  typeof endQuorumEpochRequestPartitionData
>;

const endQuorumEpochRequestTopicData = {
  name: 'TopicData',
  fields: [
    { name: 'topicName', type: 'string' },
    { name: 'partitions', type: [endQuorumEpochRequestPartitionData] },
  ],
} as const satisfies StructSchema;
export type EndQuorumEpochRequestTopicData = MessageOf<typeof endQuorumEpochRequestTopicData>;

const leaderEndpoint = {
  name: 'LeaderEndpoint',
  fields: [
    { name: 'name', type: 'string', versions: '1+' },
    { name: 'host', type: 'string', versions: '1+' },
    { name: 'port', type: 'uint16', versions: '1+' },
  ],
} as const satisfies StructSchema;
export type LeaderEndpoint = MessageOf<typeof leaderEndpoint>;

export const endQuorumEpochRequest = {
  name: 'EndQuorumEpochRequest',
  apiKey: 54,
  versions: [0, 1],
  flexibleSince: 1,
  fields: [
    { name: 'clusterId', type: 'string', nullable: '0+', default: null },
    { name: 'topics', type: [endQuorumEpochRequestTopicData] },
    { name: 'leaderEndpoints', type: [leaderEndpoint], versions: '1+', ignorable: true },
  ],
} as const satisfies MessageSchema;
export type EndQuorumEpochRequest = MessageOf<typeof endQuorumEpochRequest>;

const endQuorumEpochResponsePartitionData = {
  name: 'PartitionData',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'leaderId', type: 'int32' },
    { name: 'leaderEpoch', type: 'int32' },
  ],
} as const satisfies StructSchema;
export type EndQuorumEpochResponsePartitionData = MessageOf<
  typeof endQuorumEpochResponsePartitionData
>;

const endQuorumEpochResponseTopicData = {
  name: 'TopicData',
  fields: [
    { name: 'topicName', type: 'string' },
    { name: 'partitions', type: [endQuorumEpochResponsePartitionData] },
  ],
} as const satisfies StructSchema;
export type EndQuorumEpochResponseTopicData = MessageOf<typeof endQuorumEpochResponseTopicData>;

const nodeEndpoint = {
  name: 'NodeEndpoint',
  fields: [
    { name: 'nodeId', type: 'int32', versions: '1+' },
    { name: 'host', type: 'string', versions: '1+' },
    { name: 'port', type: 'uint16', versions: '1+' },
  ],
} as const satisfies StructSchema;
export type NodeEndpoint = MessageOf<typeof nodeEndpoint>;

export const endQuorumEpochResponse = {
  name: 'EndQuorumEpochResponse',
  apiKey: 54,
  versions: [0, 1],
  flexibleSince: 1,
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'topics', type: [endQuorumEpochResponseTopicData] },
    { name: 'nodeEndpoints', type: [nodeEndpoint], versions: '1+', tag: 0, tagged: '1+' },
  ],
} as const satisfies MessageSchema;
export type EndQuorumEpochResponse = MessageOf<typeof endQuorumEpochResponse>;
