import type { MessageOf, MessageSchema } from '../../schema.ts';

export const producerIdsRecord = {
  name: 'ProducerIdsRecord',
  apiKey: 15,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'brokerId', type: 'int32' },
    { name: 'brokerEpoch', type: 'int64', default: -1 },
    { name: 'nextProducerId', type: 'int64' },
  ],
} as const satisfies MessageSchema;
export type ProducerIdsRecord = MessageOf<typeof producerIdsRecord>;
