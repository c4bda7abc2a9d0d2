import type { MessageOf, MessageSchema } from '../../schema.ts';

export const brokerRegistrationChangeRecord = {
  name: 'BrokerRegistrationChangeRecord',
  apiKey: 17,
  versions: [0, 2],
  flexibleSince: 0,
  fields: [
    { name: 'brokerId', type: 'int32' },
    { name: 'brokerEpoch', type: 'int64' },
    { name: 'fenced', type: 'int8', tag: 0, tagged: '0+' },
    { name: 'inControlledShutdown', type: 'int8', versions: '1+', tag: 1, tagged: '1+' },
    { name: 'logDirs', type: ['uuid'], versions: '2+', tag: 2, tagged: '2+' },
  ],
} as const satisfies MessageSchema;
export type BrokerRegistrationChangeRecord = MessageOf<typeof brokerRegistrationChangeRecord>;
