import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

export const describeClusterRequest = {
  name: 'DescribeClusterRequest',
  apiKey: 60,
  versions: [0, 2],
  flexibleSince: 0,
  fields: [
    { name: 'includeClusterAuthorizedOperations', type: 'bool' },
    { name: 'endpointType', type: 'int8', versions: '1+', default: 1 },
    { name: 'includeFencedBrokers', type: 'bool', versions: '2+' },
  ],
} as const satisfies MessageSchema;
export type DescribeClusterRequest = MessageOf<typeof describeClusterRequest>;

const describeClusterBroker = {
  name: 'DescribeClusterBroker',
  fields: [
    { name: 'brokerId', type: 'int32' },
    { name: 'host', type: 'string' },
    { name: 'port', type: 'int32' },
    { name: 'rack', type: 'string', nullable: '0+', default: null },
    { name: 'isFenced', type: 'bool', versions: '2+' },
  ],
} as const satisfies StructSchema;
export type DescribeClusterBroker = MessageOf<typeof describeClusterBroker>;

export const describeClusterResponse = {
  name: 'DescribeClusterResponse',
  apiKey: 60,
  versions: [0, 2],
  flexibleSince: 0,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: '0+', default: null },
    { name: 'endpointType', type: 'int8', versions: '1+', default: 1 },
    { name: 'clusterId', type: 'string' },
    { name: 'controllerId', type: 'int32', default: -1 },
    { name: 'brokers', type: [describeClusterBroker] },
    { name: 'clusterAuthorizedOperations', type: 'int32', default: -2147483648 },
  ],
} as const satisfies MessageSchema;
export type DescribeClusterResponse = MessageOf<typeof describeClusterResponse>;
