import type { MessageOf, MessageSchema } from '../schema.ts';

export const addOffsetsToTxnRequest = {
  name: 'AddOffsetsToTxnRequest',
  apiKey: 25,
  versions: [0, 4],
  flexibleSince: 3,
  fields: [
    { name: 'transactionalId', type: 'string' },
    { name: 'producerId', type: 'int64' },
    { name: 'producerEpoch', type: 'int16' },
    { name: 'groupId', type: 'string' },
  ],
} as const satisfies MessageSchema;
export type AddOffsetsToTxnRequest = MessageOf<typeof addOffsetsToTxnRequest>;

export const addOffsetsToTxnResponse = {
  name: 'AddOffsetsToTxnResponse',
  apiKey: 25,
  versions: [0, 4],
  flexibleSince: 3,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
  ],
} as const satisfies MessageSchema;
export type AddOffsetsToTxnResponse = MessageOf<typeof addOffsetsToTxnResponse>;
