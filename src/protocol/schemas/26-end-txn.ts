import type { MessageOf, MessageSchema } from '../schema.ts';

export const endTxnRequest = {
  name: 'EndTxnRequest',
  apiKey: 26,
  versions: [0, 5],
  flexibleSince: 3,
  fields: [
    { name: 'transactionalId', type: 'string' },
    { name: 'producerId', type: 'int64' },
    { name: 'producerEpoch', type: 'int16' },
    { name: 'committed', type: 'bool' },
  ],
} as const satisfies MessageSchema;
export type EndTxnRequest = MessageOf<typeof endTxnRequest>;

export const endTxnResponse = {
  name: 'EndTxnResponse',
  apiKey: 26,
  versions: [0, 5],
  flexibleSince: 3,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'producerId', type: 'int64', versions: '5+', default: -1, ignorable: true },
    { name: 'producerEpoch', type: 'int16', versions: '5+', default: -1, ignorable: true },
  ],
} as const satisfies MessageSchema;
export type EndTxnResponse = MessageOf<typeof endTxnResponse>;
