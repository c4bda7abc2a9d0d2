import { expect, test } from 'vitest';
import {
  bringUpBrokers,
  ControllerHarness,
  heartbeatOf,
  INCARNATION_1,
  INCARNATION_2,
  registrationOf,
} from '../testing/controller/controller-harness.ts';
import { topicByName } from './metadata-image.ts';

const topicRequest = (name: string, numPartitions = 1, replicationFactor = 1) => ({
  timeoutMs: 60_000,
  validateOnly: false,
  topics: [{ name, numPartitions, replicationFactor, assignments: [], configs: [] }],
});

test('a new cluster begins with the records that Kafka 3.8.0 writes', async () => {
  const node = new ControllerHarness();
  await node.start();
  expect(node.records()).toEqual([
    { kind: 'BeginTransactionRecord', version: 0, message: { name: 'Bootstrap records' } },
    {
      kind: 'FeatureLevelRecord',
      version: 0,
      message: { name: 'metadata.version', featureLevel: 20 },
    },
    { kind: 'ZkMigrationStateRecord', version: 0, message: { zkMigrationState: 0 } },
    { kind: 'EndTransactionRecord', version: 0, message: {} },
  ]);
  expect(node.log.batches.map(({ baseOffset }) => baseOffset)).toEqual([0, 1]);
});

test('a broker registers, catches up and is unfenced; its epoch is the offset of its record', async () => {
  const node = new ControllerHarness();
  const controller = await node.start();
  const response = await controller.registerBroker(registrationOf(1, INCARNATION_1));
  expect(response).toEqual({ throttleTimeMs: 0, errorCode: 0, brokerEpoch: 5 });
  const early = await controller.heartbeat(heartbeatOf(1, 5, { offset: 4 }));
  expect(early).toMatchObject({ isCaughtUp: false, isFenced: true });
  const caughtUp = await controller.heartbeat(heartbeatOf(1, 5, { offset: 5 }));
  expect(caughtUp).toMatchObject({ isCaughtUp: true, isFenced: false });
  expect(controller.image.brokers.get(1)?.fenced).toBe(false);
});

test('an answer comes only when its records are committed, and listeners see it then', async () => {
  const node = new ControllerHarness();
  const controller = await node.start();
  await bringUpBrokers(controller, [1]);
  const seen: number[] = [];
  controller.onImage((image) => seen.push(image.topics.byName.size));
  let isAnswered = false;
  const answer = controller.createTopics(topicRequest('test', 3)).then(() => {
    isAnswered = true;
  });
  expect([isAnswered, seen]).toEqual([false, [0]]);
  await answer;
  expect([isAnswered, seen]).toEqual([true, [0, 1]]);
});

test('two requests at once are decided one after the other: the second sees the first', async () => {
  const node = new ControllerHarness();
  const controller = await node.start();
  await bringUpBrokers(controller, [1]);
  const [first, second] = await Promise.all([
    controller.createTopics(topicRequest('test')),
    controller.createTopics(topicRequest('test')),
  ]);
  expect(first.topics[0]).toMatchObject({ errorCode: 0, numPartitions: 1 });
  expect(second.topics[0]).toMatchObject({
    errorCode: 36,
    errorMessage: "Topic 'test' already exists.",
  });
});

test('a restart after a crash replays the log to an equal image, in the next epoch', async () => {
  const node = new ControllerHarness();
  const controller = await node.start();
  await bringUpBrokers(controller, [1]);
  await controller.createTopics(topicRequest('test', 3));
  const before = controller.image;
  node.crash();
  const restarted = await node.start();
  const { provenance, ...after } = restarted.image;
  expect(after).toEqual({ ...before, provenance: undefined, ...after });
  expect(topicByName(restarted.image, 'test')).toEqual(topicByName(before, 'test'));
  expect(provenance).toMatchObject({ epoch: 2, offset: before.provenance.offset + 1 });
  expect(restarted.activeControllerId).toBe(1);
});

test('the restarted process of a combined node registers at once; what it led gets its leader back', async () => {
  const node = new ControllerHarness();
  const controller = await node.start();
  await bringUpBrokers(controller, [1]);
  await controller.createTopics(topicRequest('test'));
  node.crash();
  const restarted = await node.start();
  const from = node.raft.logEndOffset;
  const { errorCode, brokerEpoch } = await restarted.registerBroker(
    registrationOf(1, INCARNATION_2),
  );
  expect(errorCode).toBe(0);
  expect(topicByName(restarted.image, 'test')?.partitions[0]?.leader).toBe(-1);
  await restarted.heartbeat(heartbeatOf(1, brokerEpoch));
  expect(topicByName(restarted.image, 'test')?.partitions[0]).toMatchObject({
    leader: 1,
    isr: [1],
  });
  expect(node.records(from).map(({ kind }) => kind)).toEqual([
    'PartitionChangeRecord',
    'BrokerRegistrationChangeRecord',
    'RegisterBrokerRecord',
    'BrokerRegistrationChangeRecord',
    'PartitionChangeRecord',
  ]);
});

test('a broker elsewhere that comes back too soon after a crash must wait out its session', async () => {
  const node = new ControllerHarness({ nodeId: 1, isCombined: false });
  const controller = await node.start();
  await bringUpBrokers(controller, [2]);
  const duplicate = await controller.registerBroker(registrationOf(2, INCARNATION_2));
  expect(duplicate.errorCode).toBe(101);
  await node.scheduler.advance(12_000);
  expect(controller.image.brokers.get(2)?.fenced).toBe(true);
  const later = await controller.registerBroker(registrationOf(2, INCARNATION_2));
  expect(later.errorCode).toBe(0);
});

test('controlled shutdown hands leadership over, then lets the broker go, as the real log shows', async () => {
  const node = new ControllerHarness();
  const controller = await node.start();
  const epochs = await bringUpBrokers(controller, [1]);
  await controller.createTopics(topicRequest('test'));
  const from = node.raft.logEndOffset;
  const epoch = epochs.get(1) ?? -1;
  const first = await controller.heartbeat(heartbeatOf(1, epoch, { wantShutDown: true }));
  expect(first.shouldShutDown).toBe(false);
  const { offset } = controller.image.provenance;
  const second = await controller.heartbeat(heartbeatOf(1, epoch, { wantShutDown: true, offset }));
  expect(second).toMatchObject({ shouldShutDown: true, isFenced: true });
  expect(node.records(from)).toMatchObject([
    {
      kind: 'BrokerRegistrationChangeRecord',
      version: 1,
      message: { inControlledShutdown: 1, fenced: 0 },
    },
    { kind: 'PartitionChangeRecord', version: 1, message: { leader: -1, isr: null } },
    { kind: 'BrokerRegistrationChangeRecord', version: 0, message: { fenced: 1 } },
  ]);
});

test('an idle controller writes a NoOpRecord every metadata.max.idle.interval.ms', async () => {
  const node = new ControllerHarness({}, { maxIdleIntervalMs: 500, snapshotBytesMax: 20_971_520 });
  await node.start();
  await node.scheduler.advance(2_600);
  expect(node.records().filter(({ kind }) => kind === 'NoOpRecord')).toHaveLength(5);
});

test('a snapshot bounds the log, and a restart begins with it', async () => {
  const node = new ControllerHarness({}, { maxIdleIntervalMs: 0, snapshotBytesMax: 2_000 });
  const controller = await node.start();
  await bringUpBrokers(controller, [1]);
  for (let i = 0; i < 40; i++) await controller.createTopics(topicRequest(`topic-${i}`));
  await node.settle();
  expect(node.log.logStartOffset).toBeGreaterThan(40);
  const before = controller.image;
  node.crash();
  const restarted = await node.start();
  expect(restarted.image.topics).toEqual(before.topics);
  expect(restarted.image.brokers).toEqual(before.brokers);
  expect(restarted.image.features).toEqual(before.features);
});

test('requests that wait for the metadata log are limited', async () => {
  const node = new ControllerHarness();
  const controller = await node.start();
  await bringUpBrokers(controller, [1]);
  const creation = controller.createTopics(topicRequest('test'));
  const decision = { records: [], response: null };
  const questions = Array.from({ length: 10_000 }, () => node.controller.decide(() => decision));
  const outcomes = await Promise.allSettled(questions);
  const refused = outcomes.filter(({ status }) => status === 'rejected');
  expect(refused).toMatchObject([{ reason: { errorCode: 'REQUEST_TIMED_OUT' } }]);
  expect((await creation).topics).toMatchObject([{ errorCode: 0 }]);
});

// Apache Kafka 3.8.0 answers the first request so.
test('topics of one request may have names that collide in metrics, and no later one', async () => {
  const node = new ControllerHarness();
  const controller = await node.start();
  await bringUpBrokers(controller, [1]);
  const [one, other] = [topicRequest('a.b'), topicRequest('a_b')];
  const both = { ...one, topics: [...one.topics, ...other.topics] };
  const { topics } = await controller.createTopics(both);
  expect(topics.map(({ errorCode }) => errorCode)).toEqual([0, 0]);
  const late = await controller.createTopics(topicRequest('a_b.'));
  expect(late.topics[0]?.errorCode).toBe(0);
  const colliding = await controller.createTopics(topicRequest('a.b.'));
  expect(colliding.topics[0]?.errorMessage).toBe("Topic 'a.b.' collides with existing topic: a_b.");
});

test('a controller that is not active says who may be', async () => {
  const node = new ControllerHarness();
  const controller = await node.start();
  node.raft.resign(1);
  await node.settle();
  await expect(controller.createTopics(topicRequest('test'))).rejects.toMatchObject({
    name: 'ControllerError',
    errorCode: 'NOT_CONTROLLER',
  });
});

test('producer ids come in blocks of 1,000, never twice, over a restart too', async () => {
  const node = new ControllerHarness();
  const controller = await node.start();
  const brokerEpoch = (await bringUpBrokers(controller, [1])).get(1) ?? -1;
  const block = { throttleTimeMs: 0, errorCode: 0, producerIdLen: 1000 };
  const first = await controller.allocateProducerIds({ brokerId: 1, brokerEpoch });
  expect(first).toEqual({ ...block, producerIdStart: 0 });
  node.crash();
  const restarted = await node.start();
  const second = await restarted.allocateProducerIds({ brokerId: 1, brokerEpoch });
  expect(second).toEqual({ ...block, producerIdStart: 1000 });
  const stale = await restarted.allocateProducerIds({ brokerId: 1, brokerEpoch: 99 });
  expect(stale.errorCode).toBe(77);
});

test('a feature stays as it is while a voter has not said what it supports, or a broker does not support it', async () => {
  const node = new ControllerHarness({ voterIds: [1, 5] });
  const controller = await node.start();
  await bringUpBrokers(controller, [1]);
  const update = { feature: 'metadata.version', maxVersionLevel: 19, upgradeType: 2 };
  const request = { timeoutMs: 1, validateOnly: true };
  const ask = async () => {
    const featureUpdates = [{ ...update, allowDowngrade: false }];
    const { results } = await controller.updateFeatures({ ...request, featureUpdates });
    return results[0]?.errorMessage;
  };
  expect(await ask()).toContain(
    'controller 5 has not registered, and may not support this feature',
  );
  await controller.registerController({
    controllerId: 5,
    incarnationId: INCARNATION_2,
    zkMigrationReady: false,
    listeners: [],
    features: [{ name: 'metadata.version', minSupportedVersion: 1, maxSupportedVersion: 20 }],
  });
  expect(await ask()).toBeNull();
  const features = [{ name: 'metadata.version', minSupportedVersion: 20, maxSupportedVersion: 20 }];
  await controller.registerBroker({ ...registrationOf(3, INCARNATION_2), features });
  expect(await ask()).toContain('Broker 3 only supports versions 20-20');
});
