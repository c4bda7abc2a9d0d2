import type { MessageOf, MessageSchema } from '../../schema.ts';

export const unregisterBrokerRecord = {
  name: 'UnregisterBrokerRecord',
  apiKey: 1,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'brokerId', type: 'int32' },
    { name: 'brokerEpoch', type: 'int64' },
  ],
} as const satisfies MessageSchema;
export type UnregisterBrokerRecord = MessageOf<typeof unregisterBrokerRecord>;
