import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const listener = {
  name: 'Listener',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'host', type: 'string' },
    { name: 'port', type: 'uint16' },
  ],
} as const satisfies StructSchema;
export type AddRaftVoterListener = MessageOf<typeof listener>;

export const addRaftVoterRequest = {
  name: 'AddRaftVoterRequest',
  apiKey: 80,
  versions: [0, 1],
  flexibleSince: 0,
  fields: [
    { name: 'clusterId', type: 'string', nullable: '0+' },
    { name: 'timeoutMs', type: 'int32' },
    { name: 'voterId', type: 'int32' },
    { name: 'voterDirectoryId', type: 'uuid' },
    { name: 'listeners', type: [listener] },
    { name: 'ackWhenCommitted', type: 'bool', versions: '1+', default: true },
  ],
} as const satisfies MessageSchema;
export type AddRaftVoterRequest = MessageOf<typeof addRaftVoterRequest>;

export const addRaftVoterResponse = {
  name: 'AddRaftVoterResponse',
  apiKey: 80,
  versions: [0, 1],
  flexibleSince: 0,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: '0+', ignorable: true },
  ],
} as const satisfies MessageSchema;
export type AddRaftVoterResponse = MessageOf<typeof addRaftVoterResponse>;
