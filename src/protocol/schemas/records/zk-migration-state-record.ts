import type { MessageOf, MessageSchema } from '../../schema.ts';

export const zkMigrationStateRecord = {
  name: 'ZkMigrationStateRecord',
  apiKey: 21,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [{ name: 'zkMigrationState', type: 'int8' }],
} as const satisfies MessageSchema;
export type ZkMigrationStateRecord = MessageOf<typeof zkMigrationStateRecord>;
