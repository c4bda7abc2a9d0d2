import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const joinGroupRequestProtocol = {
  name: 'JoinGroupRequestProtocol',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'metadata', type: 'bytes' },
  ],
} as const satisfies StructSchema;
export type JoinGroupRequestProtocol = MessageOf<typeof joinGroupRequestProtocol>;

export const joinGroupRequest = {
  name: 'JoinGroupRequest',
  apiKey: 11,
  versions: [0, 9],
  flexibleSince: 6,
  fields: [
    { name: 'groupId', type: 'string' },
    { name: 'sessionTimeoutMs', type: 'int32' },
    { name: 'rebalanceTimeoutMs', type: 'int32', versions: '1+', default: -1, ignorable: true },
    { name: 'memberId', type: 'string' },
    { name: 'groupInstanceId', type: 'string', versions: '5+', nullable: '5+', default: null },
    { name: 'protocolType', type: 'string' },
    { name: 'protocols', type: [joinGroupRequestProtocol] },
    {
      name: 'reason',
      type: 'string',
      versions: '8+',
      nullable: '8+',
      default: null,
      ignorable: true,
    },
  ],
} as const satisfies MessageSchema;
export type JoinGroupRequest = MessageOf<typeof joinGroupRequest>;

const joinGroupResponseMember = {
  name: 'JoinGroupResponseMember',
  fields: [
    { name: 'memberId', type: 'string' },
    {
      name: 'groupInstanceId',
      type: 'string',
      versions: '5+',
      nullable: '5+',
      default: null,
      ignorable: true,
    },
    { name: 'metadata', type: 'bytes' },
  ],
} as const satisfies StructSchema;
export type JoinGroupResponseMember = MessageOf<typeof joinGroupResponseMember>;

export const joinGroupResponse = {
  name: 'JoinGroupResponse',
  apiKey: 11,
  versions: [0, 9],
  flexibleSince: 6,
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '2+', ignorable: true },
    { name: 'errorCode', type: 'int16' },
    { name: 'generationId', type: 'int32', default: -1 },
    {
      name: 'protocolType',
      type: 'string',
      versions: '7+',
      nullable: '7+',
      default: null,
      ignorable: true,
    },
    { name: 'protocolName', type: 'string', nullable: '7+' },
    { name: 'leader', type: 'string' },
    { name: 'skipAssignment', type: 'bool', versions: '9+' },
    { name: 'memberId', type: 'string' },
    { name: 'members', type: [joinGroupResponseMember] },
  ],
} as const satisfies MessageSchema;
export type JoinGroupResponse = MessageOf<typeof joinGroupResponse>;
