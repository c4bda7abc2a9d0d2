import type { MessageOf, MessageSchema } from '../../schema.ts';

export const offsetCommitKey = {
  name: 'OffsetCommitKey',
  versions: [0, 1],
  fields: [
    { name: 'group', type: 'string' },
    { name: 'topic', type: 'string' },
    { name: 'partition', type: 'int32' },
  ],
} as const satisfies MessageSchema;
export type OffsetCommitKey = MessageOf<typeof offsetCommitKey>;

export const offsetCommitValue = {
  name: 'OffsetCommitValue',
  versions: [0, 4],
  flexibleSince: 4,
  fields: [
    { name: 'offset', type: 'int64' },
    { name: 'leaderEpoch', type: 'int32', versions: '3+', default: -1, ignorable: true },
    { name: 'metadata', type: 'string' },
    { name: 'commitTimestamp', type: 'int64' },
    { name: 'expireTimestamp', type: 'int64', versions: '1', default: -1, ignorable: true },
  ],
} as const satisfies MessageSchema;
export type OffsetCommitValue = MessageOf<typeof offsetCommitValue>;
