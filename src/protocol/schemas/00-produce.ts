import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const partitionProduceData = {
  name: 'PartitionProduceData',
  fields: [
    { name: 'index', type: 'int32' },
    { name: 'records', type: 'records', nullable: '0+' },
  ],
} as const satisfies StructSchema;
export type PartitionProduceData = MessageOf<typeof partitionProduceData>;

const topicProduceData = {
  name: 'TopicProduceData',
  fields: [
    { name: 'name', type: 'string', versions: '0-12', ignorable: true },
    { name: 'topicId', type: 'uuid', versions: '13+', ignorable: true },
    { name: 'partitionData', type: [partitionProduceData] },
  ],
} as const satisfies StructSchema;
export type TopicProduceData = MessageOf<typeof topicProduceData>;

export const produceRequest = {
  name: 'ProduceRequest',
  apiKey: 0,
  versions: [0, 13],
  flexibleSince: 9,
  fields: [
    { name: 'transactionalId', type: 'string', versions: '3+', nullable: '3+', default: null },
    { name: 'acks', type: 'int16' },
    { name: 'timeoutMs', type: 'int32' },
    { name: 'topicData', type: [topicProduceData] },
  ],
} as const satisfies MessageSchema;
export type ProduceRequest = MessageOf<typeof produceRequest>;

const batchIndexAndErrorMessage = {
  name: 'BatchIndexAndErrorMessage',
  fields: [
    { name: 'batchIndex', type: 'int32', versions: '8+' },
    {
      name: 'batchIndexErrorMessage',
      type: 'string',
      versions: '8+',
      nullable: '8+',
      default: null,
    },
  ],
} as const satisfies StructSchema;
export type BatchIndexAndErrorMessage = MessageOf<typeof batchIndexAndErrorMessage>;

const leaderIdAndEpoch = {
  name: 'LeaderIdAndEpoch',
  fields: [
    { name: 'leaderId', type: 'int32', versions: '10+', default: -1 },
    { name: 'leaderEpoch', type: 'int32', versions: '10+', default: -1 },
  ],
} as const satisfies StructSchema;
export type LeaderIdAndEpoch = MessageOf<typeof leaderIdAndEpoch>;

const partitionProduceResponse = {
  name: 'PartitionProduceResponse',
  fields: [
    { name: 'index', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'baseOffset', type: 'int64' },
    { name: 'logAppendTimeMs', type: 'int64', versions: '2+', default: -1, ignorable: true },
    { name: 'logStartOffset', type: 'int64', versions: '5+', default: -1, ignorable: true },
    { name: 'recordErrors', type: [batchIndexAndErrorMessage], versions: '8+', ignorable: true },
    {
      name: 'errorMessage',
      type: 'string',
      versions: '8+',
      nullable: '8+',
      default: null,
      ignorable: true,
    },
    { name: 'currentLeader', type: leaderIdAndEpoch, versions: '10+', tag: 0, tagged: '10+' },
  ],
} as const satisfies StructSchema;
export type PartitionProduceResponse = MessageOf<typeof partitionProduceResponse>;

const topicProduceResponse = {
  name: 'TopicProduceResponse',
  fields: [
    { name: 'name', type: 'string', versions: '0-12', ignorable: true },
    { name: 'topicId', type: 'uuid', versions: '13+', ignorable: true },
    { name: 'partitionResponses', type: [partitionProduceResponse] },
  ],
} as const satisfies StructSchema;
export type TopicProduceResponse = MessageOf<typeof topicProduceResponse>;

const nodeEndpoint = {
  name: 'NodeEndpoint',
  fields: [
    { name: 'nodeId', type: 'int32', versions: '10+' },
    { name: 'host', type: 'string', versions: '10+' },
    { name: 'port', type: 'int32', versions: '10+' },
    { name: 'rack', type: 'string', versions: '10+', nullable: '10+', default: null },
  ],
} as const satisfies StructSchema;
export type NodeEndpoint = MessageOf<typeof nodeEndpoint>;

export const produceResponse = {
  name: 'ProduceResponse',
  apiKey: 0,
  versions: [0, 13],
  flexibleSince: 9,
  fields: [
    { name: 'responses', type: [topicProduceResponse] },
    { name: 'throttleTimeMs', type: 'int32', versions: '1+', ignorable: true },
    { name: 'nodeEndpoints', type: [nodeEndpoint], versions: '10+', tag: 0, tagged: '10+' },
  ],
} as const satisfies MessageSchema;
export type ProduceResponse = MessageOf<typeof produceResponse>;
