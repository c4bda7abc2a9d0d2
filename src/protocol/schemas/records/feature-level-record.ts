import type { MessageOf, MessageSchema } from '../../schema.ts';

export const featureLevelRecord = {
  name: 'FeatureLevelRecord',
  apiKey: 12,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'name', type: 'string' },
    { name: 'featureLevel', type: 'int16' },
  ],
} as const satisfies MessageSchema;
export type FeatureLevelRecord = MessageOf<typeof featureLevelRecord>;
