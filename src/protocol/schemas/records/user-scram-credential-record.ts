import type { MessageOf, MessageSchema } from '../../schema.ts';

export const userScramCredentialRecord = {
  name: 'UserScramCredentialRecord',
  apiKey: 11,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'name', type: 'string' },
    { name: 'mechanism', type: 'int8' },
    { name: 'salt', type: 'bytes' },
    { name: 'storedKey', type: 'bytes' },
    { name: 'serverKey', type: 'bytes' },
    { name: 'iterations', type: 'int32' },
  ],
} as const satisfies MessageSchema;
export type UserScramCredentialRecord = MessageOf<typeof userScramCredentialRecord>;
