import type { MessageOf, MessageSchema, StructSchema } from '../../schema.ts';

export const groupMetadataKey = {
  name: 'GroupMetadataKey',
  versions: [2, 2],
  fields: [{ name: 'group', type: 'string' }],
} as const satisfies MessageSchema;
export type GroupMetadataKey = MessageOf<typeof groupMetadataKey>;

const memberMetadata = {
  name: 'MemberMetadata',
  fields: [
    { name: 'memberId', type: 'string' },
    {
      name: 'groupInstanceId',
      type: 'string',
      versions: '3+',
      nullable: '3+',
      default: null,
      ignorable: true,
    },
    { name: 'clientId', type: 'string' },
    { name: 'clientHost', type: 'string' },
    { name: 'rebalanceTimeout', type: 'int32', versions: '1+', default: -1, ignorable: true },
    { name: 'sessionTimeout', type: 'int32' },
    { name: 'subscription', type: 'bytes' },
    { name: 'assignment', type: 'bytes' },
  ],
} as const satisfies StructSchema;
export type MemberMetadata = MessageOf<typeof memberMetadata>;

export const groupMetadataValue = {
  name: 'GroupMetadataValue',
  versions: [0, 4],
  flexibleSince: 4,
  fields: [
    { name: 'protocolType', type: 'string' },
    { name: 'generation', type: 'int32' },
    { name: 'protocol', type: 'string', nullable: '0+' },
    { name: 'leader', type: 'string', nullable: '0+' },
    { name: 'currentStateTimestamp', type: 'int64', versions: '2+', default: -1, ignorable: true },
    { name: 'members', type: [memberMetadata] },
  ],
} as const satisfies MessageSchema;
export type GroupMetadataValue = MessageOf<typeof groupMetadataValue>;
