import type { MessageOf, MessageSchema } from '../schema.ts';

export const requestHeader = {
  name: 'RequestHeader',
  versions: [0, 2],
  flexibleSince: 2,
  fields: [
    { name: 'requestApiKey', type: 'int16' },
    { name: 'requestApiVersion', type: 'int16' },
    { name: 'correlationId', type: 'int32' },
    { name: 'clientId', type: 'string', versions: '1+', nullable: '1+', flexible: 'none' },
  ],
} as const satisfies MessageSchema;
export type RequestHeader = MessageOf<typeof requestHeader>;

export const responseHeader = {
  name: 'ResponseHeader',
  versions: [0, 1],
  flexibleSince: 1,
  fields: [{ name: 'correlationId', type: 'int32' }],
} as const satisfies MessageSchema;
export type ResponseHeader = MessageOf<typeof responseHeader>;
