import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const featureUpdateKey = {
  name: 'FeatureUpdateKey',
  fields: [
    { name: 'feature', type: 'string' },
    { name: 'maxVersionLevel', type: 'int16' },
    { name: 'allowDowngrade', type: 'bool', versions: '0' },
    { name: 'upgradeType', type: 'int8', versions: '1+', default: 1 },
  ],
} as const satisfies StructSchema;
export type FeatureUpdateKey = MessageOf<typeof featureUpdateKey>;

export const updateFeaturesRequest = {
  name: 'UpdateFeaturesRequest',
  apiKey: 57,
  versions: [0, 2],
  flexibleSince: 0,
  fields: [
    { name: 'timeoutMs', type: 'int32', default: 60000 },
    { name: 'featureUpdates', type: [featureUpdateKey] },
    { name: 'validateOnly', type: 'bool', versions: '1+' },
  ],
} as const satisfies MessageSchema;
export type UpdateFeaturesRequest = MessageOf<typeof updateFeaturesRequest>;

const updatableFeatureResult = {
  name: 'UpdatableFeatureResult',
  fields: [
    { name: 'feature', type: 'string' },
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: '0+' },
  ],
} as const satisfies StructSchema;
export type UpdatableFeatureResult = MessageOf<typeof updatableFeatureResult>;

export const updateFeaturesResponse = {
  name: 'UpdateFeaturesResponse',
  apiKey: 57,
  versions: [0, 2],
  flexibleSince: 0,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: '0+' },
    { name: 'results', type: [updatableFeatureResult], versions: '0-1', ignorable: true },
  ],
} as const satisfies MessageSchema;
export type UpdateFeaturesResponse = MessageOf<typeof updateFeaturesResponse>;
