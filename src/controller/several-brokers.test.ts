import { expect, test } from 'vitest';
import {
  bringUpBrokers,
  ControllerHarness,
  heartbeatOf,
  INCARNATION_2,
  registrationOf,
} from '../testing/controller/controller-harness.ts';
import type { Controller } from './controller.ts';
import { type PartitionRegistration, topicByName } from './metadata-image.ts';

const NONE = 0;
const FENCED_LEADER_EPOCH = 74;
const INELIGIBLE_REPLICA = 107;
const INVALID_UPDATE_VERSION = 95;
const NOT_CONTROLLER = 41;
const STALE_BROKER_EPOCH = 77;

/** A controller of its own (node 1) and brokers 2, 3 and 4 with one partition on all three. */
async function threeBrokers(configs: Readonly<Record<string, string>> = {}) {
  const node = new ControllerHarness({ isCombined: false });
  const controller = await node.start();
  const epochs = await bringUpBrokers(controller, [2, 3, 4]);
  await controller.createTopics({
    timeoutMs: 60_000,
    validateOnly: false,
    topics: [
      {
        name: 'test',
        numPartitions: -1,
        replicationFactor: -1,
        assignments: [{ partitionIndex: 0, brokerIds: [2, 3, 4] }],
        configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
      },
    ],
  });
  return { node, controller, epochOf: (id: number) => epochs.get(id) ?? -1 };
}

type Cluster = Awaited<ReturnType<typeof threeBrokers>>;

function partition(controller: Controller): PartitionRegistration {
  const found = topicByName(controller.image, 'test')?.partitions[0];
  if (found === undefined) throw new TypeError('test-0 is there');
  return found;
}

/** These brokers send heartbeats for 12 s; the others are not heard of. */
async function outlive(
  { node, controller, epochOf }: Cluster,
  alive: readonly number[],
): Promise<void> {
  for (let i = 0; i < 6; i++) {
    for (const id of alive) await controller.heartbeat(heartbeatOf(id, epochOf(id)));
    await node.scheduler.advance(2_000);
  }
}

function alterIsr(
  { controller, epochOf }: Cluster,
  newIsr: readonly number[],
  overrides: { readonly leaderEpoch?: number; readonly partitionEpoch?: number } = {},
) {
  const { leader, leaderEpoch, partitionEpoch } = partition(controller);
  return controller.alterPartition({
    brokerId: leader,
    brokerEpoch: epochOf(leader),
    topics: [
      {
        topicName: '',
        topicId: topicByName(controller.image, 'test')?.topicId ?? '',
        partitions: [
          {
            partitionIndex: 0,
            leaderEpoch,
            newIsr: [],
            newIsrWithEpochs: newIsr.map((id) => ({ brokerId: id, brokerEpoch: epochOf(id) })),
            leaderRecoveryState: 0,
            partitionEpoch,
            ...overrides,
          },
        ],
      },
    ],
  });
}

test('a leader that is not heard of for a session is fenced, and the next in-sync replica leads', async () => {
  const cluster = await threeBrokers();
  expect(partition(cluster.controller)).toMatchObject({
    leader: 2,
    leaderEpoch: 0,
    isr: [2, 3, 4],
  });
  await outlive(cluster, [3, 4]);
  expect(cluster.controller.image.brokers.get(2)?.fenced).toBe(true);
  expect(partition(cluster.controller)).toMatchObject({ leader: 3, leaderEpoch: 1, isr: [3, 4] });
});

test('a broker is fenced at the moment when its session ends, the next one right after it', async () => {
  const { node, controller, epochOf } = await threeBrokers();
  await node.scheduler.advance(1_000);
  await controller.heartbeat(heartbeatOf(4, epochOf(4)));
  const fenced = () =>
    [...controller.image.brokers.values()]
      .filter((each) => each.fenced)
      .map((each) => each.brokerId);
  await node.scheduler.advance(7_990);
  expect(fenced()).toEqual([]);
  await node.scheduler.advance(30);
  expect(fenced()).toEqual([2, 3]);
  await node.scheduler.advance(960);
  expect(fenced()).toEqual([2, 3]);
  await node.scheduler.advance(20);
  expect(fenced()).toEqual([2, 3, 4]);
});

test('the last in-sync replica stays in the ISR without a leader, and leads again when it comes back', async () => {
  const cluster = await threeBrokers();
  await outlive(cluster, [4]);
  expect(partition(cluster.controller)).toMatchObject({ leader: 4, isr: [4] });
  await outlive(cluster, []);
  expect(partition(cluster.controller)).toMatchObject({ leader: -1, isr: [4] });

  const { controller } = cluster;
  const other = await controller.registerBroker(registrationOf(2, INCARNATION_2));
  await controller.heartbeat(heartbeatOf(2, other.brokerEpoch));
  expect(partition(controller)).toMatchObject({ leader: -1, isr: [4] });
  const last = await controller.registerBroker(registrationOf(4, INCARNATION_2));
  await controller.heartbeat(heartbeatOf(4, last.brokerEpoch));
  expect(partition(controller)).toMatchObject({ leader: 4, isr: [4], leaderRecoveryState: 0 });
});

test('with unclean.leader.election.enable any live replica may lead, and must recover', async () => {
  const cluster = await threeBrokers({ 'unclean.leader.election.enable': 'true' });
  const shrunk = await alterIsr(cluster, [2]);
  expect(shrunk.topics[0]?.partitions[0]).toMatchObject({
    errorCode: NONE,
    isr: [2],
    partitionEpoch: 1,
  });
  await outlive(cluster, [3, 4]);
  expect(partition(cluster.controller)).toMatchObject({
    leader: 3,
    isr: [3],
    leaderRecoveryState: 1,
  });
});

test('a partition without a leader gets one when its topic allows unclean elections', async () => {
  const cluster = await threeBrokers();
  const { controller } = cluster;
  await alterIsr(cluster, [2]);
  await outlive(cluster, [3, 4]);
  expect(partition(controller)).toMatchObject({ leader: -1, isr: [2] });
  const allow = (validateOnly: boolean) =>
    controller.incrementalAlterConfigs({
      validateOnly,
      resources: [
        {
          resourceType: 2,
          resourceName: 'test',
          configs: [{ name: 'unclean.leader.election.enable', value: 'true', configOperation: 0 }],
        },
      ],
    });
  await allow(true);
  expect(partition(controller).leader).toBe(-1);
  await allow(false);
  expect(partition(controller)).toMatchObject({ leader: 3, isr: [3], leaderRecoveryState: 1 });
});

test('a leader shrinks and grows its ISR; each change is a partition epoch, none a leader epoch', async () => {
  const cluster = await threeBrokers();
  await alterIsr(cluster, [2, 3]);
  expect(partition(cluster.controller)).toMatchObject({
    isr: [2, 3],
    partitionEpoch: 1,
    leaderEpoch: 0,
  });
  const grown = await alterIsr(cluster, [2, 3, 4]);
  expect(grown.topics[0]?.partitions[0]).toMatchObject({
    errorCode: NONE,
    partitionEpoch: 2,
    leaderEpoch: 0,
  });
});

test('an ISR change from behind, from ahead or with an unfit replica is refused', async () => {
  const cluster = await threeBrokers();
  const code = async (answer: ReturnType<typeof alterIsr>) =>
    (await answer).topics[0]?.partitions[0]?.errorCode;
  await alterIsr(cluster, [2, 3]);
  expect(await code(alterIsr(cluster, [2], { partitionEpoch: 0 }))).toBe(INVALID_UPDATE_VERSION);
  expect(await code(alterIsr(cluster, [2], { partitionEpoch: 9 }))).toBe(NOT_CONTROLLER);
  expect(await code(alterIsr(cluster, [2], { leaderEpoch: -1 }))).toBe(FENCED_LEADER_EPOCH);
  await outlive(cluster, [2, 3]);
  expect(await code(alterIsr(cluster, [2, 3, 4]))).toBe(INELIGIBLE_REPLICA);
  const stale = await cluster.controller.alterPartition({
    brokerId: 2,
    brokerEpoch: 1,
    topics: [{ topicName: 'test', topicId: '', partitions: [] }],
  });
  expect(stale.errorCode).toBe(STALE_BROKER_EPOCH);
});

test('ElectLeaders takes leadership back to the preferred replica', async () => {
  const cluster = await threeBrokers();
  const { controller } = cluster;
  await outlive(cluster, [3, 4]);
  const { brokerEpoch } = await controller.registerBroker(registrationOf(2, INCARNATION_2));
  await controller.heartbeat(heartbeatOf(2, brokerEpoch));
  const elect = () =>
    controller.electLeaders({ electionType: 0, topicPartitions: null, timeoutMs: 1 });
  const notInSync = await elect();
  expect(notInSync.replicaElectionResults[0]?.partitionResult[0]?.errorCode).toBe(80);

  const { leader, leaderEpoch, partitionEpoch } = partition(controller);
  const newIsr = [3, 4, 2];
  const topicId = topicByName(controller.image, 'test')?.topicId ?? '';
  const change = {
    partitionIndex: 0,
    leaderEpoch,
    newIsr,
    newIsrWithEpochs: [],
    leaderRecoveryState: 0,
    partitionEpoch,
  };
  const brokerEpochOfLeader = cluster.epochOf(leader);
  await controller.alterPartition({
    brokerId: leader,
    brokerEpoch: brokerEpochOfLeader,
    topics: [{ topicName: '', topicId, partitions: [change] }],
  });
  const done = await elect();
  expect(done.replicaElectionResults).toEqual([
    { topic: 'test', partitionResult: [{ partitionId: 0, errorCode: 0, errorMessage: null }] },
  ]);
  expect(partition(controller).leader).toBe(2);
});

test('a broker in controlled shutdown leads nothing any more and gets no new replicas', async () => {
  const cluster = await threeBrokers();
  const { controller, epochOf } = cluster;
  const first = await controller.heartbeat(heartbeatOf(2, epochOf(2), { wantShutDown: true }));
  expect(first).toMatchObject({ shouldShutDown: false, isFenced: false });
  expect(partition(controller)).toMatchObject({ leader: 3, isr: [3, 4] });
  const { offset } = controller.image.provenance;
  const created = await controller.createTopics({
    timeoutMs: 1,
    validateOnly: false,
    topics: [2, 3].map((replicationFactor) => ({
      ...{ name: `of-${replicationFactor}`, numPartitions: 1, replicationFactor },
      ...{ assignments: [], configs: [] },
    })),
  });
  expect(created.topics[0]?.errorCode).toBe(NONE);
  expect(created.topics[1]?.errorMessage).toContain('only 2 broker(s) are registered');

  const waiting = await controller.heartbeat(heartbeatOf(2, epochOf(2), { wantShutDown: true }));
  expect(waiting.shouldShutDown).toBe(false);
  // What the others must have seen is what it was then: it would never end while anything goes on.
  for (const id of [3, 4]) await controller.heartbeat(heartbeatOf(id, epochOf(id), { offset }));
  const leave = await controller.heartbeat(heartbeatOf(2, epochOf(2), { wantShutDown: true }));
  expect(leave).toMatchObject({ shouldShutDown: true, isFenced: true });
});

test('a replica that its broker puts into a log dir which it has not registered leads no more', async () => {
  const { controller, epochOf } = await threeBrokers();
  const { topicId } = topicByName(controller.image, 'test') ?? { topicId: '' };
  const { errorCode } = await controller.assignReplicasToDirs({
    brokerId: 2,
    brokerEpoch: epochOf(2),
    directories: [
      {
        id: 'MkU3OEVBNTcwNTJENDM2Qg',
        topics: [{ topicId, partitions: [{ partitionIndex: 0 }] }],
      },
    ],
  });
  expect(errorCode).toBe(NONE);
  expect(partition(controller)).toMatchObject({ leader: 3, isr: [3, 4] });
});

test('an unregistered broker is forgotten, and its partitions get other leaders', async () => {
  const { controller } = await threeBrokers();
  expect((await controller.unregisterBroker({ brokerId: 2 })).errorCode).toBe(NONE);
  expect(controller.image.brokers.has(2)).toBe(false);
  expect(partition(controller)).toMatchObject({ leader: 3, isr: [3, 4] });
  const again = await controller.unregisterBroker({ brokerId: 2 });
  expect(again.errorCode).toBe(102);
});

test('a broker of another cluster, of an unknown version or without log dirs is not registered', async () => {
  const { controller } = await threeBrokers();
  const code = async (change: object) =>
    (await controller.registerBroker({ ...registrationOf(5, INCARNATION_2), ...change })).errorCode;
  expect(await code({ clusterId: 'elsewhere' })).toBe(104);
  expect(await code({ features: [] })).toBe(35);
  expect(await code({ logDirs: [] })).toBe(119);
  expect(await code({ logDirs: registrationOf(2, INCARNATION_2).logDirs })).toBe(119);
});

test('quotas are kept, changed and removed', async () => {
  const { controller } = await threeBrokers();
  const entity = [{ entityType: 'user', entityName: 'alice' }];
  const send = (value: number, remove = false) =>
    controller.alterClientQuotas({
      validateOnly: false,
      entries: [{ entity, ops: [{ key: 'producer_byte_rate', value, remove }] }],
    });
  await send(1024);
  expect([...controller.image.clientQuotas.values()]).toEqual([
    { entity, quotas: new Map([['producer_byte_rate', 1024]]) },
  ]);
  await send(0, true);
  expect(controller.image.clientQuotas.size).toBe(0);
  expect((await send(-1)).entries[0]?.errorMessage).toBe(
    'Quota producer_byte_rate must be greater than 0',
  );
});

test('a request for 10,001 partitions is refused before anything is placed', async () => {
  const { controller } = await threeBrokers();
  const topics = [
    { name: 'big', numPartitions: 10_001, replicationFactor: 1, assignments: [], configs: [] },
  ];
  const request = { timeoutMs: 1, validateOnly: false, topics };
  await expect(controller.createTopics(request)).rejects.toMatchObject({
    errorCode: 'POLICY_VIOLATION',
    message: 'Unable to perform excessively large batch operation.',
  });
});
