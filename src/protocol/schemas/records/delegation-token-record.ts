import type { MessageOf, MessageSchema } from '../../schema.ts';

export const delegationTokenRecord = {
  name: 'DelegationTokenRecord',
  apiKey: 10,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'owner', type: 'string' },
    { name: 'requester', type: 'string' },
    { name: 'renewers', type: ['string'] },
    { name: 'issueTimestamp', type: 'int64' },
    { name: 'maxTimestamp', type: 'int64' },
    { name: 'expirationTimestamp', type: 'int64' },
    { name: 'tokenId', type: 'string' },
  ],
} as const satisfies MessageSchema;
export type DelegationTokenRecord = MessageOf<typeof delegationTokenRecord>;
