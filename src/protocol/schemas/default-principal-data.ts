import type { MessageOf, MessageSchema } from '../schema.ts';

export const defaultPrincipalData = {
  name: 'DefaultPrincipalData',
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'type', type: 'string' },
    { name: 'name', type: 'string' },
    { name: 'tokenAuthenticated', type: 'bool' },
  ],
} as const satisfies MessageSchema;
export type DefaultPrincipalData = MessageOf<typeof defaultPrincipalData>;
