import type { MessageOf, MessageSchema, StructSchema } from '../../schema.ts';

const taskId = {
  name: 'TaskId',
  fields: [
    { name: 'topicGroupId', type: 'int32', versions: '1-6' },
    { name: 'partition', type: 'int32', versions: '1-6' },
  ],
} as const satisfies StructSchema;
export type TaskId = MessageOf<typeof taskId>;

const partitionToOffsetSum = {
  name: 'PartitionToOffsetSum',
  fields: [
    { name: 'partition', type: 'int32', versions: '7-9' },
    { name: 'offsetSum', type: 'int64', versions: '7-9' },
  ],
} as const satisfies StructSchema;
export type PartitionToOffsetSum = MessageOf<typeof partitionToOffsetSum>;

const taskOffsetSum = {
  name: 'TaskOffsetSum',
  fields: [
    { name: 'topicGroupId', type: 'int32', versions: '7+' },
    { name: 'partition', type: 'int32', versions: '10+' },
    { name: 'offsetSum', type: 'int64', versions: '10+' },
    { name: 'namedTopology', type: 'string', versions: '10+', nullable: '10+' },
    { name: 'partitionToOffsetSum', type: [partitionToOffsetSum], versions: '7-9' },
  ],
} as const satisfies StructSchema;
export type TaskOffsetSum = MessageOf<typeof taskOffsetSum>;

const clientTag = {
  name: 'ClientTag',
  fields: [
    { name: 'key', type: 'bytes', versions: '11+' },
    { name: 'value', type: 'bytes', versions: '11+' },
  ],
} as const satisfies StructSchema;
export type ClientTag = MessageOf<typeof clientTag>;

export const subscriptionInfoData = {
  name: 'SubscriptionInfoData',
  versions: [1, 11],
  fields: [
    { name: 'version', type: 'int32' },
    { name: 'latestSupportedVersion', type: 'int32', versions: '3+', default: -1 },
    { name: 'processId', type: 'uuid' },
    { name: 'prevTasks', type: [taskId], versions: '1-6' },
    { name: 'standbyTasks', type: [taskId], versions: '1-6' },
    { name: 'userEndPoint', type: 'bytes', versions: '2+' },
    { name: 'taskOffsetSums', type: [taskOffsetSum], versions: '7+' },
    { name: 'uniqueField', type: 'int8', versions: '8+' },
    { name: 'errorCode', type: 'int32', versions: '9+' },
    { name: 'clientTags', type: [clientTag], versions: '11+' },
  ],
} as const satisfies MessageSchema;
export type SubscriptionInfoData = MessageOf<typeof subscriptionInfoData>;
