import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const beginQuorumEpochRequestPartitionData = {
  name: 'PartitionData',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'voterDirectoryId', type: 'uuid', versions: '1+', ignorable: true },
    { name: 'leaderId', type: 'int32' },
    { name: 'leaderEpoch', type: 'int32' },
  ],
} as const satisfies StructSchema;
export type BeginQuorumEpochRequestPartitionData = MessageOf<
  typeof beginQuorumEpochRequestPartitionData
>;

const beginQuorumEpochRequestTopicData = {
  name: 'TopicData',
  fields: [
    { name: 'topicName', type: 'string' },
    { name: 'partitions', type: [beginQuorumEpochRequestPartitionData] },
  ],
} as const satisfies StructSchema;
export type BeginQuorumEpochRequestTopicData = MessageOf<typeof beginQuorumEpochRequestTopicData>;

const leaderEndpoint = {
  name: 'LeaderEndpoint',
  fields: [
    { name: 'name', type: 'string', versions: '1+' },
    { name: 'host', type: 'string', versions: '1+' },
    { name: 'port', type: 'uint16', versions: '1+' },
  ],
} as const satisfies StructSchema;
export type LeaderEndpoint = MessageOf<typeof leaderEndpoint>;

export const beginQuorumEpochRequest = {
  name: 'BeginQuorumEpochRequest',
  apiKey: 53,
  versions: [0, 1],
  flexibleSince: 1,
  fields: [
    { name: 'clusterId', type: 'string', nullable: '0+', default: null },
    { name: 'voterId', type: 'int32', versions: '1+', default: -1, ignorable: true },
    { name: 'topics', type: [beginQuorumEpochRequestTopicData] },
    { name: 'leaderEndpoints', type: [leaderEndpoint], versions: '1+', ignorable: true },
  ],
} as const satisfies MessageSchema;
export type BeginQuorumEpochRequest = MessageOf<typeof beginQuorumEpochRequest>;

const beginQuorumEpochResponsePartitionData = {
  name: 'PartitionData',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'leaderId', type: 'int32' },
    { name: 'leaderEpoch', type: 'int32' },
  ],
} as const satisfies StructSchema;
export type BeginQuorumEpochResponsePartitionData = MessageOf<
  typeof beginQuorumEpochResponsePartitionData
>;

const beginQuorumEpochResponseTopicData = {
  name: 'TopicData',
  fields: [
    { name: 'topicName', type: 'string' },
    { name: 'partitions', type: [beginQuorumEpochResponsePartitionData] },
  ],
} as const satisfies StructSchema;
export type BeginQuorumEpochResponseTopicData = MessageOf<typeof beginQuorumEpochResponseTopicData>;

const nodeEndpoint = {
  name: 'NodeEndpoint',
  fields: [
    { name: 'nodeId', type: 'int32', versions: '1+' },
    { name: 'host', type: 'string', versions: '1+' },
    { name: 'port', type: 'uint16', versions: '1+' },
  ],
} as const satisfies StructSchema;
export type NodeEndpoint = MessageOf<typeof nodeEndpoint>;

export const beginQuorumEpochResponse = {
  name: 'BeginQuorumEpochResponse',
  apiKey: 53,
  versions: [0, 1],
  flexibleSince: 1,
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'topics', type: [beginQuorumEpochResponseTopicData] },
    { name: 'nodeEndpoints', type: [nodeEndpoint], versions: '1+', tag: 0, tagged: '1+' },
  ],
} as const satisfies MessageSchema;
export type BeginQuorumEpochResponse = MessageOf<typeof beginQuorumEpochResponse>;
