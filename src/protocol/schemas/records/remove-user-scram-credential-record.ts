import type { MessageOf, MessageSchema } from '../../schema.ts';

export const removeUserScramCredentialRecord = {
  name: 'RemoveUserScramCredentialRecord',
  apiKey: 22,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'name', type: 'string' },
    { name: 'mechanism', type: 'int8' },
  ],
} as const satisfies MessageSchema;
export type RemoveUserScramCredentialRecord = MessageOf<typeof removeUserScramCredentialRecord>;
