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

export const controllerRegistrationRequest = {
  name: 'ControllerRegistrationRequest',
  apiKey: 70,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'controllerId', type: 'int32' },
    { name: 'incarnationId', type: 'uuid' },
    { name: 'zkMigrationReady', type: 'bool' },
    { name: 'listeners', type: [listener] },
    { name: 'features', type: [feature] },
  ],
} as const satisfies MessageSchema;
export type ControllerRegistrationRequest = MessageOf<typeof controllerRegistrationRequest>;

export const controllerRegistrationResponse = {
  name: 'ControllerRegistrationResponse',
  apiKey: 70,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: '0+' },
  ],
} as const satisfies MessageSchema;
export type ControllerRegistrationResponse = MessageOf<typeof controllerRegistrationResponse>;
