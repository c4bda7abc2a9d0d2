import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const listener = {
  name: 'Listener',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'host', type: 'string' },
    { name: 'port', type: 'uint16' },
    { name: 'securityProtocol', type: 'int16' },
  ],
} as const satisfies StructSchema;
export type Listener = MessageOf<typeof listener>;

const feature = {
  name: 'Feature',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'minSupportedVersion', type: 'int16' },
    { name: 'maxSupportedVersion', type: 'int16' },
  ],
} as const satisfies StructSchema;
export type Feature = MessageOf<typeof feature>;

export const brokerRegistrationRequest = {
  name: 'BrokerRegistrationRequest',
  apiKey: 62,
  versions: [0, 4],
  flexibleSince: 0,
  fields: [
    { name: 'brokerId', type: 'int32' },
    { name: 'clusterId', type: 'string' },
    { name: 'incarnationId', type: 'uuid' },
    { name: 'listeners', type: [listener] },
    { name: 'features', type: [feature] },
    { name: 'rack', type: 'string', nullable: '0+' },
    { name: 'isMigratingZkBroker', type: 'bool', versions: '1+' },
    { name: 'logDirs', type: ['uuid'], versions: '2+', ignorable: true },
    { name: 'previousBrokerEpoch', type: 'int64', versions: '3+', default: -1, ignorable: true },
  ],
} as const satisfies MessageSchema;
export type BrokerRegistrationRequest = MessageOf<typeof brokerRegistrationRequest>;

export const brokerRegistrationResponse = {
  name: 'BrokerRegistrationResponse',
  apiKey: 62,
  versions: [0, 4],
  flexibleSince: 0,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'brokerEpoch', type: 'int64', default: -1 },
  ],
} as const satisfies MessageSchema;
export type BrokerRegistrationResponse = MessageOf<typeof brokerRegistrationResponse>;
