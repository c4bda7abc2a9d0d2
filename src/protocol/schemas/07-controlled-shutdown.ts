import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

export const controlledShutdownRequest = {
  name: 'ControlledShutdownRequest',
  apiKey: 7,
  versions: [0, 3],
  flexibleSince: 3,
  fields: [
    { name: 'brokerId', type: 'int32' },
    { name: 'brokerEpoch', type: 'int64', versions: '2+', default: -1, ignorable: true },
  ],
} as const satisfies MessageSchema;
export type ControlledShutdownRequest = MessageOf<typeof controlledShutdownRequest>;

const remainingPartition = {
  name: 'RemainingPartition',
  fields: [
    { name: 'topicName', type: 'string' },
    { name: 'partitionIndex', type: 'int32' },
  ],
} as const satisfies StructSchema;
export type RemainingPartition = MessageOf<typeof remainingPartition>;

export const controlledShutdownResponse = {
  name: 'ControlledShutdownResponse',
  apiKey: 7,
  versions: [0, 3],
  flexibleSince: 3,
  fields: [
    { name: 'errorCode', type: 'int16' },
    { name: 'remainingPartitions', type: [remainingPartition] },
  ],
} as const satisfies MessageSchema;
export type ControlledShutdownResponse = MessageOf<typeof controlledShutdownResponse>;
