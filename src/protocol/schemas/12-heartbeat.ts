import type { MessageOf, MessageSchema } from '../schema.ts';

export const heartbeatRequest = {
  name: 'HeartbeatRequest',
  apiKey: 12,
  versions: [0, 4],
  flexibleSince: 4,
  fields: [
    { name: 'groupId', type: 'string' },
    { name: 'generationId', type: 'int32' },
    { name: 'memberId', type: 'string' },
    { name: 'groupInstanceId', type: 'string', versions: '3+', nullable: '3+', default: null },
  ],
} as const satisfies MessageSchema;
export type HeartbeatRequest = MessageOf<typeof heartbeatRequest>;

export const heartbeatResponse = {
  name: 'HeartbeatResponse',
  apiKey: 12,
  versions: [0, 4],
  flexibleSince: 4,
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '1+', ignorable: true },
    { name: 'errorCode', type: 'int16' },
  ],
} as const satisfies MessageSchema;
export type HeartbeatResponse = MessageOf<typeof heartbeatResponse>;
