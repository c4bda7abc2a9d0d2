import type { MessageOf, MessageSchema } from '../../schema.ts';

export const removeTopicRecord = {
  name: 'RemoveTopicRecord',
  apiKey: 9,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [{ name: 'topicId', type: 'uuid' }],
} as const satisfies MessageSchema;
export type RemoveTopicRecord = MessageOf<typeof removeTopicRecord>;
