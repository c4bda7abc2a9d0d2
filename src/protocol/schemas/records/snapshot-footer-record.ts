import type { MessageOf, MessageSchema } from '../../schema.ts';

export const snapshotFooterRecord = {
  name: 'SnapshotFooterRecord',
  versions: [0, 0],
  flexibleSince: 0,
  fields: [{ name: 'version', type: 'int16' }],
} as const satisfies MessageSchema;
export type SnapshotFooterRecord = MessageOf<typeof snapshotFooterRecord>;
