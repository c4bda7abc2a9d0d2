import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

export const describeGroupsRequest = {
  name: 'DescribeGroupsRequest',
  apiKey: 15,
  versions: [0, 6],
  flexibleSince: 5,
  fields: [
    { name: 'groups', type: ['string'] },
    { name: 'includeAuthorizedOperations', type: 'bool', versions: '3+' },
  ],
} as const satisfies MessageSchema;
export type DescribeGroupsRequest = MessageOf<typeof describeGroupsRequest>;

const describedGroupMember = {
  name: 'DescribedGroupMember',
  fields: [
    { name: 'memberId', type: 'string' },
    {
      name: 'groupInstanceId',
      type: 'string',
      versions: '4+',
      nullable: '4+',
      default: null,
      ignorable: true,
    },
    { name: 'clientId', type: 'string' },
    { name: 'clientHost', type: 'string' },
    { name: 'memberMetadata', type: 'bytes' },
    { name: 'memberAssignment', type: 'bytes' },
  ],
} as const satisfies StructSchema;
export type DescribedGroupMember = MessageOf<typeof describedGroupMember>;

const describedGroup = {
  name: 'DescribedGroup',
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', versions: '6+', nullable: '6+', default: null },
    { name: 'groupId', type: 'string' },
    { name: 'groupState', type: 'string' },
    { name: 'protocolType', type: 'string' },
    { name: 'protocolData', type: 'string' },
    { name: 'members', type: [describedGroupMember] },
    { name: 'authorizedOperations', type: 'int32', versions: '3+', default: -2147483648 },
  ],
} as const satisfies StructSchema;
export type DescribedGroup = MessageOf<typeof describedGroup>;

export const describeGroupsResponse = {
  name: 'DescribeGroupsResponse',
  apiKey: 15,
  versions: [0, 6],
  flexibleSince: 5,
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '1+', ignorable: true },
    { name: 'groups', type: [describedGroup] },
  ],
} as const satisfies MessageSchema;
export type DescribeGroupsResponse = MessageOf<typeof describeGroupsResponse>;
