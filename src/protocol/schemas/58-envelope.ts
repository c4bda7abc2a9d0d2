import type { MessageOf, MessageSchema } from '../schema.ts';

export const envelopeRequest = {
  name: 'EnvelopeRequest',
  apiKey: 58,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'requestData', type: 'bytes' },
    { name: 'requestPrincipal', type: 'bytes', nullable: '0+' },
    { name: 'clientHostAddress', type: 'bytes' },
  ],
} as const satisfies MessageSchema;
export type EnvelopeRequest = MessageOf<typeof envelopeRequest>;

export const envelopeResponse = {
  name: 'EnvelopeResponse',
  apiKey: 58,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'responseData', type: 'bytes', nullable: '0+', default: null },
    { name: 'errorCode', type: 'int16' },
  ],
} as const satisfies MessageSchema;
export type EnvelopeResponse = MessageOf<typeof envelopeResponse>;
