import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const aclCreation = {
  name: 'AclCreation',
  fields: [
    { name: 'resourceType', type: 'int8' },
    { name: 'resourceName', type: 'string' },
    { name: 'resourcePatternType', type: 'int8', versions: '1+', default: 3 },
    { name: 'principal', type: 'string' },
    { name: 'host', type: 'string' },
    { name: 'operation', type: 'int8' },
    { name: 'permissionType', type: 'int8' },
  ],
} as const satisfies StructSchema;
export type AclCreation = MessageOf<typeof aclCreation>;

export const createAclsRequest = {
  name: 'CreateAclsRequest',
  apiKey: 30,
  versions: [0, 3],
  flexibleSince: 2,
  fields: [{ name: 'creations', type: [aclCreation] }],
} as const satisfies MessageSchema;
export type CreateAclsRequest = MessageOf<typeof createAclsRequest>;

const aclCreationResult = {
  name: 'AclCreationResult',
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: '0+' },
  ],
} as const satisfies StructSchema;
export type AclCreationResult = MessageOf<typeof aclCreationResult>;

export const createAclsResponse = {
  name: 'CreateAclsResponse',
  apiKey: 30,
  versions: [0, 3],
  flexibleSince: 2,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'results', type: [aclCreationResult] },
  ],
} as const satisfies MessageSchema;
export type CreateAclsResponse = MessageOf<typeof createAclsResponse>;
