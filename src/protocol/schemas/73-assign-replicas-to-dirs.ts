import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const assignReplicasToDirsRequestPartitionData = {
  name: 'PartitionData',
  fields: [{ name: 'partitionIndex', type: 'int32' }],
} as const satisfies StructSchema;
export type AssignReplicasToDirsRequestPartitionData = MessageOf<
  typeof assignReplicasToDirsRequestPartitionData
>;

const assignReplicasToDirsRequestTopicData = {
  name: 'TopicData',
  fields: [
    { name: 'topicId', type: 'uuid' },
    { name: 'partitions', type: [assignReplicasToDirsRequestPartitionData] },
  ],
} as const satisfies StructSchema;
export type AssignReplicasToDirsRequestTopicData = MessageOf<
  typeof assignReplicasToDirsRequestTopicData
>;

const assignReplicasToDirsRequestDirectoryData = {
  name: 'DirectoryData',
  fields: [
    { name: 'id', type: 'uuid' },
    { name: 'topics', type: [assignReplicasToDirsRequestTopicData] },
  ],
} as const satisfies StructSchema;
export type AssignReplicasToDirsRequestDirectoryData = MessageOf<
  typeof assignReplicasToDirsRequestDirectoryData
>;

export const assignReplicasToDirsRequest = {
  name: 'AssignReplicasToDirsRequest',
  apiKey: 73,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'brokerId', type: 'int32' },
    { name: 'brokerEpoch', type: 'int64', default: -1 },
    { name: 'directories', type: [assignReplicasToDirsRequestDirectoryData] },
  ],
} as const satisfies MessageSchema;
export type AssignReplicasToDirsRequest = MessageOf<typeof assignReplicasToDirsRequest>;

const assignReplicasToDirsResponsePartitionData = {
  name: 'PartitionData',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
  ],
} as const satisfies StructSchema;
export type AssignReplicasToDirsResponsePartitionData = MessageOf<
  typeof assignReplicasToDirsResponsePartitionData
>;

const assignReplicasToDirsResponseTopicData = {
  name: 'TopicData',
  fields: [
    { name: 'topicId', type: 'uuid' },
    { name: 'partitions', type: [assignReplicasToDirsResponsePartitionData] },
  ],
} as const satisfies StructSchema;
export type AssignReplicasToDirsResponseTopicData = MessageOf<
  typeof assignReplicasToDirsResponseTopicData
>;

const assignReplicasToDirsResponseDirectoryData = {
  name: 'DirectoryData',
  fields: [
    { name: 'id', type: 'uuid' },
    { name: 'topics', type: [assignReplicasToDirsResponseTopicData] },
  ],
} as const satisfies StructSchema;
export type AssignReplicasToDirsResponseDirectoryData = MessageOf<
  typeof assignReplicasToDirsResponseDirectoryData
>;

export const assignReplicasToDirsResponse = {
  name: 'AssignReplicasToDirsResponse',
  apiKey: 73,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'directories', type: [assignReplicasToDirsResponseDirectoryData] },
  ],
} as const satisfies MessageSchema;
export type AssignReplicasToDirsResponse = MessageOf<typeof assignReplicasToDirsResponse>;
