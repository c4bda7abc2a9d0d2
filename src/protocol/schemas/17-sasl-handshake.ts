import type { MessageOf, MessageSchema } from '../schema.ts';

export const saslHandshakeRequest = {
  name: 'SaslHandshakeRequest',
  apiKey: 17,
  versions: [0, 1],
  fields: [{ name: 'mechanism', type: 'string' }],
} as const satisfies MessageSchema;
export type SaslHandshakeRequest = MessageOf<typeof saslHandshakeRequest>;

export const saslHandshakeResponse = {
  name: 'SaslHandshakeResponse',
  apiKey: 17,
  versions: [0, 1],
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'mechanisms', type: ['string'] },
  ],
} as const satisfies MessageSchema;
export type SaslHandshakeResponse = MessageOf<typeof saslHandshakeResponse>;
