import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const describableLogDirTopic = {
  name: 'DescribableLogDirTopic',
  fields: [
    { name: 'topic', type: 'string' },
    { name: 'partitions', type: ['int32'] },
  ],
} as const satisfies StructSchema;
export type DescribableLogDirTopic = MessageOf<typeof describableLogDirTopic>;

export const describeLogDirsRequest = {
  name: 'DescribeLogDirsRequest',
  apiKey: 35,
  versions: [0, 4],
  flexibleSince: 2,
  fields: [{ name: 'topics', type: [describableLogDirTopic], nullable: '0+' }],
} as const satisfies MessageSchema;
export type DescribeLogDirsRequest = MessageOf<typeof describeLogDirsRequest>;

const describeLogDirsPartition = {
  name: 'DescribeLogDirsPartition',
  fields: [
    { name: 'partitionIndex', type: 'int32' },
    { name: 'partitionSize', type: 'int64' },
    { name: 'offsetLag', type: 'int64' },
    { name: 'isFutureKey', type: 'bool' },
  ],
} as const satisfies StructSchema;
export type DescribeLogDirsPartition = MessageOf<typeof describeLogDirsPartition>;

const describeLogDirsTopic = {
  name: 'DescribeLogDirsTopic',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'partitions', type: [describeLogDirsPartition] },
  ],
} as const satisfies StructSchema;
export type DescribeLogDirsTopic = MessageOf<typeof describeLogDirsTopic>;

const describeLogDirsResult = {
  name: 'DescribeLogDirsResult',
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'logDir', type: 'string' },
    { name: 'topics', type: [describeLogDirsTopic] },
    { name: 'totalBytes', type: 'int64', versions: '4+', default: -1, ignorable: true },
    { name: 'usableBytes', type: 'int64', versions: '4+', default: -1, ignorable: true },
  ],
} as const satisfies StructSchema;
export type DescribeLogDirsResult = MessageOf<typeof describeLogDirsResult>;

export const describeLogDirsResponse = {
  name: 'DescribeLogDirsResponse',
  apiKey: 35,
  versions: [0, 4],
  flexibleSince: 2,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'errorCode', type: 'int16', versions: '3+', ignorable: true },
    { name: 'results', type: [describeLogDirsResult] },
  ],
} as const satisfies MessageSchema;
export type DescribeLogDirsResponse = MessageOf<typeof describeLogDirsResponse>;
