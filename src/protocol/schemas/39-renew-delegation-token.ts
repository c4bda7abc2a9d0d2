import type { MessageOf, MessageSchema } from '../schema.ts';

export const renewDelegationTokenRequest = {
  name: 'RenewDelegationTokenRequest',
  apiKey: 39,
  versions: [0, 2],
  flexibleSince: 2,
  fields: [
    { name: 'hmac', type: 'bytes' },
    { name: 'renewPeriodMs', type: 'int64' },
  ],
} as const satisfies MessageSchema;
export type RenewDelegationTokenRequest = MessageOf<typeof renewDelegationTokenRequest>;

export const renewDelegationTokenResponse = {
  name: 'RenewDelegationTokenResponse',
  apiKey: 39,
  versions: [0, 2],
  flexibleSince: 2,
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'expiryTimestampMs', type: 'int64' },
    { name: 'throttleTimeMs', type: 'int32' },
  ],
} as const satisfies MessageSchema;
export type RenewDelegationTokenResponse = MessageOf<typeof renewDelegationTokenResponse>;
