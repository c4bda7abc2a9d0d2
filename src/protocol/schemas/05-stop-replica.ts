import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const stopReplicaPartitionV0 = {
  name: 'StopReplicaPartitionV0',
  fields: [
    { name: 'topicName', type: 'string', versions: '0' },
    { name: 'partitionIndex', type: 'int32', versions: '0' },
  ],
} as const satisfies StructSchema;
export type StopReplicaPartitionV0 = MessageOf<typeof stopReplicaPartitionV0>;

const stopReplicaTopicV1 = {
  name: 'StopReplicaTopicV1',
  fields: [
    { name: 'name', type: 'string', versions: '1-2' },
    { name: 'partitionIndexes', type: ['int32'], versions: '1-2' },
  ],
} as const satisfies StructSchema;
export type StopReplicaTopicV1 = MessageOf<typeof stopReplicaTopicV1>;

const stopReplicaPartitionState = {
  name: 'StopReplicaPartitionState',
  fields: [
    { name: 'partitionIndex', type: 'int32', versions: '3+' },
    { name: 'leaderEpoch', type: 'int32', versions: '3+', default: -1 },
    { name: 'deletePartition', type: 'bool', versions: '3+' },
  ],
} as const satisfies StructSchema;
export type StopReplicaPartitionState = MessageOf<typeof stopReplicaPartitionState>;

const stopReplicaTopicState = {
  name: 'StopReplicaTopicState',
  fields: [
    { name: 'topicName', type: 'string', versions: '3+' },
    { name: 'partitionStates', type: [stopReplicaPartitionState], versions: '3+' },
  ],
} as const satisfies StructSchema;
export type StopReplicaTopicState = MessageOf<typeof stopReplicaTopicState>;

export const stopReplicaRequest = {
  name: 'StopReplicaRequest',
  apiKey: 5,
  versions: [0, 4],
  flexibleSince: 2,
  fields: [
    { name: 'controllerId', type: 'int32' },
    { name: 'isKRaftController', type: 'bool', versions: '4+' },
    { name: 'controllerEpoch', type: 'int32' },
    { name: 'brokerEpoch', type: 'int64', versions: '1+', default: -1, ignorable: true },
    { name: 'deletePartitions', type: 'bool', versions: '0-2' },
    { name: 'ungroupedPartitions', type: [stopReplicaPartitionV0], versions: '0' },
    { name: 'topics', type: [stopReplicaTopicV1], versions: '1-2' },
    { name: 'topicStates', type: [stopReplicaTopicState], versions: '3+' },
  ],
} as const satisfies MessageSchema;
export type StopReplicaRequest = MessageOf<typeof stopReplicaRequest>;

const stopReplicaPartitionError = {
  name: 'StopReplicaPartitionError',
  fields: [
    { name: 'topicName', type: 'string' },
    { name: 'partitionIndex', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
  ],
} as const satisfies StructSchema;
export type StopReplicaPartitionError = MessageOf<typeof stopReplicaPartitionError>;

export const stopReplicaResponse = {
  name: 'StopReplicaResponse',
  apiKey: 5,
  versions: [0, 4],
  flexibleSince: 2,
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'partitionErrors', type: [stopReplicaPartitionError] },
  ],
} as const satisfies MessageSchema;
export type StopReplicaResponse = MessageOf<typeof stopReplicaResponse>;
