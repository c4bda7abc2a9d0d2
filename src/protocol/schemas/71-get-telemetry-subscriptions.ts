import type { MessageOf, MessageSchema } from '../schema.ts';

export const getTelemetrySubscriptionsRequest = {
  name: 'GetTelemetrySubscriptionsRequest',
  apiKey: 71,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [{ name: 'clientInstanceId', type: 'uuid' }],
} as const satisfies MessageSchema;
export type GetTelemetrySubscriptionsRequest = MessageOf<typeof getTelemetrySubscriptionsRequest>;

export const getTelemetrySubscriptionsResponse = {
  name: 'GetTelemetrySubscriptionsResponse',
  apiKey: 71,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'clientInstanceId', type: 'uuid' },
    { name: 'subscriptionId', type: 'int32' },
    { name: 'acceptedCompressionTypes', type: ['int8'] },
    { name: 'pushIntervalMs', type: 'int32' },
    { name: 'telemetryMaxBytes', type: 'int32' },
    { name: 'deltaTemporality', type: 'bool' },
    { name: 'requestedMetrics', type: ['string'] },
  ],
} as const satisfies MessageSchema;
export type GetTelemetrySubscriptionsResponse = MessageOf<typeof getTelemetrySubscriptionsResponse>;
