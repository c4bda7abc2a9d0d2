import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const alterableConfig = {
  name: 'AlterableConfig',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'configOperation', type: 'int8' },
    { name: 'value', type: 'string', nullable: '0+' },
  ],
} as const satisfies StructSchema;
export type AlterableConfig = MessageOf<typeof alterableConfig>;

const alterConfigsResource = {
  name: 'AlterConfigsResource',
  fields: [
    { name: 'resourceType', type: 'int8' },
    { name: 'resourceName', type: 'string' },
    { name: 'configs', type: [alterableConfig] },
  ],
} as const satisfies StructSchema;
export type AlterConfigsResource = MessageOf<typeof alterConfigsResource>;

export const incrementalAlterConfigsRequest = {
  name: 'IncrementalAlterConfigsRequest',
  apiKey: 44,
  versions: [0, 1],
  flexibleSince: 1,
  fields: [
    { name: 'resources', type: [alterConfigsResource] },
    { name: 'validateOnly', type: 'bool' },
  ],
} as const satisfies MessageSchema;
export type IncrementalAlterConfigsRequest = MessageOf<typeof incrementalAlterConfigsRequest>;

const alterConfigsResourceResponse = {
  name: 'AlterConfigsResourceResponse',
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: '0+' },
    { name: 'resourceType', type: 'int8' },
    { name: 'resourceName', type: 'string' },
  ],
} as const satisfies StructSchema;
export type AlterConfigsResourceResponse = MessageOf<typeof alterConfigsResourceResponse>;

export const incrementalAlterConfigsResponse = {
  name: 'IncrementalAlterConfigsResponse',
  apiKey: 44,
  versions: [0, 1],
  flexibleSince: 1,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'responses', type: [alterConfigsResourceResponse] },
  ],
} as const satisfies MessageSchema;
export type IncrementalAlterConfigsResponse = MessageOf<typeof incrementalAlterConfigsResponse>;
