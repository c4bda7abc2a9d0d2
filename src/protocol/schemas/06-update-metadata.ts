import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const updateMetadataPartitionState = {
  name: 'UpdateMetadataPartitionState',
  fields: [
    { name: 'topicName', type: 'string', versions: '0-4', ignorable: true },
    { name: 'partitionIndex', type: 'int32' },
    { name: 'controllerEpoch', type: 'int32' },
    { name: 'leader', type: 'int32' },
    { name: 'leaderEpoch', type: 'int32' },
    { name: 'isr', type: ['int32'] },
    { name: 'zkVersion', type: 'int32' },
    { name: 'replicas', type: ['int32'] },
    { name: 'offlineReplicas', type: ['int32'], versions: '4+', ignorable: true },
  ],
} as const satisfies StructSchema;
export type UpdateMetadataPartitionState = MessageOf<typeof updateMetadataPartitionState>;

const updateMetadataTopicState = {
  name: 'UpdateMetadataTopicState',
  fields: [
    { name: 'topicName', type: 'string', versions: '5+' },
    { name: 'topicId', type: 'uuid', versions: '7+', ignorable: true },
    { name: 'partitionStates', type: [updateMetadataPartitionState], versions: '5+' },
  ],
} as const satisfies StructSchema;
export type UpdateMetadataTopicState = MessageOf<typeof updateMetadataTopicState>;

const updateMetadataEndpoint = {
  name: 'UpdateMetadataEndpoint',
  fields: [
    { name: 'port', type: 'int32', versions: '1+' },
    { name: 'host', type: 'string', versions: '1+' },
    { name: 'listener', type: 'string', versions: '3+', ignorable: true },
    { name: 'securityProtocol', type: 'int16', versions: '1+' },
  ],
} as const satisfies StructSchema;
export type UpdateMetadataEndpoint = MessageOf<typeof updateMetadataEndpoint>;

const updateMetadataBroker = {
  name: 'UpdateMetadataBroker',
  fields: [
    { name: 'id', type: 'int32' },
    { name: 'v0Host', type: 'string', versions: '0', ignorable: true },
    { name: 'v0Port', type: 'int32', versions: '0', ignorable: true },
    { name: 'endpoints', type: [updateMetadataEndpoint], versions: '1+', ignorable: true },
    { name: 'rack', type: 'string', versions: '2+', nullable: '0+', ignorable: true },
  ],
} as const satisfies StructSchema;
export type UpdateMetadataBroker = MessageOf<typeof updateMetadataBroker>;

export const updateMetadataRequest = {
  name: 'UpdateMetadataRequest',
  apiKey: 6,
  versions: [0, 8],
  flexibleSince: 6,
  fields: [
    { name: 'controllerId', type: 'int32' },
    { name: 'isKRaftController', type: 'bool', versions: '8+' },
    { name: 'type', type: 'int8', versions: '8+', tag: 0, tagged: '8+' },
    { name: 'controllerEpoch', type: 'int32' },
    { name: 'brokerEpoch', type: 'int64', versions: '5+', default: -1, ignorable: true },
    { name: 'ungroupedPartitionStates', type: [updateMetadataPartitionState], versions: '0-4' },
    { name: 'topicStates', type: [updateMetadataTopicState], versions: '5+' },
    { name: 'liveBrokers', type: [updateMetadataBroker] },
  ],
} as const satisfies MessageSchema;
export type UpdateMetadataRequest = MessageOf<typeof updateMetadataRequest>;

export const updateMetadataResponse = {
  name: 'UpdateMetadataResponse',
  apiKey: 6,
  versions: [0, 8],
  flexibleSince: 6,
  fields: [{ name: 'errorCode', type: 'int16' }],
} as const satisfies MessageSchema;
export type UpdateMetadataResponse = MessageOf<typeof updateMetadataResponse>;
