import type { MessageOf, MessageSchema, StructSchema } from '../../schema.ts';

const brokerEndpoint = {
  name: 'BrokerEndpoint',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'host', type: 'string' },
    { name: 'port', type: 'uint16' },
    { name: 'securityProtocol', type: 'int16' },
  ],
} as const satisfies StructSchema;
export type BrokerEndpoint = MessageOf<typeof brokerEndpoint>;

const brokerFeature = {
  name: 'BrokerFeature',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'minSupportedVersion', type: 'int16' },
    { name: 'maxSupportedVersion', type: 'int16' },
  ],
} as const satisfies StructSchema;
export type BrokerFeature = MessageOf<typeof brokerFeature>;

export const registerBrokerRecord = {
  name: 'RegisterBrokerRecord',
  apiKey: 0,
  versions: [0, 3],
  flexibleSince: 0,
  fields: [
    { name: 'brokerId', type: 'int32' },
    { name: 'isMigratingZkBroker', type: 'bool', versions: '2+' },
    { name: 'incarnationId', type: 'uuid' },
    { name: 'brokerEpoch', type: 'int64' },
    { name: 'endPoints', type: [brokerEndpoint] },
    { name: 'features', type: [brokerFeature] },
    { name: 'rack', type: 'string', nullable: '0+' },
    { name: 'fenced', type: 'bool', default: true },
    { name: 'inControlledShutdown', type: 'bool', versions: '1+' },
    { name: 'logDirs', type: ['uuid'], versions: '3+', tag: 0, tagged: '3+' },
  ],
} as const satisfies MessageSchema;
export type RegisterBrokerRecord = MessageOf<typeof registerBrokerRecord>;
