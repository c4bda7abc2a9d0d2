import type { MessageOf, MessageSchema } from '../schema.ts';

export const saslAuthenticateRequest = {
  name: 'SaslAuthenticateRequest',
  apiKey: 36,
  versions: [0, 2],
  flexibleSince: 2,
  fields: [{ name: 'authBytes', type: 'bytes' }],
} as const satisfies MessageSchema;
export type SaslAuthenticateRequest = MessageOf<typeof saslAuthenticateRequest>;

export const saslAuthenticateResponse = {
  name: 'SaslAuthenticateResponse',
  apiKey: 36,
  versions: [0, 2],
  flexibleSince: 2,
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: '0+' },
    { name: 'authBytes', type: 'bytes' },
    { name: 'sessionLifetimeMs', type: 'int64', versions: '1+', ignorable: true },
  ],
} as const satisfies MessageSchema;
export type SaslAuthenticateResponse = MessageOf<typeof saslAuthenticateResponse>;
