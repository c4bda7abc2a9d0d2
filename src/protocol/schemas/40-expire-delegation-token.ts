import type { MessageOf, MessageSchema } from '../schema.ts';

export const expireDelegationTokenRequest = {
  name: 'ExpireDelegationTokenRequest',
  apiKey: 40,
  versions: [0, 2],
  flexibleSince: 2,
  fields: [
    { name: 'hmac', type: 'bytes' },
    { name: 'expiryTimePeriodMs', type: 'int64' },
  ],
} as const satisfies MessageSchema;
export type ExpireDelegationTokenRequest = MessageOf<typeof expireDelegationTokenRequest>;

export const expireDelegationTokenResponse = {
  name: 'ExpireDelegationTokenResponse',
  apiKey: 40,
  versions: [0, 2],
  flexibleSince: 2,
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'expiryTimestampMs', type: 'int64' },
    { name: 'throttleTimeMs', type: 'int32' },
  ],
} as const satisfies MessageSchema;
export type ExpireDelegationTokenResponse = MessageOf<typeof expireDelegationTokenResponse>;
