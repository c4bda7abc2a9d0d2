import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const memberIdentity = {
  name: 'MemberIdentity',
  fields: [
    { name: 'memberId', type: 'string', versions: '3+' },
    { name: 'groupInstanceId', type: 'string', versions: '3+', nullable: '3+', default: null },
    {
      name: 'reason',
      type: 'string',
      versions: '5+',
      nullable: '5+',
      default: null,
      ignorable: true,
    },
  ],
} as const satisfies StructSchema;
export type MemberIdentity = MessageOf<typeof memberIdentity>;

export const leaveGroupRequest = {
  name: 'LeaveGroupRequest',
  apiKey: 13,
  versions: [0, 5],
  flexibleSince: 4,
  fields: [
    { name: 'groupId', type: 'string' },
    { name: 'memberId', type: 'string', versions: '0-2' },
    { name: 'members', type: [memberIdentity], versions: '3+' },
  ],
} as const satisfies MessageSchema;
export type LeaveGroupRequest = MessageOf<typeof leaveGroupRequest>;

const memberResponse = {
  name: 'MemberResponse',
  fields: [
    { name: 'memberId', type: 'string', versions: '3+' },
    { name: 'groupInstanceId', type: 'string', versions: '3+', nullable: '3+' },
    { name: 'errorCode', type: 'int16', versions: '3+' },
  ],
} as const satisfies StructSchema;
export type MemberResponse = MessageOf<typeof memberResponse>;

export const leaveGroupResponse = {
  name: 'LeaveGroupResponse',
  apiKey: 13,
  versions: [0, 5],
  flexibleSince: 4,
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '1+', ignorable: true },
    { name: 'errorCode', type: 'int16' },
    { name: 'members', type: [memberResponse], versions: '3+' },
  ],
} as const satisfies MessageSchema;
export type LeaveGroupResponse = MessageOf<typeof leaveGroupResponse>;
