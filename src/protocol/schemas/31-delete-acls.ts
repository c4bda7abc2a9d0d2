import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const deleteAclsFilter = {
  name: 'DeleteAclsFilter',
  fields: [
    { name: 'resourceTypeFilter', type: 'int8' },
    { name: 'resourceNameFilter', type: 'string', nullable: '0+' },
    { name: 'patternTypeFilter', type: 'int8', versions: '1+', default: 3 },
    { name: 'principalFilter', type: 'string', nullable: '0+' },
    { name: 'hostFilter', type: 'string', nullable: '0+' },
    { name: 'operation', type: 'int8' },
    { name: 'permissionType', type: 'int8' },
  ],
} as const satisfies StructSchema;
export type DeleteAclsFilter = MessageOf<typeof deleteAclsFilter>;

export const deleteAclsRequest = {
  name: 'DeleteAclsRequest',
  apiKey: 31,
  versions: [0, 3],
  flexibleSince: 2,
  fields: [{ name: 'filters', type: [deleteAclsFilter] }],
} as const satisfies MessageSchema;
export type DeleteAclsRequest = MessageOf<typeof deleteAclsRequest>;

const deleteAclsMatchingAcl = {
  name: 'DeleteAclsMatchingAcl',
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: '0+' },
    { name: 'resourceType', type: 'int8' },
    { name: 'resourceName', type: 'string' },
    { name: 'patternType', type: 'int8', versions: '1+', default: 3 },
    { name: 'principal', type: 'string' },
    { name: 'host', type: 'string' },
    { name: 'operation', type: 'int8' },
    { name: 'permissionType', type: 'int8' },
  ],
} as const satisfies StructSchema;
export type DeleteAclsMatchingAcl = MessageOf<typeof deleteAclsMatchingAcl>;

const deleteAclsFilterResult = {
  name: 'DeleteAclsFilterResult',
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: '0+' },
    { name: 'matchingAcls', type: [deleteAclsMatchingAcl] },
  ],
} as const satisfies StructSchema;
export type DeleteAclsFilterResult = MessageOf<typeof deleteAclsFilterResult>;

export const deleteAclsResponse = {
  name: 'DeleteAclsResponse',
  apiKey: 31,
  versions: [0, 3],
  flexibleSince: 2,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'filterResults', type: [deleteAclsFilterResult] },
  ],
} as const satisfies MessageSchema;
export type DeleteAclsResponse = MessageOf<typeof deleteAclsResponse>;
