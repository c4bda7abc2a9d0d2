import type { MessageOf, MessageSchema } from '../../schema.ts';

export const abortTransactionRecord = {
  name: 'AbortTransactionRecord',
  apiKey: 25,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [{ name: 'reason', type: 'string', nullable: '0+', tag: 0, tagged: '0+', default: null }],
} as const satisfies MessageSchema;
export type AbortTransactionRecord = MessageOf<typeof abortTransactionRecord>;
