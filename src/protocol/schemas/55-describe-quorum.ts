import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const describeQuorumRequestPartitionData = {
  name: 'PartitionData',
  fields: [{ name: 'partitionIndex', type: 'int32' }],
} as const satisfies StructSchema;
export type DescribeQuorumRequestPartitionData = MessageOf<
  typeof describeQuorumRequestPartitionData
>;

const describeQuorumRequestTopicData = {
  name: 'TopicData',
  fields: [
    { name: 'topicName', type: 'string' },
    { name: 'partitions', type: [describeQuorumRequestPartitionData] },
  ],
} as const satisfies StructSchema;
export type DescribeQuorumRequestTopicData = MessageOf<typeof describeQuorumRequestTopicData>;

export const describeQuorumRequest = {
  name: 'DescribeQuorumRequest',
  apiKey: 55,
  versions: [0, 2],
  flexibleSince: 0,
  fields: [{ name: 'topics', type: [describeQuorumRequestTopicData] }],
} as const satisfies MessageSchema;
export type DescribeQuorumRequest = MessageOf<typeof describeQuorumRequest>;

const replicaState = {
  name: 'ReplicaState',
  fields: [
    { name: 'replicaId', type: 'int32' },
    { name: 'replicaDirectoryId', type: 'uuid', versions: '2+' },
    { name: 'logEndOffset', type: 'int64' },
    { name: 'lastFetchTimestamp', type: 'int64', versions: '1+', default: -1, ignorable: true },
    { name: 'lastCaughtUpTimestamp', type: 'int64', versions: '1+', default: -1, ignorable: true },
  ],
} as const satisfies StructSchema;
export type ReplicaState = MessageOf<typeof replicaState>;

const describeQuorumResponsePartitionData = {
  name: 'PartitionData',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', versions: '2+', nullable: '2+', ignorable: true },
    { name: 'leaderId', type: 'int32' },
    { name: 'leaderEpoch', type: 'int32' },
    { name: 'highWatermark', type: 'int64' },
    { name: 'currentVoters', type: [replicaState] },
    { name: 'observers', type: [replicaState] },
  ],
} as const satisfies StructSchema;
export type DescribeQuorumResponsePartitionData = MessageOf<
  typeof describeQuorumResponsePartitionData
>;

const describeQuorumResponseTopicData = {
  name: 'TopicData',
  fields: [
    { name: 'topicName', type: 'string' },
    { name: 'partitions', type: [describeQuorumResponsePartitionData] },
  ],
} as const satisfies StructSchema;
export type DescribeQuorumResponseTopicData = MessageOf<typeof describeQuorumResponseTopicData>;

const listener = {
  name: 'Listener',
  fields: [
    { name: 'name', type: 'string', versions: '2+' },
    { name: 'host', type: 'string', versions: '2+' },
    { name: 'port', type: 'uint16', versions: '2+' },
  ],
} as const satisfies StructSchema;
export type Listener = MessageOf<typeof listener>;

const node = {
  name: 'Node',
  fields: [
    { name: 'nodeId', type: 'int32', versions: '2+' },
    { name: 'listeners', type: [listener], versions: '2+' },
  ],
} as const satisfies StructSchema;
export type Node = MessageOf<typeof node>;

export const describeQuorumResponse = {
  name: 'DescribeQuorumResponse',
  apiKey: 55,
  versions: [0, 2],
  flexibleSince: 0,
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', versions: '2+', nullable: '2+', ignorable: true },
    { name: 'topics', type: [describeQuorumResponseTopicData] },
    { name: 'nodes', type: [node], versions: '2+' },
  ],
} as const satisfies MessageSchema;
export type DescribeQuorumResponse = MessageOf<typeof describeQuorumResponse>;
