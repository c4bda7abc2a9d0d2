import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const alterClientQuotasRequestEntityData = {
  name: 'EntityData',
  fields: [
    { name: 'entityType', type: 'string' },
    { name: 'entityName', type: 'string', nullable: '0+' },
  ],
} as const satisfies StructSchema;
export type AlterClientQuotasRequestEntityData = MessageOf<
  typeof alterClientQuotasRequestEntityData
>;

const opData = {
  name: 'OpData',
  fields: [
    { name: 'key', type: 'string' },
    { name: 'value', type: 'float64' },
    { name: 'remove', type: 'bool' },
  ],
} as const satisfies StructSchema;
export type OpData = MessageOf<typeof opData>;

const alterClientQuotasRequestEntryData = {
  name: 'EntryData',
  fields: [
    { name: 'entity', type: [alterClientQuotasRequestEntityData] },
    { name: 'ops', type: [opData] },
  ],
} as const satisfies StructSchema;
export type AlterClientQuotasRequestEntryData = MessageOf<typeof alterClientQuotasRequestEntryData>;

export const alterClientQuotasRequest = {
  name: 'AlterClientQuotasRequest',
  apiKey: 49,
  versions: [0, 1],
  flexibleSince: 1,
  fields: [
    { name: 'entries', type: [alterClientQuotasRequestEntryData] },
    { name: 'validateOnly', type: 'bool' },
  ],
} as const satisfies MessageSchema;
export type AlterClientQuotasRequest = MessageOf<typeof alterClientQuotasRequest>;

const alterClientQuotasResponseEntityData = {
  name: 'EntityData',
  fields: [
    { name: 'entityType', type: 'string' },
    { name: 'entityName', type: 'string', nullable: '0+' },
  ],
} as const satisfies StructSchema;
export type AlterClientQuotasResponseEntityData = MessageOf<
  typeof alterClientQuotasResponseEntityData
>;

const alterClientQuotasResponseEntryData = {
  name: 'EntryData',
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: '0+' },
    { name: 'entity', type: [alterClientQuotasResponseEntityData] },
  ],
} as const satisfies StructSchema;
export type AlterClientQuotasResponseEntryData = MessageOf<
  typeof alterClientQuotasResponseEntryData
>;

export const alterClientQuotasResponse = {
  name: 'AlterClientQuotasResponse',
  apiKey: 49,
  versions: [0, 1],
  flexibleSince: 1,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'entries', type: [alterClientQuotasResponseEntryData] },
  ],
} as const satisfies MessageSchema;
export type AlterClientQuotasResponse = MessageOf<typeof alterClientQuotasResponse>;
