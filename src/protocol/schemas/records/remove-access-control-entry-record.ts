import type { MessageOf, MessageSchema } from '../../schema.ts';

export const removeAccessControlEntryRecord = {
  name: 'RemoveAccessControlEntryRecord',
  apiKey: 19,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [{ name: 'id', type: 'uuid' }],
} as const satisfies MessageSchema;
export type RemoveAccessControlEntryRecord = MessageOf<typeof removeAccessControlEntryRecord>;
