import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

export const consumerGroupDescribeRequest = {
  name: 'ConsumerGroupDescribeRequest',
  apiKey: 69,
  versions: [0, 1],
  flexibleSince: 0,
  fields: [
    { name: 'groupIds', type: ['string'] },
    { name: 'includeAuthorizedOperations', type: 'bool' },
  ],
} as const satisfies MessageSchema;
export type ConsumerGroupDescribeRequest = MessageOf<typeof consumerGroupDescribeRequest>;

const topicPartitions = {
  name: 'TopicPartitions',
  fields: [
    { name: 'topicId', type: 'uuid' },
    { name: 'topicName', type: 'string' },
    { name: 'partitions', type: ['int32'] },
  ],
} as const satisfies StructSchema;
export type TopicPartitions = MessageOf<typeof topicPartitions>;

const assignment = {
  name: 'Assignment',
  fields: [{ name: 'topicPartitions', type: [topicPartitions] }],
} as const satisfies StructSchema;
export type Assignment = MessageOf<typeof assignment>;

const member = {
  name: 'Member',
  fields: [
    { name: 'memberId', type: 'string' },
    { name: 'instanceId', type: 'string', nullable: '0+', default: null },
    { name: 'rackId', type: 'string', nullable: '0+', default: null },
    { name: 'memberEpoch', type: 'int32' },
    { name: 'clientId', type: 'string' },
    { name: 'clientHost', type: 'string' },
    { name: 'subscribedTopicNames', type: ['string'] },
    { name: 'subscribedTopicRegex', type: 'string', nullable: '0+', default: null },
    { name: 'assignment', type: assignment },
    { name: 'targetAssignment', type: assignment },
    { name: 'memberType', type: 'int8', versions: '1+', default: -1, ignorable: true },
  ],
} as const satisfies StructSchema;
export type Member = MessageOf<typeof member>;

const describedGroup = {
  name: 'DescribedGroup',
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: '0+', default: null },
    { name: 'groupId', type: 'string' },
    { name: 'groupState', type: 'string' },
    { name: 'groupEpoch', type: 'int32' },
    { name: 'assignmentEpoch', type: 'int32' },
    { name: 'assignorName', type: 'string' },
    { name: 'members', type: [member] },
    { name: 'authorizedOperations', type: 'int32', default: -2147483648 },
  ],
} as const satisfies StructSchema;
export type DescribedGroup = MessageOf<typeof describedGroup>;

export const consumerGroupDescribeResponse = {
  name: 'ConsumerGroupDescribeResponse',
  apiKey: 69,
  versions: [0, 1],
  flexibleSince: 0,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'groups', type: [describedGroup] },
  ],
} as const satisfies MessageSchema;
export type ConsumerGroupDescribeResponse = MessageOf<typeof consumerGroupDescribeResponse>;
