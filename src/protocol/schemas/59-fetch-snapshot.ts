import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const fetchSnapshotRequestSnapshotId = {
  name: 'SnapshotId',
  fields: [
    { name: 'endOffset', type: 'int64' },
    { name: 'epoch', type: 'int32' },
  ],
} as const satisfies StructSchema;
export type FetchSnapshotRequestSnapshotId = MessageOf<typeof fetchSnapshotRequestSnapshotId>;

const fetchSnapshotRequestPartitionSnapshot = {
  name: 'PartitionSnapshot',
  fields: [
    { name: 'partition', type: 'int32' },
    { name: 'currentLeaderEpoch', type: 'int32' },
    { name: 'snapshotId', type: fetchSnapshotRequestSnapshotId },
    { name: 'position', type: 'int64' },
    {
      name: 'replicaDirectoryId',
      type: 'uuid',
      versions: '1+',
      tag: 0,
      tagged: '1+',
      ignorable: true,
    },
  ],
} as const satisfies StructSchema;
export type FetchSnapshotRequestPartitionSnapshot = MessageOf<
  typeof fetchSnapshotRequestPartitionSnapshot
>;

const fetchSnapshotRequestTopicSnapshot = {
  name: 'TopicSnapshot',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'partitions', type: [fetchSnapshotRequestPartitionSnapshot] },
  ],
} as const satisfies StructSchema;
export type FetchSnapshotRequestTopicSnapshot = MessageOf<typeof fetchSnapshotRequestTopicSnapshot>;

export const fetchSnapshotRequest = {
  name: 'FetchSnapshotRequest',
  apiKey: 59,
  versions: [0, 1],
  flexibleSince: 0,
  fields: [
    { name: 'clusterId', type: 'string', nullable: '0+', tag: 0, tagged: '0+', default: null },
    { name: 'replicaId', type: 'int32', default: -1 },
    { name: 'maxBytes', type: 'int32', default: 2147483647 },
    { name: 'topics', type: [fetchSnapshotRequestTopicSnapshot] },
  ],
} as const satisfies MessageSchema;
export type FetchSnapshotRequest = MessageOf<typeof fetchSnapshotRequest>;

const fetchSnapshotResponseSnapshotId = {
  name: 'SnapshotId',
  fields: [
    { name: 'endOffset', type: 'int64' },
    { name: 'epoch', type: 'int32' },
  ],
} as const satisfies StructSchema;
export type FetchSnapshotResponseSnapshotId = MessageOf<typeof fetchSnapshotResponseSnapshotId>;

const leaderIdAndEpoch = {
  name: 'LeaderIdAndEpoch',
  fields: [
    { name: 'leaderId', type: 'int32' },
    { name: 'leaderEpoch', type: 'int32' },
  ],
} as const satisfies StructSchema;
export type LeaderIdAndEpoch = MessageOf<typeof leaderIdAndEpoch>;

const fetchSnapshotResponsePartitionSnapshot = {
  name: 'PartitionSnapshot',
  fields: [
    { name: 'index', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'snapshotId', type: fetchSnapshotResponseSnapshotId },
    { name: 'currentLeader', type: leaderIdAndEpoch, tag: 0, tagged: '0+' },
    { name: 'size', type: 'int64' },
    { name: 'position', type: 'int64' },
    { name: 'unalignedRecords', type: 'records' },
  ],
} as const satisfies StructSchema;
export type FetchSnapshotResponsePartitionSnapshot = MessageOf<
  typeof fetchSnapshotResponsePartitionSnapshot
>;

const fetchSnapshotResponseTopicSnapshot = {
  name: 'TopicSnapshot',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'partitions', type: [fetchSnapshotResponsePartitionSnapshot] },
  ],
} as const satisfies StructSchema;
export type FetchSnapshotResponseTopicSnapshot = MessageOf<
  typeof fetchSnapshotResponseTopicSnapshot
>;

const nodeEndpoint = {
  name: 'NodeEndpoint',
  fields: [
    { name: 'nodeId', type: 'int32', versions: '1+' },
    { name: 'host', type: 'string', versions: '1+' },
    { name: 'port', type: 'uint16', versions: '1+' },
  ],
} as const satisfies StructSchema;
export type NodeEndpoint = MessageOf<typeof nodeEndpoint>;

export const fetchSnapshotResponse = {
  name: 'FetchSnapshotResponse',
  apiKey: 59,
  versions: [0, 1],
  flexibleSince: 0,
  fields: [
    { name: 'throttleTimeMs', type: 'int32', ignorable: true },
    { name: 'errorCode', type: 'int16' },
    { name: 'topics', type: [fetchSnapshotResponseTopicSnapshot] },
    { name: 'nodeEndpoints', type: [nodeEndpoint], versions: '1+', tag: 0, tagged: '1+' },
  ],
} as const satisfies MessageSchema;
export type FetchSnapshotResponse = MessageOf<typeof fetchSnapshotResponse>;
