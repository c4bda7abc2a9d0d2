import type { MessageOf, MessageSchema } from '../../schema.ts';

export const accessControlEntryRecord = {
  name: 'AccessControlEntryRecord',
  apiKey: 18,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'id', type: 'uuid' },
    { name: 'resourceType', type: 'int8' },
    { name: 'resourceName', type: 'string' },
    { name: 'patternType', type: 'int8' },
    { name: 'principal', type: 'string' },
    { name: 'host', type: 'string' },
    { name: 'operation', type: 'int8' },
    { name: 'permissionType', type: 'int8' },
  ],
} as const satisfies MessageSchema;
export type AccessControlEntryRecord = MessageOf<typeof accessControlEntryRecord>;
