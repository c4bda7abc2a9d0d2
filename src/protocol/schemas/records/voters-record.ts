import type { MessageOf, MessageSchema, StructSchema } from '../../schema.ts';

const endpoint = {
  name: 'Endpoint',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'host', type: 'string' },
    { name: 'port', type: 'uint16' },
  ],
} as const satisfies StructSchema;
export type Endpoint = MessageOf<typeof endpoint>;

const kRaftVersionFeature = {
  name: 'KRaftVersionFeature',
  fields: [
    { name: 'minSupportedVersion', type: 'int16' },
    { name: 'maxSupportedVersion', type: 'int16' },
  ],
} as const satisfies StructSchema;
export type KRaftVersionFeature = MessageOf<typeof kRaftVersionFeature>;

const voter = {
  name: 'Voter',
  fields: [
    { name: 'voterId', type: 'int32' },
    { name: 'voterDirectoryId', type: 'uuid' },
    { name: 'endpoints', type: [endpoint] },
    { name: 'kRaftVersionFeature', type: kRaftVersionFeature },
  ],
} as const satisfies StructSchema;
export type Voter = MessageOf<typeof voter>;

export const votersRecord = {
  name: 'VotersRecord',
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'version', type: 'int16' },
    { name: 'voters', type: [voter] },
  ],
} as const satisfies MessageSchema;
export type VotersRecord = MessageOf<typeof votersRecord>;
