import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

export const findCoordinatorRequest = {
  name: 'FindCoordinatorRequest',
  apiKey: 10,
  versions: [0, 6],
  flexibleSince: 3,
  fields: [
    { name: 'key', type: 'string', versions: '0-3' },
    { name: 'keyType', type: 'int8', versions: '1+' },
    { name: 'coordinatorKeys', type: ['string'], versions: '4+' },
  ],
} as const satisfies MessageSchema;
export type FindCoordinatorRequest = MessageOf<typeof findCoordinatorRequest>;

const coordinator = {
  name: 'Coordinator',
  fields: [
    { name: 'key', type: 'string', versions: '4+' },
    { name: 'nodeId', type: 'int32', versions: '4+' },
    { name: 'host', type: 'string', versions: '4+' },
    { name: 'port', type: 'int32', versions: '4+' },
    { name: 'errorCode', type: 'int16', versions: '4+' },
    { name: 'errorMessage', type: 'string', versions: '4+', nullable: '4+', ignorable: true },
  ],
} as const satisfies StructSchema;
export type Coordinator = MessageOf<typeof coordinator>;

export const findCoordinatorResponse = {
  name: 'FindCoordinatorResponse',
  apiKey: 10,
  versions: [0, 6],
  flexibleSince: 3,
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '1+', ignorable: true },
    { name: 'errorCode', type: 'int16', versions: '0-3' },
    { name: 'errorMessage', type: 'string', versions: '1-3', nullable: '1-3', ignorable: true },
    { name: 'nodeId', type: 'int32', versions: '0-3' },
    { name: 'host', type: 'string', versions: '0-3' },
    { name: 'port', type: 'int32', versions: '0-3' },
    { name: 'coordinators', type: [coordinator], versions: '4+' },
  ],
} as const satisfies MessageSchema;
export type FindCoordinatorResponse = MessageOf<typeof findCoordinatorResponse>;
