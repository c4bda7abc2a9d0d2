import type { MessageOf, MessageSchema } from '../../schema.ts';

export const fenceBrokerRecord = {
  name: 'FenceBrokerRecord',
  apiKey: 7,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'id', type: 'int32' },
    { name: 'epoch', type: 'int64' },
  ],
} as const satisfies MessageSchema;
export type FenceBrokerRecord = MessageOf<typeof fenceBrokerRecord>;
