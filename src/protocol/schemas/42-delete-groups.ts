import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

export const deleteGroupsRequest = {
  name: 'DeleteGroupsRequest',
  apiKey: 42,
  versions: [0, 2],
  flexibleSince: 2,
  fields: [{ name: 'groupsNames', type: ['string'] }],
} as const satisfies MessageSchema;
export type DeleteGroupsRequest = MessageOf<typeof deleteGroupsRequest>;

const deletableGroupResult = {
  name: 'DeletableGroupResult',
  fields: [
    { name: 'groupId', type: 'string' },
    { name: 'errorCode', type: 'int16' },
  ],
} as const satisfies StructSchema;
export type DeletableGroupResult = MessageOf<typeof deletableGroupResult>;

export const deleteGroupsResponse = {
  name: 'DeleteGroupsResponse',
  apiKey: 42,
  versions: [0, 2],
  flexibleSince: 2,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'results', type: [deletableGroupResult] },
  ],
} as const satisfies MessageSchema;
export type DeleteGroupsResponse = MessageOf<typeof deleteGroupsResponse>;
