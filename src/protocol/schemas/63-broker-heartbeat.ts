import type { MessageOf, MessageSchema } from '../schema.ts';

export const brokerHeartbeatRequest = {
  name: 'BrokerHeartbeatRequest',
  apiKey: 63,
  versions: [0, 1],
  flexibleSince: 0,
  fields: [
    { name: 'brokerId', type: 'int32' },
    { name: 'brokerEpoch', type: 'int64', default: -1 },
    { name: 'currentMetadataOffset', type: 'int64' },
    { name: 'wantFence', type: 'bool' },
    { name: 'wantShutDown', type: 'bool' },
    { name: 'offlineLogDirs', type: ['uuid'], versions: '1+', tag: 0, tagged: '1+' },
  ],
} as const satisfies MessageSchema;
export type BrokerHeartbeatRequest = MessageOf<typeof brokerHeartbeatRequest>;

export const brokerHeartbeatResponse = {
  name: 'BrokerHeartbeatResponse',
  apiKey: 63,
  versions: [0, 1],
  flexibleSince: 0,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'isCaughtUp', type: 'bool' },
    { name: 'isFenced', type: 'bool', default: true },
    { name: 'shouldShutDown', type: 'bool' },
  ],
} as const satisfies MessageSchema;
export type BrokerHeartbeatResponse = MessageOf<typeof brokerHeartbeatResponse>;
