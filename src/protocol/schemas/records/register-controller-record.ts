import type { MessageOf, MessageSchema, StructSchema } from '../../schema.ts';

const controllerEndpoint = {
  name: 'ControllerEndpoint',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'host', type: 'string' },
    { name: 'port', type: 'uint16' },
    { name: 'securityProtocol', type: 'int16' },
  ],
} as const satisfies StructSchema;
export type ControllerEndpoint = MessageOf<typeof controllerEndpoint>;

const controllerFeature = {
  name: 'ControllerFeature',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'minSupportedVersion', type: 'int16' },
    { name: 'maxSupportedVersion', type: 'int16' },
  ],
} as const satisfies StructSchema;
export type ControllerFeature = MessageOf<typeof controllerFeature>;

export const registerControllerRecord = {
  name: 'RegisterControllerRecord',
  apiKey: 27,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'controllerId', type: 'int32' },
    { name: 'incarnationId', type: 'uuid' },
    { name: 'zkMigrationReady', type: 'bool' },
    { name: 'endPoints', type: [controllerEndpoint] },
    { name: 'features', type: [controllerFeature] },
  ],
} as const satisfies MessageSchema;
export type RegisterControllerRecord = MessageOf<typeof registerControllerRecord>;
