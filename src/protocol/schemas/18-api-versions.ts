import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

export const apiVersionsRequest = {
  name: 'ApiVersionsRequest',
  apiKey: 18,
  versions: [0, 4],
  flexibleSince: 3,
  fields: [
    { name: 'clientSoftwareName', type: 'string', versions: '3+', ignorable: true },
    { name: 'clientSoftwareVersion', type: 'string', versions: '3+', ignorable: true },
  ],
} as const satisfies MessageSchema;
export type ApiVersionsRequest = MessageOf<typeof apiVersionsRequest>;

const apiVersion = {
  name: 'ApiVersion',
  fields: [
    { name: 'apiKey', type: 'int16' },
    { name: 'minVersion', type: 'int16' },
    { name: 'maxVersion', type: 'int16' },
  ],
} as const satisfies StructSchema;
export type ApiVersion = MessageOf<typeof apiVersion>;

const supportedFeatureKey = {
  name: 'SupportedFeatureKey',
  fields: [
    { name: 'name', type: 'string', versions: '3+' },
    { name: 'minVersion', type: 'int16', versions: '3+' },
    { name: 'maxVersion', type: 'int16', versions: '3+' },
  ],
} as const satisfies StructSchema;
export type SupportedFeatureKey = MessageOf<typeof supportedFeatureKey>;

const finalizedFeatureKey = {
  name: 'FinalizedFeatureKey',
  fields: [
    { name: 'name', type: 'string', versions: '3+' },
    { name: 'maxVersionLevel', type: 'int16', versions: '3+' },
    { name: 'minVersionLevel', type: 'int16', versions: '3+' },
  ],
} as const satisfies StructSchema;
export type FinalizedFeatureKey = MessageOf<typeof finalizedFeatureKey>;

export const apiVersionsResponse = {
  name: 'ApiVersionsResponse',
  apiKey: 18,
  versions: [0, 4],
  flexibleSince: 3,
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'apiKeys', type: [apiVersion] },
    { name: 'throttleTimeMs', type: 'int32', versions: '1+', ignorable: true },
    {
      name: 'supportedFeatures',
      type: [supportedFeatureKey],
      versions: '3+',
      tag: 0,
      tagged: '3+',
      ignorable: true,
    },
    {
      name: 'finalizedFeaturesEpoch',
      type: 'int64',
      versions: '3+',
      tag: 1,
      tagged: '3+',
      default: -1,
      ignorable: true,
    },
    {
      name: 'finalizedFeatures',
      type: [finalizedFeatureKey],
      versions: '3+',
      tag: 2,
      tagged: '3+',
      ignorable: true,
    },
    {
      name: 'zkMigrationReady',
      type: 'bool',
      versions: '3+',
      tag: 3,
      tagged: '3+',
      ignorable: true,
    },
  ],
} as const satisfies MessageSchema;
export type ApiVersionsResponse = MessageOf<typeof apiVersionsResponse>;
