import type { MessageOf, MessageSchema, StructSchema } from '../../schema.ts';

const voter = {
  name: 'Voter',
  fields: [
    { name: 'voterId', type: 'int32' },
    { name: 'voterDirectoryId', type: 'uuid', versions: '1+' },
  ],
} as const satisfies StructSchema;
export type Voter = MessageOf<typeof voter>;

export const leaderChangeMessage = {
  name: 'LeaderChangeMessage',
  versions: [0, 1],
  flexibleSince: 0,
  fields: [
    { name: 'version', type: 'int16' },
    { name: 'leaderId', type: 'int32' },
    { name: 'voters', type: [voter] },
    { name: 'grantingVoters', type: [voter] },
  ],
} as const satisfies MessageSchema;
export type LeaderChangeMessage = MessageOf<typeof leaderChangeMessage>;
