import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const creatableReplicaAssignment = {
  name: 'CreatableReplicaAssignment',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'brokerIds', type: ['int32'] },
  ],
} as const satisfies StructSchema;
export type CreatableReplicaAssignment = MessageOf<typeof creatableReplicaAssignment>;

const creatableTopicConfig = {
  name: 'CreatableTopicConfig',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'value', type: 'string', nullable: '0+' },
  ],
} as const satisfies StructSchema;
export type CreatableTopicConfig = MessageOf<typeof creatableTopicConfig>;

const creatableTopic = {
  name: 'CreatableTopic',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'numPartitions', type: 'int32' },
    { name: 'replicationFactor', type: 'int16' },
    { name: 'assignments', type: [creatableReplicaAssignment] },
    { name: 'configs', type: [creatableTopicConfig] },
  ],
} as const satisfies StructSchema;
export type CreatableTopic = MessageOf<typeof creatableTopic>;

export const createTopicsRequest = {
  name: 'CreateTopicsRequest',
  apiKey: 19,
  versions: [0, 7],
  flexibleSince: 5,
  fields: [
    { name: 'topics', type: [creatableTopic] },
    { name: 'timeoutMs', type: 'int32', default: 60000 },
    { name: 'validateOnly', type: 'bool', versions: '1+' },
  ],
} as const satisfies MessageSchema;
export type CreateTopicsRequest = MessageOf<typeof createTopicsRequest>;

const creatableTopicConfigs = {
  name: 'CreatableTopicConfigs',
  fields: [
    { name: 'name', type: 'string', versions: '5+' },
    { name: 'value', type: 'string', versions: '5+', nullable: '5+' },
    { name: 'readOnly', type: 'bool', versions: '5+' },
    { name: 'configSource', type: 'int8', versions: '5+', default: -1, ignorable: true },
    { name: 'isSensitive', type: 'bool', versions: '5+' },
  ],
} as const satisfies StructSchema;
export type CreatableTopicConfigs = MessageOf<typeof creatableTopicConfigs>;

const creatableTopicResult = {
  name: 'CreatableTopicResult',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'topicId', type: 'uuid', versions: '7+', ignorable: true },
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', versions: '1+', nullable: '0+', ignorable: true },
    {
      name: 'topicConfigErrorCode',
      type: 'int16',
      versions: '5+',
      tag: 0,
      tagged: '5+',
      ignorable: true,
    },
    { name: 'numPartitions', type: 'int32', versions: '5+', default: -1, ignorable: true },
    { name: 'replicationFactor', type: 'int16', versions: '5+', default: -1, ignorable: true },
    {
      name: 'configs',
      type: [creatableTopicConfigs],
      versions: '5+',
      nullable: '5+',
      ignorable: true,
    },
  ],
} as const satisfies StructSchema;
export type CreatableTopicResult = MessageOf<typeof creatableTopicResult>;

export const createTopicsResponse = {
  name: 'CreateTopicsResponse',
  apiKey: 19,
  versions: [0, 7],
  flexibleSince: 5,
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '2+', ignorable: true },
    { name: 'topics', type: [creatableTopicResult] },
  ],
} as const satisfies MessageSchema;
export type CreateTopicsResponse = MessageOf<typeof createTopicsResponse>;
