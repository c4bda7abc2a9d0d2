import type { MessageOf, MessageSchema } from '../schema.ts';

export const initProducerIdRequest = {
  name: 'InitProducerIdRequest',
  apiKey: 22,
  versions: [0, 6],
  flexibleSince: 2,
  fields: [
    { name: 'transactionalId', type: 'string', nullable: '0+' },
    { name: 'transactionTimeoutMs', type: 'int32' },
    { name: 'producerId', type: 'int64', versions: '3+', default: -1 },
    { name: 'producerEpoch', type: 'int16', versions: '3+', default: -1 },
    { name: 'enable2Pc', type: 'bool', versions: '6+' },
    { name: 'keepPreparedTxn', type: 'bool', versions: '6+' },
  ],
} as const satisfies MessageSchema;
export type InitProducerIdRequest = MessageOf<typeof initProducerIdRequest>;

export const initProducerIdResponse = {
  name: 'InitProducerIdResponse',
  apiKey: 22,
  versions: [0, 6],
  flexibleSince: 2,
  fields: [
    { name: 'throttleTimeMs', type: 'int32', ignorable: true },
    { name: 'errorCode', type: 'int16' },
    { name: 'producerId', type: 'int64', default: -1 },
    { name: 'producerEpoch', type: 'int16' },
    { name: 'ongoingTxnProducerId', type: 'int64', versions: '6+', default: -1 },
    { name: 'ongoingTxnProducerEpoch', type: 'int16', versions: '6+', default: -1 },
  ],
} as const satisfies MessageSchema;
export type InitProducerIdResponse = MessageOf<typeof initProducerIdResponse>;
