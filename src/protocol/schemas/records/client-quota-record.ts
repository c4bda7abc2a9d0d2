import type { MessageOf, MessageSchema, StructSchema } from '../../schema.ts';

const entityData = {
  name: 'EntityData',
  fields: [
    { name: 'entityType', type: 'string' },
    { name: 'entityName', type: 'string', nullable: '0+' },
  ],
} as const satisfies StructSchema;
export type EntityData = MessageOf<typeof entityData>;

export const clientQuotaRecord = {
  name: 'ClientQuotaRecord',
  apiKey: 14,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'entity', type: [entityData] },
    { name: 'key', type: 'string' },
    { name: 'value', type: 'float64' },
    { name: 'remove', type: 'bool' },
  ],
} as const satisfies MessageSchema;
export type ClientQuotaRecord = MessageOf<typeof clientQuotaRecord>;
