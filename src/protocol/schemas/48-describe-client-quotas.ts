import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const componentData = {
  name: 'ComponentData',
  fields: [
    { name: 'entityType', type: 'string' },
    { name: 'matchType', type: 'int8' },
    { name: 'match', type: 'string', nullable: '0+' },
  ],
} as const satisfies StructSchema;
export type ComponentData = MessageOf<typeof componentData>;

export const describeClientQuotasRequest = {
  name: 'DescribeClientQuotasRequest',
  apiKey: 48,
  versions: [0, 1],
  flexibleSince: 1,
  fields: [
    { name: 'components', type: [componentData] },
    { name: 'strict', type: 'bool' },
  ],
} as const satisfies MessageSchema;
export type DescribeClientQuotasRequest = MessageOf<typeof describeClientQuotasRequest>;

const entityData = {
  name: 'EntityData',
  fields: [
    { name: 'entityType', type: 'string' },
    { name: 'entityName', type: 'string', nullable: '0+' },
  ],
} as const satisfies StructSchema;
export type EntityData = MessageOf<typeof entityData>;

const valueData = {
  name: 'ValueData',
  fields: [
    { name: 'key', type: 'string' },
    { name: 'value', type: 'float64' },
  ],
} as const satisfies StructSchema;
export type ValueData = MessageOf<typeof valueData>;

const entryData = {
  name: 'EntryData',
  fields: [
    { name: 'entity', type: [entityData] },
    { name: 'values', type: [valueData] },
  ],
} as const satisfies StructSchema;
export type EntryData = MessageOf<typeof entryData>;

export const describeClientQuotasResponse = {
  name: 'DescribeClientQuotasResponse',
  apiKey: 48,
  versions: [0, 1],
  flexibleSince: 1,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: '0+' },
    { name: 'entries', type: [entryData], nullable: '0+' },
  ],
} as const satisfies MessageSchema;
export type DescribeClientQuotasResponse = MessageOf<typeof describeClientQuotasResponse>;
