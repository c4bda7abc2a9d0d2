import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const leaderAndIsrPartitionState = {
  name: 'LeaderAndIsrPartitionState',
  fields: [
    { name: 'topicName', type: 'string', versions: '0-1', ignorable: true },
    { name: 'partitionIndex', type: 'int32' },
    { name: 'controllerEpoch', type: 'int32' },
    { name: 'leader', type: 'int32' },
    { name: 'leaderEpoch', type: 'int32' },
    { name: 'isr', type: ['int32'] },
    { name: 'partitionEpoch', type: 'int32' },
    { name: 'replicas', type: ['int32'] },
    { name: 'addingReplicas', type: ['int32'], versions: '3+', ignorable: true },
    { name: 'removingReplicas', type: ['int32'], versions: '3+', ignorable: true },
    { name: 'isNew', type: 'bool', versions: '1+', ignorable: true },
    { name: 'leaderRecoveryState', type: 'int8', versions: '6+' },
  ],
} as const satisfies StructSchema;
export type LeaderAndIsrPartitionState = MessageOf<typeof leaderAndIsrPartitionState>;

const leaderAndIsrTopicState = {
  name: 'LeaderAndIsrTopicState',
  fields: [
    { name: 'topicName', type: 'string', versions: '2+' },
    { name: 'topicId', type: 'uuid', versions: '5+', ignorable: true },
    { name: 'partitionStates', type: [leaderAndIsrPartitionState], versions: '2+' },
  ],
} as const satisfies StructSchema;
export type LeaderAndIsrTopicState = MessageOf<typeof leaderAndIsrTopicState>;

const leaderAndIsrLiveLeader = {
  name: 'LeaderAndIsrLiveLeader',
  fields: [
    { name: 'brokerId', type: 'int32' },
    { name: 'hostName', type: 'string' },
    { name: 'port', type: 'int32' },
  ],
} as const satisfies StructSchema;
export type LeaderAndIsrLiveLeader = MessageOf<typeof leaderAndIsrLiveLeader>;

export const leaderAndIsrRequest = {
  name: 'LeaderAndIsrRequest',
  apiKey: 4,
  versions: [0, 7],
  flexibleSince: 4,
  fields: [
    { name: 'controllerId', type: 'int32' },
    { name: 'isKRaftController', type: 'bool', versions: '7+' },
    { name: 'controllerEpoch', type: 'int32' },
    { name: 'brokerEpoch', type: 'int64', versions: '2+', default: -1, ignorable: true },
    { name: 'type', type: 'int8', versions: '5+' },
    { name: 'ungroupedPartitionStates', type: [leaderAndIsrPartitionState], versions: '0-1' },
    { name: 'topicStates', type: [leaderAndIsrTopicState], versions: '2+' },
    { name: 'liveLeaders', type: [leaderAndIsrLiveLeader] },
  ],
} as const satisfies MessageSchema;
export type LeaderAndIsrRequest = MessageOf<typeof leaderAndIsrRequest>;

const leaderAndIsrPartitionError = {
  name: 'LeaderAndIsrPartitionError',
  fields: [
    { name: 'topicName', type: 'string', versions: '0-4', ignorable: true },
    { name: 'partitionIndex', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
  ],
} as const satisfies StructSchema;
export type LeaderAndIsrPartitionError = MessageOf<typeof leaderAndIsrPartitionError>;

const leaderAndIsrTopicError = {
  name: 'LeaderAndIsrTopicError',
  fields: [
    { name: 'topicId', type: 'uuid', versions: '5+' },
    { name: 'partitionErrors', type: [leaderAndIsrPartitionError], versions: '5+' },
  ],
} as const satisfies StructSchema;
export type LeaderAndIsrTopicError = MessageOf<typeof leaderAndIsrTopicError>;

export const leaderAndIsrResponse = {
  name: 'LeaderAndIsrResponse',
  apiKey: 4,
  versions: [0, 7],
  flexibleSince: 4,
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'partitionErrors', type: [leaderAndIsrPartitionError], versions: '0-4' },
    { name: 'topics', type: [leaderAndIsrTopicError], versions: '5+' },
  ],
} as const satisfies MessageSchema;
export type LeaderAndIsrResponse = MessageOf<typeof leaderAndIsrResponse>;
