import type { MessageOf, MessageSchema } from '../../schema.ts';

export const kraftVersionRecord = {
  name: 'KRaftVersionRecord',
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'version', type: 'int16' },
    { name: 'kRaftVersion', type: 'int16' },
  ],
} as const satisfies MessageSchema;
export type KraftVersionRecord = MessageOf<typeof kraftVersionRecord>;
