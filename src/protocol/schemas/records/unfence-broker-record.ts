import type { MessageOf, MessageSchema } from '../../schema.ts';

export const unfenceBrokerRecord = {
  name: 'UnfenceBrokerRecord',
  apiKey: 8,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'id', type: 'int32' },
    { name: 'epoch', type: 'int64' },
  ],
} as const satisfies MessageSchema;
export type UnfenceBrokerRecord = MessageOf<typeof unfenceBrokerRecord>;
