import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const creatableRenewers = {
  name: 'CreatableRenewers',
  fields: [
    { name: 'principalType', type: 'string' },
    { name: 'principalName', type: 'string' },
  ],
} as const satisfies StructSchema;
export type CreatableRenewers = MessageOf<typeof creatableRenewers>;

export const createDelegationTokenRequest = {
  name: 'CreateDelegationTokenRequest',
  apiKey: 38,
  versions: [0, 3],
  flexibleSince: 2,
  fields: [
    { name: 'ownerPrincipalType', type: 'string', versions: '3+', nullable: '3+' },
    { name: 'ownerPrincipalName', type: 'string', versions: '3+', nullable: '3+' },
    { name: 'renewers', type: [creatableRenewers] },
    { name: 'maxLifetimeMs', type: 'int64' },
  ],
} as const satisfies MessageSchema;
export type CreateDelegationTokenRequest = MessageOf<typeof createDelegationTokenRequest>;

export const createDelegationTokenResponse = {
  name: 'CreateDelegationTokenResponse',
  apiKey: 38,
  versions: [0, 3],
  flexibleSince: 2,
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'principalType', type: 'string' },
    { name: 'principalName', type: 'string' },
    { name: 'tokenRequesterPrincipalType', type: 'string', versions: '3+' },
    { name: 'tokenRequesterPrincipalName', type: 'string', versions: '3+' },
    { name: 'issueTimestampMs', type: 'int64' },
    { name: 'expiryTimestampMs', type: 'int64' },
    { name: 'maxTimestampMs', type: 'int64' },
    { name: 'tokenId', type: 'string' },
    { name: 'hmac', type: 'bytes' },
    { name: 'throttleTimeMs', type: 'int32' },
  ],
} as const satisfies MessageSchema;
export type CreateDelegationTokenResponse = MessageOf<typeof createDelegationTokenResponse>;
