import type { MessageOf, MessageSchema } from '../../schema.ts';

export const endTransactionRecord = {
  name: 'EndTransactionRecord',
  apiKey: 24,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [],
} as const satisfies MessageSchema;
export type EndTransactionRecord = MessageOf<typeof endTransactionRecord>;
