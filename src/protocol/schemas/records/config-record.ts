import type { MessageOf, MessageSchema } from '../../schema.ts';

export const configRecord = {
  name: 'ConfigRecord',
  apiKey: 4,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'resourceType', type: 'int8' },
    { name: 'resourceName', type: 'string' },
    { name: 'name', type: 'string' },
    { name: 'value', type: 'string', nullable: '0+' },
  ],
} as const satisfies MessageSchema;
export type ConfigRecord = MessageOf<typeof configRecord>;
