import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const listener = {
  name: 'Listener',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'host', type: 'string' },
    { name: 'port', type: 'uint16' },
  ],
} as const satisfies StructSchema;
export type UpdateRaftVoterListener = MessageOf<typeof listener>;

const kRaftVersionFeature = {
  name: 'KRaftVersionFeature',
  fields: [
    { name: 'minSupportedVersion', type: 'int16' },
    { name: 'maxSupportedVersion', type: 'int16' },
  ],
} as const satisfies StructSchema;

export const updateRaftVoterRequest = {
  name: 'UpdateRaftVoterRequest',
  apiKey: 82,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'clusterId', type: 'string', nullable: '0+' },
    { name: 'currentLeaderEpoch', type: 'int32' },
    { name: 'voterId', type: 'int32' },
    { name: 'voterDirectoryId', type: 'uuid' },
    { name: 'listeners', type: [listener] },
    { name: 'kRaftVersionFeature', type: kRaftVersionFeature },
  ],
} as const satisfies MessageSchema;
export type UpdateRaftVoterRequest = MessageOf<typeof updateRaftVoterRequest>;

const currentLeader = {
  name: 'CurrentLeader',
  fields: [
    { name: 'leaderId', type: 'int32', default: -1 },
    { name: 'leaderEpoch', type: 'int32', default: -1 },
    { name: 'host', type: 'string' },
    { name: 'port', type: 'int32' },
  ],
} as const satisfies StructSchema;

export const updateRaftVoterResponse = {
  name: 'UpdateRaftVoterResponse',
  apiKey: 82,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'currentLeader', type: currentLeader, versions: '0+', tag: 0, tagged: '0+' },
  ],
} as const satisfies MessageSchema;
export type UpdateRaftVoterResponse = MessageOf<typeof updateRaftVoterResponse>;
