import { RecordBatchBuilder } from '../protocol/records/record-batch-builder.ts';
import type { StructSchema } from '../protocol/schema.ts';
import { includesVersion } from '../protocol/version-range.ts';

export type Message = Record<string, unknown>;

const orders = { name: 'orders', topic: 'orders', topicName: 'orders' };
const voterDirectoryId = 'O1UkV9W3XMloS48ISJhV9w';
const group = { groupId: 'g', memberId: '', generationId: -1, generationIdOrMemberEpoch: -1 };

/** A request of every API with something in it; a version takes the fields that it has. */
export const sampleRequests: Readonly<Record<number, () => Message>> = {
  0: () => ({
    acks: 1,
    timeoutMs: 100,
    transactionalId: null,
    topicData: [
      {
        ...orders,
        partitionData: [
          { index: 0, records: batch() },
          { index: 7, records: batch() },
        ],
      },
    ],
  }),
  1: () => ({
    replicaId: -1,
    minBytes: 1,
    maxBytes: 1_000,
    sessionEpoch: 0,
    topics: [
      {
        ...orders,
        partitions: [
          { partition: 0, partitionMaxBytes: 1_000 },
          { partition: 7, partitionMaxBytes: 1_000 },
        ],
      },
    ],
  }),
  2: () => ({
    replicaId: -1,
    topics: [
      {
        ...orders,
        partitions: [-1, -2, -3, -4, 5, -1].map((timestamp, index) => ({
          partitionIndex: index === 5 ? 9 : 0,
          timestamp,
        })),
      },
    ],
  }),
  3: () => ({
    topics: [{ name: 'orders' }, { name: 'missing' }],
    allowAutoTopicCreation: false,
    includeTopicAuthorizedOperations: true,
    includeClusterAuthorizedOperations: true,
  }),
  8: () => ({
    ...group,
    topics: [
      {
        ...orders,
        partitions: [
          { partitionIndex: 0, committedOffset: 3, committedMetadata: 'x' },
          { partitionIndex: 9, committedOffset: 3 },
        ],
      },
    ],
  }),
  9: () => ({
    ...group,
    topics: [{ ...orders, partitionIndexes: [0, 1] }],
    groups: [
      { groupId: 'g', topics: [{ ...orders, partitionIndexes: [0, 1] }] },
      { groupId: 'other', topics: null },
    ],
  }),
  10: () => ({ key: 'g', coordinatorKeys: ['g', 'h'], keyType: 0 }),
  11: () => ({
    ...group,
    groupId: 'j',
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    protocolType: 'consumer',
    protocols: [{ name: 'range' }],
  }),
  12: () => group,
  13: () => ({ ...group, members: [{ memberId: 'm' }] }),
  14: () => ({ ...group, assignments: [{ memberId: 'm' }] }),
  15: () => ({ groups: ['g', 'missing'], includeAuthorizedOperations: true }),
  16: () => ({ statesFilter: ['Empty'], typesFilter: ['classic'] }),
  18: () => ({ clientSoftwareName: 'test', clientSoftwareVersion: '1' }),
  19: () => ({
    timeoutMs: 100,
    topics: [
      { name: 'orders', numPartitions: 1, replicationFactor: 1 },
      { name: 'bad name', numPartitions: 1, replicationFactor: 1 },
    ],
  }),
  20: () => ({ timeoutMs: 100, topicNames: ['missing'], topics: [{ name: 'missing' }] }),
  21: () => ({
    timeoutMs: 100,
    topics: [
      {
        ...orders,
        partitions: [
          { partitionIndex: 0, offset: 0 },
          { partitionIndex: 9, offset: 0 },
        ],
      },
    ],
  }),
  22: () => ({ transactionalId: null, transactionTimeoutMs: 1_000 }),
  23: () => ({
    topics: [
      {
        ...orders,
        partitions: [
          { partition: 0, leaderEpoch: 0 },
          { partition: 9, leaderEpoch: 0 },
        ],
      },
    ],
  }),
  32: () => ({
    resources: [
      { resourceType: 2, resourceName: 'orders', configurationKeys: null },
      { resourceType: 4, resourceName: '1', configurationKeys: null },
      { resourceType: 4, resourceName: '9', configurationKeys: null },
    ],
    includeSynonyms: true,
  }),
  33: () => ({
    resources: [
      { resourceType: 2, resourceName: 'orders', configs: [{ name: 'retention.ms', value: '1' }] },
    ],
  }),
  35: () => ({ topics: null }),
  37: () => ({ timeoutMs: 100, topics: [{ name: 'orders', count: 1, assignments: null }] }),
  42: () => ({ groupsNames: ['missing'] }),
  43: () => ({
    electionType: 0,
    timeoutMs: 100,
    topicPartitions: [{ topic: 'orders', partitions: [0] }],
  }),
  44: () => ({
    resources: [
      {
        resourceType: 2,
        resourceName: 'orders',
        configs: [{ name: 'retention.ms', configOperation: 0, value: '1' }],
      },
    ],
  }),
  45: () => ({
    timeoutMs: 100,
    topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, replicas: [1] }] }],
  }),
  57: () => ({
    timeoutMs: 100,
    featureUpdates: [{ feature: 'metadata.version', maxVersionLevel: 20 }],
  }),
  64: () => ({ brokerId: 9 }),
  46: () => ({ topics: null }),
  47: () => ({ groupId: 'g', topics: [{ ...orders, partitions: [{ partitionIndex: 0 }] }] }),
  55: () => ({
    topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
  }),
  60: () => ({ includeClusterAuthorizedOperations: true, endpointType: 1 }),
  61: () => ({ topics: [{ ...orders, partitionIndexes: [0, 9] }] }),
  80: () => ({ clusterId: null, timeoutMs: 100, voterId: 9, voterDirectoryId, listeners: [] }),
  81: () => ({ clusterId: null, voterId: 9, voterDirectoryId }),
  75: () => ({
    topics: [{ name: 'orders' }, { name: 'missing' }],
    responsePartitionLimit: 10,
    cursor: null,
  }),
};

const metadata = { topicName: '__cluster_metadata', topic: '__cluster_metadata' };
const topicId = 'AAAAAAAAAAAAAAAAAAAAAQ';
/** Far, in bits, from any node that is there. */
const stranger = 1_000_077;

/** As `sampleRequests`, for a controller's listener, where nodes speak: a stranger asks. */
export const controllerSamples: Readonly<Record<number, () => Message>> = {
  ...sampleRequests,
  1: () => ({
    replicaId: stranger,
    replicaState: { replicaId: stranger },
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: 1_000,
    topics: [
      {
        ...metadata,
        topicId,
        partitions: [
          {
            partition: 0,
            currentLeaderEpoch: 1,
            lastFetchedEpoch: 1,
            fetchOffset: 1,
            partitionMaxBytes: 0,
          },
        ],
      },
    ],
  }),
  52: () => ({
    topics: [
      {
        ...metadata,
        partitions: [
          {
            partitionIndex: 0,
            replicaEpoch: 2,
            replicaId: stranger,
            lastOffsetEpoch: 1,
            lastOffset: 9_999,
          },
        ],
      },
    ],
  }),
  53: () => leaderMessage(),
  54: () => leaderMessage(),
  56: () => ({
    brokerId: stranger,
    brokerEpoch: 1,
    topics: [
      {
        ...orders,
        topicId,
        partitions: [{ partitionIndex: 0, leaderEpoch: 0, newIsr: [1], partitionEpoch: 0 }],
      },
    ],
  }),
  59: () => ({
    replicaId: stranger,
    maxBytes: 1_000,
    topics: [
      {
        name: '__cluster_metadata',
        partitions: [
          {
            partition: 0,
            currentLeaderEpoch: 1,
            snapshotId: { endOffset: 1, epoch: 1 },
            position: 0,
          },
        ],
      },
    ],
  }),
  62: () => ({
    brokerId: stranger,
    clusterId: 'other',
    incarnationId: topicId,
    listeners: [],
    features: [],
  }),
  63: () => ({
    brokerId: stranger,
    brokerEpoch: 1,
    currentMetadataOffset: 1,
    wantFence: false,
    wantShutDown: false,
  }),
  67: () => ({ brokerId: stranger, brokerEpoch: 1 }),
  70: () => ({ controllerId: stranger, incarnationId: topicId, listeners: [], features: [] }),
  73: () => ({ brokerId: stranger, brokerEpoch: 1, directories: [] }),
};

function leaderMessage(): Message {
  const partition = { partitionIndex: 0, leaderId: stranger, leaderEpoch: 2 };
  return { topics: [{ ...metadata, partitions: [partition] }] };
}

function batch(): Uint8Array {
  const builder = new RecordBatchBuilder();
  builder.append(1, null, new Uint8Array(1));
  return builder.close();
}

/** Without the fields that the version lacks. */
export function pruneToVersion(schema: StructSchema, version: number, message: Message): Message {
  const pruned: Message = {};
  for (const { name, type, versions } of schema.fields) {
    if (!(name in message) || (versions !== undefined && !includesVersion(versions, version)))
      continue;
    const value = message[name];
    const element = Array.isArray(type) ? type[0] : undefined;
    const isStructs = Array.isArray(value) && typeof element === 'object';
    pruned[name] = isStructs
      ? value.map((one) => pruneToVersion(element as StructSchema, version, one as Message))
      : value;
  }
  return pruned;
}
