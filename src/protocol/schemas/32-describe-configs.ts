import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const describeConfigsResource = {
  name: 'DescribeConfigsResource',
  fields: [
    { name: 'resourceType', type: 'int8' },
    { name: 'resourceName', type: 'string' },
    { name: 'configurationKeys', type: ['string'], nullable: '0+' },
  ],
} as const satisfies StructSchema;
export type DescribeConfigsResource = MessageOf<typeof describeConfigsResource>;

export const describeConfigsRequest = {
  name: 'DescribeConfigsRequest',
  apiKey: 32,
  versions: [0, 4],
  flexibleSince: 4,
  fields: [
    { name: 'resources', type: [describeConfigsResource] },
    { name: 'includeSynonyms', type: 'bool', versions: '1+' },
    { name: 'includeDocumentation', type: 'bool', versions: '3+' },
  ],
} as const satisfies MessageSchema;
export type DescribeConfigsRequest = MessageOf<typeof describeConfigsRequest>;

const describeConfigsSynonym = {
  name: 'DescribeConfigsSynonym',
  fields: [
    { name: 'name', type: 'string', versions: '1+' },
    { name: 'value', type: 'string', versions: '1+', nullable: '0+' },
    { name: 'source', type: 'int8', versions: '1+' },
  ],
} as const satisfies StructSchema;
export type DescribeConfigsSynonym = MessageOf<typeof describeConfigsSynonym>;

const describeConfigsResourceResult = {
  name: 'DescribeConfigsResourceResult',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'value', type: 'string', nullable: '0+' },
    { name: 'readOnly', type: 'bool' },
    { name: 'isDefault', type: 'bool', versions: '0' },
    { name: 'configSource', type: 'int8', versions: '1+', default: -1, ignorable: true },
    { name: 'isSensitive', type: 'bool' },
    { name: 'synonyms', type: [describeConfigsSynonym], versions: '1+', ignorable: true },
    { name: 'configType', type: 'int8', versions: '3+', ignorable: true },
    { name: 'documentation', type: 'string', versions: '3+', nullable: '0+', ignorable: true },
  ],
} as const satisfies StructSchema;
export type DescribeConfigsResourceResult = MessageOf<typeof describeConfigsResourceResult>;

const describeConfigsResult = {
  name: 'DescribeConfigsResult',
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: '0+' },
    { name: 'resourceType', type: 'int8' },
    { name: 'resourceName', type: 'string' },
    { name: 'configs', type: [describeConfigsResourceResult] },
  ],
} as const satisfies StructSchema;
export type DescribeConfigsResult = MessageOf<typeof describeConfigsResult>;

export const describeConfigsResponse = {
  name: 'DescribeConfigsResponse',
  apiKey: 32,
  versions: [0, 4],
  flexibleSince: 4,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'results', type: [describeConfigsResult] },
  ],
} as const satisfies MessageSchema;
export type DescribeConfigsResponse = MessageOf<typeof describeConfigsResponse>;
