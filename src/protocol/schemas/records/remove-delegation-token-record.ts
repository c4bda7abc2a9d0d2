import type { MessageOf, MessageSchema } from '../../schema.ts';

export const removeDelegationTokenRecord = {
  name: 'RemoveDelegationTokenRecord',
  apiKey: 26,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [{ name: 'tokenId', type: 'string' }],
} as const satisfies MessageSchema;
export type RemoveDelegationTokenRecord = MessageOf<typeof removeDelegationTokenRecord>;
