import type { MessageOf, MessageSchema, StructSchema } from '../../schema.ts';

export const consumerGroupMemberMetadataKey = {
  name: 'ConsumerGroupMemberMetadataKey',
  versions: [5, 5],
  fields: [
    { name: 'groupId', type: 'string' },
    { name: 'memberId', type: 'string' },
  ],
} as const satisfies MessageSchema;
export type ConsumerGroupMemberMetadataKey = MessageOf<typeof consumerGroupMemberMetadataKey>;

const classicProtocol = {
  name: 'ClassicProtocol',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'metadata', type: 'bytes' },
  ],
} as const satisfies StructSchema;
export type ClassicProtocol = MessageOf<typeof classicProtocol>;

const classicMemberMetadata = {
  name: 'ClassicMemberMetadata',
  fields: [
    { name: 'sessionTimeoutMs', type: 'int32' },
    { name: 'supportedProtocols', type: [classicProtocol] },
  ],
} as const satisfies StructSchema;
export type ClassicMemberMetadata = MessageOf<typeof classicMemberMetadata>;

export const consumerGroupMemberMetadataValue = {
  name: 'ConsumerGroupMemberMetadataValue',
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'instanceId', type: 'string', nullable: '0+' },
    { name: 'rackId', type: 'string', nullable: '0+' },
    { name: 'clientId', type: 'string' },
    { name: 'clientHost', type: 'string' },
    { name: 'subscribedTopicNames', type: ['string'] },
    { name: 'subscribedTopicRegex', type: 'string', nullable: '0+' },
    { name: 'rebalanceTimeoutMs', type: 'int32', default: -1 },
    { name: 'serverAssignor', type: 'string', nullable: '0+' },
    {
      name: 'classicMemberMetadata',
      type: classicMemberMetadata,
      nullable: '0+',
      tag: 0,
      tagged: '0+',
      default: null,
    },
  ],
} as const satisfies MessageSchema;
export type ConsumerGroupMemberMetadataValue = MessageOf<typeof consumerGroupMemberMetadataValue>;
