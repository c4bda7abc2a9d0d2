import type { MessageOf, MessageSchema } from '../../schema.ts';

export const clearElrRecord = {
  name: 'ClearElrRecord',
  apiKey: 28,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [{ name: 'topicName', type: 'string' }],
} as const satisfies MessageSchema;
export type ClearElrRecord = MessageOf<typeof clearElrRecord>;
