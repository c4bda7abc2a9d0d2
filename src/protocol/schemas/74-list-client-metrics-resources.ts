import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

export const listClientMetricsResourcesRequest = {
  name: 'ListClientMetricsResourcesRequest',
  apiKey: 74,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [],
} as const satisfies MessageSchema;
export type ListClientMetricsResourcesRequest = MessageOf<typeof listClientMetricsResourcesRequest>;

const clientMetricsResource = {
  name: 'ClientMetricsResource',
  fields: [{ name: 'name', type: 'string' }],
} as const satisfies StructSchema;
export type ClientMetricsResource = MessageOf<typeof clientMetricsResource>;

export const listClientMetricsResourcesResponse = {
  name: 'ListClientMetricsResourcesResponse',
  apiKey: 74,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'clientMetricsResources', type: [clientMetricsResource] },
  ],
} as const satisfies MessageSchema;
export type ListClientMetricsResourcesResponse = MessageOf<
  typeof listClientMetricsResourcesResponse
>;
