import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

export const listTransactionsRequest = {
  name: 'ListTransactionsRequest',
  apiKey: 66,
  versions: [0, 2],
  flexibleSince: 0,
  fields: [
    { name: 'stateFilters', type: ['string'] },
    { name: 'producerIdFilters', type: ['int64'] },
    { name: 'durationFilter', type: 'int64', versions: '1+', default: -1 },
    {
      name: 'transactionalIdPattern',
      type: 'string',
      versions: '2+',
      nullable: '2+',
      default: null,
    },
  ],
} as const satisfies MessageSchema;
export type ListTransactionsRequest = MessageOf<typeof listTransactionsRequest>;

const transactionState = {
  name: 'TransactionState',
  fields: [
    { name: 'transactionalId', type: 'string' },
    { name: 'producerId', type: 'int64' },
    { name: 'transactionState', type: 'string' },
  ],
} as const satisfies StructSchema;
export type TransactionState = MessageOf<typeof transactionState>;

export const listTransactionsResponse = {
  name: 'ListTransactionsResponse',
  apiKey: 66,
  versions: [0, 2],
  flexibleSince: 0,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'unknownStateFilters', type: ['string'] },
    { name: 'transactionStates', type: [transactionState] },
  ],
} as const satisfies MessageSchema;
export type ListTransactionsResponse = MessageOf<typeof listTransactionsResponse>;
