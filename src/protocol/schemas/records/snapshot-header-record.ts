import type { MessageOf, MessageSchema } from '../../schema.ts';

export const snapshotHeaderRecord = {
  name: 'SnapshotHeaderRecord',
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'version', type: 'int16' },
    { name: 'lastContainedLogTimestamp', type: 'int64' },
  ],
} as const satisfies MessageSchema;
export type SnapshotHeaderRecord = MessageOf<typeof snapshotHeaderRecord>;
