import type { MessageOf, MessageSchema } from '../schema.ts';

export const removeRaftVoterRequest = {
  name: 'RemoveRaftVoterRequest',
  apiKey: 81,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'clusterId', type: 'string', nullable: '0+' },
    { name: 'voterId', type: 'int32' },
    { name: 'voterDirectoryId', type: 'uuid' },
  ],
} as const satisfies MessageSchema;
export type RemoveRaftVoterRequest = MessageOf<typeof removeRaftVoterRequest>;

export const removeRaftVoterResponse = {
  name: 'RemoveRaftVoterResponse',
  apiKey: 81,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: '0+', ignorable: true },
  ],
} as const satisfies MessageSchema;
export type RemoveRaftVoterResponse = MessageOf<typeof removeRaftVoterResponse>;
