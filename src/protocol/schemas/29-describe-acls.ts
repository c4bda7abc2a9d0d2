import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

export const describeAclsRequest = {
  name: 'DescribeAclsRequest',
  apiKey: 29,
  versions: [0, 3],
  flexibleSince: 2,
  fields: [
    { name: 'resourceTypeFilter', type: 'int8' },
    { name: 'resourceNameFilter', type: 'string', nullable: '0+' },
    { name: 'patternTypeFilter', type: 'int8', versions: '1+', default: 3 },
    { name: 'principalFilter', type: 'string', nullable: '0+' },
    { name: 'hostFilter', type: 'string', nullable: '0+' },
    { name: 'operation', type: 'int8' },
    { name: 'permissionType', type: 'int8' },
  ],
} as const satisfies MessageSchema;
export type DescribeAclsRequest = MessageOf<typeof describeAclsRequest>;

const aclDescription = {
  name: 'AclDescription',
  fields: [
    { name: 'principal', type: 'string' },
    { name: 'host', type: 'string' },
    { name: 'operation', type: 'int8' },
    { name: 'permissionType', type: 'int8' },
  ],
} as const satisfies StructSchema;
export type AclDescription = MessageOf<typeof aclDescription>;

const describeAclsResource = {
  name: 'DescribeAclsResource',
  fields: [
    { name: 'resourceType', type: 'int8' },
    { name: 'resourceName', type: 'string' },
    { name: 'patternType', type: 'int8', versions: '1+', default: 3 },
    { name: 'acls', type: [aclDescription] },
  ],
} as const satisfies StructSchema;
export type DescribeAclsResource = MessageOf<typeof describeAclsResource>;

export const describeAclsResponse = {
  name: 'DescribeAclsResponse',
  apiKey: 29,
  versions: [0, 3],
  flexibleSince: 2,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: '0+' },
    { name: 'resources', type: [describeAclsResource] },
  ],
} as const satisfies MessageSchema;
export type DescribeAclsResponse = MessageOf<typeof describeAclsResponse>;
