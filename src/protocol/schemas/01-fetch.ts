import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const replicaState = {
  name: 'ReplicaState',
  fields: [
    { name: 'replicaId', type: 'int32', versions: '15+', default: -1 },
    { name: 'replicaEpoch', type: 'int64', versions: '15+', default: -1 },
  ],
} as const satisfies StructSchema;
export type ReplicaState = MessageOf<typeof replicaState>;

const fetchPartition = {
  name: 'FetchPartition',
  fields: [
    { name: 'partition', type: 'int32' },
    { name: 'currentLeaderEpoch', type: 'int32', versions: '9+', default: -1, ignorable: true },
    { name: 'fetchOffset', type: 'int64' },
    { name: 'lastFetchedEpoch', type: 'int32', versions: '12+', default: -1 },
    { name: 'logStartOffset', type: 'int64', versions: '5+', default: -1, ignorable: true },
    { name: 'partitionMaxBytes', type: 'int32' },
    {
      name: 'replicaDirectoryId',
      type: 'uuid',
      versions: '17+',
      tag: 0,
      tagged: '17+',
      ignorable: true,
    },
    {
      name: 'highWatermark',
      type: 'int64',
      versions: '18+',
      tag: 1,
      tagged: '18+',
      default: 9223372036854775807n,
      ignorable: true,
    },
  ],
} as const satisfies StructSchema;
export type FetchPartition = MessageOf<typeof fetchPartition>;

const fetchTopic = {
  name: 'FetchTopic',
  fields: [
    { name: 'topic', type: 'string', versions: '0-12', ignorable: true },
    { name: 'topicId', type: 'uuid', versions: '13+', ignorable: true },
    { name: 'partitions', type: [fetchPartition] },
  ],
} as const satisfies StructSchema;
export type FetchTopic = MessageOf<typeof fetchTopic>;

const forgottenTopic = {
  name: 'ForgottenTopic',
  fields: [
    { name: 'topic', type: 'string', versions: '7-12', ignorable: true },
    { name: 'topicId', type: 'uuid', versions: '13+', ignorable: true },
    { name: 'partitions', type: ['int32'], versions: '7+' },
  ],
} as const satisfies StructSchema;
export type ForgottenTopic = MessageOf<typeof forgottenTopic>;

export const fetchRequest = {
  name: 'FetchRequest',
  apiKey: 1,
  versions: [0, 18],
  flexibleSince: 12,
  fields: [
    {
      name: 'clusterId',
      type: 'string',
      versions: '12+',
      nullable: '12+',
      tag: 0,
      tagged: '12+',
      default: null,
      ignorable: true,
    },
    { name: 'replicaId', type: 'int32', versions: '0-14', default: -1 },
    { name: 'replicaState', type: replicaState, versions: '15+', tag: 1, tagged: '15+' },
    { name: 'maxWaitMs', type: 'int32' },
    { name: 'minBytes', type: 'int32' },
    { name: 'maxBytes', type: 'int32', versions: '3+', default: 2147483647, ignorable: true },
    { name: 'isolationLevel', type: 'int8', versions: '4+', ignorable: true },
    { name: 'sessionId', type: 'int32', versions: '7+', ignorable: true },
    { name: 'sessionEpoch', type: 'int32', versions: '7+', default: -1, ignorable: true },
    { name: 'topics', type: [fetchTopic] },
    { name: 'forgottenTopicsData', type: [forgottenTopic], versions: '7+' },
    { name: 'rackId', type: 'string', versions: '11+', ignorable: true },
  ],
} as const satisfies MessageSchema;
export type FetchRequest = MessageOf<typeof fetchRequest>;

const epochEndOffset = {
  name: 'EpochEndOffset',
  fields: [
    { name: 'epoch', type: 'int32', versions: '12+', default: -1 },
    { name: 'endOffset', type: 'int64', versions: '12+', default: -1 },
  ],
} as const satisfies StructSchema;
export type EpochEndOffset = MessageOf<typeof epochEndOffset>;

const leaderIdAndEpoch = {
  name: 'LeaderIdAndEpoch',
  fields: [
    { name: 'leaderId', type: 'int32', versions: '12+', default: -1 },
    { name: 'leaderEpoch', type: 'int32', versions: '12+', default: -1 },
  ],
} as const satisfies StructSchema;
export type LeaderIdAndEpoch = MessageOf<typeof leaderIdAndEpoch>;

const snapshotId = {
  name: 'SnapshotId',
  fields: [
    { name: 'endOffset', type: 'int64', default: -1 },
    { name: 'epoch', type: 'int32', default: -1 },
  ],
} as const satisfies StructSchema;
export type SnapshotId = MessageOf<typeof snapshotId>;

const abortedTransaction = {
  name: 'AbortedTransaction',
  fields: [
    { name: 'producerId', type: 'int64', versions: '4+' },
    { name: 'firstOffset', type: 'int64', versions: '4+' },
  ],
} as const satisfies StructSchema;
export type AbortedTransaction = MessageOf<typeof abortedTransaction>;

const partitionData = {
  name: 'PartitionData',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'highWatermark', type: 'int64' },
    { name: 'lastStableOffset', type: 'int64', versions: '4+', default: -1, ignorable: true },
    { name: 'logStartOffset', type: 'int64', versions: '5+', default: -1, ignorable: true },
    { name: 'divergingEpoch', type: epochEndOffset, versions: '12+', tag: 0, tagged: '12+' },
    { name: 'currentLeader', type: leaderIdAndEpoch, versions: '12+', tag: 1, tagged: '12+' },
    { name: 'snapshotId', type: snapshotId, versions: '12+', tag: 2, tagged: '12+' },
    {
      name: 'abortedTransactions',
      type: [abortedTransaction],
      versions: '4+',
      nullable: '4+',
      ignorable: true,
    },
    { name: 'preferredReadReplica', type: 'int32', versions: '11+', default: -1 },
    { name: 'records', type: 'records', nullable: '0+' },
  ],
} as const satisfies StructSchema;
export type PartitionData = MessageOf<typeof partitionData>;

const fetchableTopicResponse = {
  name: 'FetchableTopicResponse',
  fields: [
    { name: 'topic', type: 'string', versions: '0-12', ignorable: true },
    { name: 'topicId', type: 'uuid', versions: '13+', ignorable: true },
    { name: 'partitions', type: [partitionData] },
  ],
} as const satisfies StructSchema;
export type FetchableTopicResponse = MessageOf<typeof fetchableTopicResponse>;

const nodeEndpoint = {
  name: 'NodeEndpoint',
  fields: [
    { name: 'nodeId', type: 'int32', versions: '16+' },
    { name: 'host', type: 'string', versions: '16+' },
    { name: 'port', type: 'int32', versions: '16+' },
    { name: 'rack', type: 'string', versions: '16+', nullable: '16+', default: null },
  ],
} as const satisfies StructSchema;
export type NodeEndpoint = MessageOf<typeof nodeEndpoint>;

export const fetchResponse = {
  name: 'FetchResponse',
  apiKey: 1,
  versions: [0, 18],
  flexibleSince: 12,
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '1+', ignorable: true },
    { name: 'errorCode', type: 'int16', versions: '7+', ignorable: true },
    { name: 'sessionId', type: 'int32', versions: '7+' },
    { name: 'responses', type: [fetchableTopicResponse] },
    { name: 'nodeEndpoints', type: [nodeEndpoint], versions: '16+', tag: 0, tagged: '16+' },
  ],
} as const satisfies MessageSchema;
export type FetchResponse = MessageOf<typeof fetchResponse>;
