import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const describeDelegationTokenOwner = {
  name: 'DescribeDelegationTokenOwner',
  fields: [
    { name: 'principalType', type: 'string' },
    { name: 'principalName', type: 'string' },
  ],
} as const satisfies StructSchema;
export type DescribeDelegationTokenOwner = MessageOf<typeof describeDelegationTokenOwner>;

export const describeDelegationTokenRequest = {
  name: 'DescribeDelegationTokenRequest',
  apiKey: 41,
  versions: [0, 3],
  flexibleSince: 2,
  fields: [{ name: 'owners', type: [describeDelegationTokenOwner], nullable: '0+' }],
} as const satisfies MessageSchema;
export type DescribeDelegationTokenRequest = MessageOf<typeof describeDelegationTokenRequest>;

const describedDelegationTokenRenewer = {
  name: 'DescribedDelegationTokenRenewer',
  fields: [
    { name: 'principalType', type: 'string' },
    { name: 'principalName', type: 'string' },
  ],
} as const satisfies StructSchema;
export type DescribedDelegationTokenRenewer = MessageOf<typeof describedDelegationTokenRenewer>;

const describedDelegationToken = {
  name: 'DescribedDelegationToken',
  fields: [
    { name: 'principalType', type: 'string' },
    { name: 'principalName', type: 'string' },
    { name: 'tokenRequesterPrincipalType', type: 'string', versions: '3+' },
    { name: 'tokenRequesterPrincipalName', type: 'string', versions: '3+' },
    { name: 'issueTimestamp', type: 'int64' },
    { name: 'expiryTimestamp', type: 'int64' },
    { name: 'maxTimestamp', type: 'int64' },
    { name: 'tokenId', type: 'string' },
    { name: 'hmac', type: 'bytes' },
    { name: 'renewers', type: [describedDelegationTokenRenewer] },
  ],
} as const satisfies StructSchema;
export type DescribedDelegationToken = MessageOf<typeof describedDelegationToken>;

export const describeDelegationTokenResponse = {
  name: 'DescribeDelegationTokenResponse',
  apiKey: 41,
  versions: [0, 3],
  flexibleSince: 2,
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'tokens', type: [describedDelegationToken] },
    { name: 'throttleTimeMs', type: 'int32' },
  ],
} as const satisfies MessageSchema;
export type DescribeDelegationTokenResponse = MessageOf<typeof describeDelegationTokenResponse>;
