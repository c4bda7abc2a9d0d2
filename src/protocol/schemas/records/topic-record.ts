import type { MessageOf, MessageSchema } from '../../schema.ts';

export const topicRecord = {
  name: 'TopicRecord',
  apiKey: 2,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'name', type: 'string' },
    { name: 'topicId', type: 'uuid' },
  ],
} as const satisfies MessageSchema;
export type TopicRecord = MessageOf<typeof topicRecord>;
