import type { MessageOf, MessageSchema } from '../../schema.ts';

export const partitionRecord = {
  name: 'PartitionRecord',
  apiKey: 3,
  versions: [0, 2],
  flexibleSince: 0,
  fields: [
    { name: 'partitionId', type: 'int32', default: -1 },
    { name: 'topicId', type: 'uuid' },
    { name: 'replicas', type: ['int32'] },
    { name: 'isr', type: ['int32'] },
    { name: 'removingReplicas', type: ['int32'] },
    { name: 'addingReplicas', type: ['int32'] },
    { name: 'leader', type: 'int32', default: -1 },
    { name: 'leaderRecoveryState', type: 'int8', tag: 0, tagged: '0+' },
    { name: 'leaderEpoch', type: 'int32', default: -1 },
    { name: 'partitionEpoch', type: 'int32', default: -1 },
    { name: 'directories', type: ['uuid'], versions: '1+' },
    {
      name: 'eligibleLeaderReplicas',
      type: ['int32'],
      versions: '2+',
      nullable: '2+',
      tag: 1,
      tagged: '2+',
      default: null,
    },
    {
      name: 'lastKnownElr',
      type: ['int32'],
      versions: '2+',
      nullable: '2+',
      tag: 2,
      tagged: '2+',
      default: null,
    },
  ],
} as const satisfies MessageSchema;
export type PartitionRecord = MessageOf<typeof partitionRecord>;
