import type { MessageOf, MessageSchema } from '../../schema.ts';

export const beginTransactionRecord = {
  name: 'BeginTransactionRecord',
  apiKey: 23,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [{ name: 'name', type: 'string', nullable: '0+', tag: 0, tagged: '0+', default: null }],
} as const satisfies MessageSchema;
export type BeginTransactionRecord = MessageOf<typeof beginTransactionRecord>;
