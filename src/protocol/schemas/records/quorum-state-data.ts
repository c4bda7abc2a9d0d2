import type { MessageOf, MessageSchema, StructSchema } from '../../schema.ts';

const voter = {
  name: 'Voter',
  fields: [{ name: 'voterId', type: 'int32', versions: '0' }],
} as const satisfies StructSchema;
export type Voter = MessageOf<typeof voter>;

export const quorumStateData = {
  name: 'QuorumStateData',
  versions: [0, 1],
  flexibleSince: 0,
  fields: [
    { name: 'clusterId', type: 'string', versions: '0' },
    { name: 'leaderId', type: 'int32', default: -1 },
    { name: 'leaderEpoch', type: 'int32', default: -1 },
    { name: 'votedId', type: 'int32', default: -1 },
    { name: 'votedDirectoryId', type: 'uuid', versions: '1+' },
    { name: 'appliedOffset', type: 'int64', versions: '0' },
    { name: 'currentVoters', type: [voter], versions: '0', nullable: '0' },
  ],
} as const satisfies MessageSchema;
export type QuorumStateData = MessageOf<typeof quorumStateData>;
