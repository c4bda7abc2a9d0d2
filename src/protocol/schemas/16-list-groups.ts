import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

export const listGroupsRequest = {
  name: 'ListGroupsRequest',
  apiKey: 16,
  versions: [0, 5],
  flexibleSince: 3,
  fields: [
    { name: 'statesFilter', type: ['string'], versions: '4+' },
    { name: 'typesFilter', type: ['string'], versions: '5+' },
  ],
} as const satisfies MessageSchema;
export type ListGroupsRequest = MessageOf<typeof listGroupsRequest>;

const listedGroup = {
  name: 'ListedGroup',
  fields: [
    { name: 'groupId', type: 'string' },
    { name: 'protocolType', type: 'string' },
    { name: 'groupState', type: 'string', versions: '4+', ignorable: true },
    { name: 'groupType', type: 'string', versions: '5+', ignorable: true },
  ],
} as const satisfies StructSchema;
export type ListedGroup = MessageOf<typeof listedGroup>;

export const listGroupsResponse = {
  name: 'ListGroupsResponse',
  apiKey: 16,
  versions: [0, 5],
  flexibleSince: 3,
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '1+', ignorable: true },
    { name: 'errorCode', type: 'int16' },
    { name: 'groups', type: [listedGroup] },
  ],
} as const satisfies MessageSchema;
export type ListGroupsResponse = MessageOf<typeof listGroupsResponse>;
