import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const metadataRequestTopic = {
  name: 'MetadataRequestTopic',
  fields: [
    { name: 'topicId', type: 'uuid', versions: '10+', ignorable: true },
    { name: 'name', type: 'string', nullable: '10+' },
  ],
} as const satisfies StructSchema;
export type MetadataRequestTopic = MessageOf<typeof metadataRequestTopic>;

export const metadataRequest = {
  name: 'MetadataRequest',
  apiKey: 3,
  versions: [0, 13],
  flexibleSince: 9,
  fields: [
    { name: 'topics', type: [metadataRequestTopic], nullable: '1+' },
    { name: 'allowAutoTopicCreation', type: 'bool', versions: '4+', default: true },
    { name: 'includeClusterAuthorizedOperations', type: 'bool', versions: '8-10' },
    { name: 'includeTopicAuthorizedOperations', type: 'bool', versions: '8+' },
  ],
} as const satisfies MessageSchema;
export type MetadataRequest = MessageOf<typeof metadataRequest>;

const metadataResponseBroker = {
  name: 'MetadataResponseBroker',
  fields: [
    { name: 'nodeId', type: 'int32' },
    { name: 'host', type: 'string' },
    { name: 'port', type: 'int32' },
    {
      name: 'rack',
      type: 'string',
      versions: '1+',
      nullable: '1+',
      default: null,
      ignorable: true,
    },
  ],
} as const satisfies StructSchema;
export type MetadataResponseBroker = MessageOf<typeof metadataResponseBroker>;

const metadataResponsePartition = {
  name: 'MetadataResponsePartition',
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'partitionIndex', type: 'int32' },
    { name: 'leaderId', type: 'int32' },
    { name: 'leaderEpoch', type: 'int32', versions: '7+', default: -1, ignorable: true },
    { name: 'replicaNodes', type: ['int32'] },
    { name: 'isrNodes', type: ['int32'] },
    { name: 'offlineReplicas', type: ['int32'], versions: '5+', ignorable: true },
  ],
} as const satisfies StructSchema;
export type MetadataResponsePartition = MessageOf<typeof metadataResponsePartition>;

const metadataResponseTopic = {
  name: 'MetadataResponseTopic',
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'name', type: 'string', nullable: '12+' },
    { name: 'topicId', type: 'uuid', versions: '10+', ignorable: true },
    { name: 'isInternal', type: 'bool', versions: '1+', ignorable: true },
    { name: 'partitions', type: [metadataResponsePartition] },
    { name: 'topicAuthorizedOperations', type: 'int32', versions: '8+', default: -2147483648 },
  ],
} as const satisfies StructSchema;
export type MetadataResponseTopic = MessageOf<typeof metadataResponseTopic>;

export const metadataResponse = {
  name: 'MetadataResponse',
  apiKey: 3,
  versions: [0, 13],
  flexibleSince: 9,
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '3+', ignorable: true },
    { name: 'brokers', type: [metadataResponseBroker] },
    {
      name: 'clusterId',
      type: 'string',
      versions: '2+',
      nullable: '2+',
      default: null,
      ignorable: true,
    },
    { name: 'controllerId', type: 'int32', versions: '1+', default: -1, ignorable: true },
    { name: 'topics', type: [metadataResponseTopic] },
    { name: 'clusterAuthorizedOperations', type: 'int32', versions: '8-10', default: -2147483648 },
    { name: 'errorCode', type: 'int16', versions: '13+', ignorable: true },
  ],
} as const satisfies MessageSchema;
export type MetadataResponse = MessageOf<typeof metadataResponse>;
