import type { MessageOf, MessageSchema } from '../../schema.ts';

export const noOpRecord = {
  name: 'NoOpRecord',
  apiKey: 20,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [],
} as const satisfies MessageSchema;
export type NoOpRecord = MessageOf<typeof noOpRecord>;
