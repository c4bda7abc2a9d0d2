import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const alterReplicaLogDirTopic = {
  name: 'AlterReplicaLogDirTopic',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'partitions', type: ['int32'] },
  ],
} as const satisfies StructSchema;
export type AlterReplicaLogDirTopic = MessageOf<typeof alterReplicaLogDirTopic>;

const alterReplicaLogDir = {
  name: 'AlterReplicaLogDir',
  fields: [
    { name: 'path', type: 'string' },
    { name: 'topics', type: [alterReplicaLogDirTopic] },
  ],
} as const satisfies StructSchema;
export type AlterReplicaLogDir = MessageOf<typeof alterReplicaLogDir>;

export const alterReplicaLogDirsRequest = {
  name: 'AlterReplicaLogDirsRequest',
  apiKey: 34,
  versions: [0, 2],
  flexibleSince: 2,
  fields: [{ name: 'dirs', type: [alterReplicaLogDir] }],
} as const satisfies MessageSchema;
export type AlterReplicaLogDirsRequest = MessageOf<typeof alterReplicaLogDirsRequest>;

const alterReplicaLogDirPartitionResult = {
  name: 'AlterReplicaLogDirPartitionResult',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
  ],
} as const satisfies StructSchema;
export type AlterReplicaLogDirPartitionResult = MessageOf<typeof alterReplicaLogDirPartitionResult>;

const alterReplicaLogDirTopicResult = {
  name: 'AlterReplicaLogDirTopicResult',
  fields: [
    { name: 'topicName', type: 'string' },
    { name: 'partitions', type: [alterReplicaLogDirPartitionResult] },
  ],
} as const satisfies StructSchema;
export type AlterReplicaLogDirTopicResult = MessageOf<typeof alterReplicaLogDirTopicResult>;

export const alterReplicaLogDirsResponse = {
  name: 'AlterReplicaLogDirsResponse',
  apiKey: 34,
  versions: [0, 2],
  flexibleSince: 2,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'results', type: [alterReplicaLogDirTopicResult] },
  ],
} as const satisfies MessageSchema;
export type AlterReplicaLogDirsResponse = MessageOf<typeof alterReplicaLogDirsResponse>;
