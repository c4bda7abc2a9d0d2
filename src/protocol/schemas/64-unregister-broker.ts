import type { MessageOf, MessageSchema } from '../schema.ts';

export const unregisterBrokerRequest = {
  name: 'UnregisterBrokerRequest',
  apiKey: 64,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [{ name: 'brokerId', type: 'int32' }],
} as const satisfies MessageSchema;
export type UnregisterBrokerRequest = MessageOf<typeof unregisterBrokerRequest>;

export const unregisterBrokerResponse = {
  name: 'UnregisterBrokerResponse',
  apiKey: 64,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: '0+' },
  ],
} as const satisfies MessageSchema;
export type UnregisterBrokerResponse = MessageOf<typeof unregisterBrokerResponse>;
