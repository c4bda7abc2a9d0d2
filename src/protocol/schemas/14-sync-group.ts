import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const syncGroupRequestAssignment = {
  name: 'SyncGroupRequestAssignment',
  fields: [
    { name: 'memberId', type: 'string' },
    { name: 'assignment', type: 'bytes' },
  ],
} as const satisfies StructSchema;
export type SyncGroupRequestAssignment = MessageOf<typeof syncGroupRequestAssignment>;

export const syncGroupRequest = {
  name: 'SyncGroupRequest',
  apiKey: 14,
  versions: [0, 5],
  flexibleSince: 4,
  fields: [
    { name: 'groupId', type: 'string' },
    { name: 'generationId', type: 'int32' },
    { name: 'memberId', type: 'string' },
    { name: 'groupInstanceId', type: 'string', versions: '3+', nullable: '3+', default: null },
    {
      name: 'protocolType',
      type: 'string',
      versions: '5+',
      nullable: '5+',
      default: null,
      ignorable: true,
    },
    {
      name: 'protocolName',
      type: 'string',
      versions: '5+',
      nullable: '5+',
      default: null,
      ignorable: true,
    },
    { name: 'assignments', type: [syncGroupRequestAssignment] },
  ],
} as const satisfies MessageSchema;
export type SyncGroupRequest = MessageOf<typeof syncGroupRequest>;

export const syncGroupResponse = {
  name: 'SyncGroupResponse',
  apiKey: 14,
  versions: [0, 5],
  flexibleSince: 4,
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '1+', ignorable: true },
    { name: 'errorCode', type: 'int16' },
    {
      name: 'protocolType',
      type: 'string',
      versions: '5+',
      nullable: '5+',
      default: null,
      ignorable: true,
    },
    {
      name: 'protocolName',
      type: 'string',
      versions: '5+',
      nullable: '5+',
      default: null,
      ignorable: true,
    },
    { name: 'assignment', type: 'bytes' },
  ],
} as const satisfies MessageSchema;
export type SyncGroupResponse = MessageOf<typeof syncGroupResponse>;
