import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const brokerState = {
  name: 'BrokerState',
  fields: [
    { name: 'brokerId', type: 'int32', versions: '3+' },
    { name: 'brokerEpoch', type: 'int64', versions: '3+', default: -1 },
  ],
} as const satisfies StructSchema;
export type BrokerState = MessageOf<typeof brokerState>;

const alterPartitionRequestPartitionData = {
  name: 'PartitionData',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'leaderEpoch', type: 'int32' },
    { name: 'newIsr', type: ['int32'], versions: '0-2' },
    { name: 'newIsrWithEpochs', type: [brokerState], versions: '3+' },
    { name: 'leaderRecoveryState', type: 'int8', versions: '1+' },
    { name: 'partitionEpoch', type: 'int32' },
  ],
} as const satisfies StructSchema;
export type AlterPartitionRequestPartitionData = MessageOf<
  typeof alterPartitionRequestPartitionData
>;

const alterPartitionRequestTopicData = {
  name: 'TopicData',
  fields: [
    { name: 'topicName', type: 'string', versions: '0-1', ignorable: true },
    { name: 'topicId', type: 'uuid', versions: '2+', ignorable: true },
    { name: 'partitions', type: [alterPartitionRequestPartitionData] },
  ],
} as const satisfies StructSchema;
export type AlterPartitionRequestTopicData = MessageOf<typeof alterPartitionRequestTopicData>;

export const alterPartitionRequest = {
  name: 'AlterPartitionRequest',
  apiKey: 56,
  versions: [0, 3],
  flexibleSince: 0,
  fields: [
    { name: 'brokerId', type: 'int32' },
    { name: 'brokerEpoch', type: 'int64', default: -1 },
    { name: 'topics', type: [alterPartitionRequestTopicData] },
  ],
} as const satisfies MessageSchema;
export type AlterPartitionRequest = MessageOf<typeof alterPartitionRequest>;

const alterPartitionResponsePartitionData = {
  name: 'PartitionData',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'leaderId', type: 'int32' },
    { name: 'leaderEpoch', type: 'int32' },
    { name: 'isr', type: ['int32'] },
    { name: 'leaderRecoveryState', type: 'int8', versions: '1+', ignorable: true },
    { name: 'partitionEpoch', type: 'int32' },
  ],
} as const satisfies StructSchema;
export type AlterPartitionResponsePartitionData = MessageOf<
  typeof alterPartitionResponsePartitionData
>;

const alterPartitionResponseTopicData = {
  name: 'TopicData',
  fields: [
    { name: 'topicName', type: 'string', versions: '0-1', ignorable: true },
    { name: 'topicId', type: 'uuid', versions: '2+', ignorable: true },
    { name: 'partitions', type: [alterPartitionResponsePartitionData] },
  ],
} as const satisfies StructSchema;
export type AlterPartitionResponseTopicData = MessageOf<typeof alterPartitionResponseTopicData>;

export const alterPartitionResponse = {
  name: 'AlterPartitionResponse',
  apiKey: 56,
  versions: [0, 3],
  flexibleSince: 0,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'topics', type: [alterPartitionResponseTopicData] },
  ],
} as const satisfies MessageSchema;
export type AlterPartitionResponse = MessageOf<typeof alterPartitionResponse>;
