import type { MessageOf, MessageSchema } from '../schema.ts';

export const pushTelemetryRequest = {
  name: 'PushTelemetryRequest',
  apiKey: 72,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'clientInstanceId', type: 'uuid' },
    { name: 'subscriptionId', type: 'int32' },
    { name: 'terminating', type: 'bool' },
    { name: 'compressionType', type: 'int8' },
    { name: 'metrics', type: 'bytes' },
  ],
} as const satisfies MessageSchema;
export type PushTelemetryRequest = MessageOf<typeof pushTelemetryRequest>;

export const pushTelemetryResponse = {
  name: 'PushTelemetryResponse',
  apiKey: 72,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
  ],
} as const satisfies MessageSchema;
export type PushTelemetryResponse = MessageOf<typeof pushTelemetryResponse>;
