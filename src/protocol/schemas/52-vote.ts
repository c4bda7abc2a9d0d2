import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const voteRequestPartitionData = {
  name: 'PartitionData',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'replicaEpoch', type: 'int32', formerName: 'candidateEpoch' },
    { name: 'replicaId', type: 'int32', formerName: 'candidateId' },
    { name: 'replicaDirectoryId', type: 'uuid', versions: '1+', ignorable: true },
    { name: 'voterDirectoryId', type: 'uuid', versions: '1+', ignorable: true },
    { name: 'lastOffsetEpoch', type: 'int32' },
    { name: 'lastOffset', type: 'int64' },
    { name: 'preVote', type: 'bool', versions: '2+' },
  ],
} as const satisfies StructSchema;
export type VoteRequestPartitionData = MessageOf<typeof voteRequestPartitionData>;

const voteRequestTopicData = {
  name: 'TopicData',
  fields: [
    { name: 'topicName', type: 'string' },
    { name: 'partitions', type: [voteRequestPartitionData] },
  ],
} as const satisfies StructSchema;
export type VoteRequestTopicData = MessageOf<typeof voteRequestTopicData>;

export const voteRequest = {
  name: 'VoteRequest',
  apiKey: 52,
  versions: [0, 2],
  flexibleSince: 0,
  fields: [
    { name: 'clusterId', type: 'string', nullable: '0+', default: null },
    { name: 'voterId', type: 'int32', versions: '1+', default: -1, ignorable: true },
    { name: 'topics', type: [voteRequestTopicData] },
  ],
} as const satisfies MessageSchema;
export type VoteRequest = MessageOf<typeof voteRequest>;

const voteResponsePartitionData = {
  name: 'PartitionData',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'leaderId', type: 'int32' },
    { name: 'leaderEpoch', type: 'int32' },
    { name: 'voteGranted', type: 'bool' },
  ],
} as const satisfies StructSchema;
export type VoteResponsePartitionData = MessageOf<typeof voteResponsePartitionData>;

const voteResponseTopicData = {
  name: 'TopicData',
  fields: [
    { name: 'topicName', type: 'string' },
    { name: 'partitions', type: [voteResponsePartitionData] },
  ],
} as const satisfies StructSchema;
export type VoteResponseTopicData = MessageOf<typeof voteResponseTopicData>;

const nodeEndpoint = {
  name: 'NodeEndpoint',
  fields: [
    { name: 'nodeId', type: 'int32', versions: '1+' },
    { name: 'host', type: 'string', versions: '1+' },
    { name: 'port', type: 'uint16', versions: '1+' },
  ],
} as const satisfies StructSchema;
export type NodeEndpoint = MessageOf<typeof nodeEndpoint>;

export const voteResponse = {
  name: 'VoteResponse',
  apiKey: 52,
  versions: [0, 2],
  flexibleSince: 0,
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'topics', type: [voteResponseTopicData] },
    { name: 'nodeEndpoints', type: [nodeEndpoint], versions: '1+', tag: 0, tagged: '1+' },
  ],
} as const satisfies MessageSchema;
export type VoteResponse = MessageOf<typeof voteResponse>;
