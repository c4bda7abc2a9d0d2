import type { MessageOf, MessageSchema } from '../schema.ts';

export const allocateProducerIdsRequest = {
  name: 'AllocateProducerIdsRequest',
  apiKey: 67,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'brokerId', type: 'int32' },
    { name: 'brokerEpoch', type: 'int64', default: -1 },
  ],
} as const satisfies MessageSchema;
export type AllocateProducerIdsRequest = MessageOf<typeof allocateProducerIdsRequest>;

export const allocateProducerIdsResponse = {
  name: 'AllocateProducerIdsResponse',
  apiKey: 67,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'producerIdStart', type: 'int64' },
    { name: 'producerIdLen', type: 'int32' },
  ],
} as const satisfies MessageSchema;
export type AllocateProducerIdsResponse = MessageOf<typeof allocateProducerIdsResponse>;
