import { expect, onTestFinished, test } from 'vitest';
import {
  createTopicsCall,
  deleteTopicsCall,
  describeClusterCall,
  describeConfigsCall,
  incrementalAlterConfigsCall,
  initProducerIdCall,
  metadataCall,
} from '../client/api-calls.ts';
import { startTestCluster, type TestCluster } from '../testing/cluster.ts';
import { controllerCalls } from './channel/controller-calls.ts';
import { NodeChannel } from './channel/node-channel.ts';

const everyone = [1, 2, 3];

/** A client's connection to one listener of a node. */
function clientOf(cluster: TestCluster, id: number, port = 9092): NodeChannel {
  const channel = new NodeChannel(cluster.client(), {
    address: () => ({ host: `worker${id}`, port }),
    clientId: 'test',
    requestTimeoutMs: 30_000,
  });
  onTestFinished(() => channel.dispose());
  return channel;
}

function topic(name: string, replicationFactor = 3, numPartitions = 3) {
  return { topics: [{ name, numPartitions, replicationFactor }], timeoutMs: 10_000 };
}

function activeOf(cluster: TestCluster): number {
  const active = cluster.activeController;
  if (active === undefined) throw new TypeError('no controller is active');
  return active;
}

function fencedOn(cluster: TestCluster, id: number): readonly number[] {
  const { brokers } = cluster.node(id).quorum.metadata.image;
  return [...brokers.values()].filter(({ fenced }) => fenced).map(({ brokerId }) => brokerId);
}

test('three combined nodes start together and show each other to clients', async () => {
  const cluster = await startTestCluster({ nodes: 3 });
  for (const id of everyone) {
    const response = await cluster.run(clientOf(cluster, id).send(describeClusterCall, {}));
    expect(response.brokers.map(({ brokerId, host }) => [brokerId, host])).toEqual([
      [1, 'worker1'],
      [2, 'worker2'],
      [3, 'worker3'],
    ]);
  }
});

test('a topic created over any broker is led by all of them', async () => {
  const cluster = await startTestCluster({ nodes: 3 });
  for (const id of everyone) {
    const client = clientOf(cluster, id);
    const created = await cluster.run(client.send(createTopicsCall, topic(`t${id}`)));
    expect(created.topics).toMatchObject([
      { errorCode: 0, numPartitions: 3, replicationFactor: 3, name: `t${id}` },
    ]);
    expect(created.topics[0]?.configs?.length).toBeGreaterThan(20);
  }
  await cluster.scheduler.advance(1_000);
  const { topics } = await cluster.run(
    clientOf(cluster, 2).send(metadataCall, { topics: [{ name: 't1' }, { name: 't3' }] }),
  );
  for (const { partitions } of topics) {
    expect(partitions.map(({ leaderId }) => leaderId).sort()).toEqual(everyone);
    expect(partitions.every(({ isrNodes }) => isrNodes.length === 3)).toBe(true);
  }
});

test('a broker that is not the active controller passes deletions and configs on', async () => {
  const cluster = await startTestCluster({ nodes: 3 });
  const other = (activeOf(cluster) % 3) + 1;
  const client = clientOf(cluster, other);
  await cluster.run(client.send(createTopicsCall, topic('a')));
  const change = { name: 'retention.ms', configOperation: 0, value: '1000' };
  const altered = await cluster.run(
    client.send(incrementalAlterConfigsCall, {
      resources: [{ resourceType: 2, resourceName: 'a', configs: [change] }],
    }),
  );
  expect(altered.responses).toMatchObject([{ errorCode: 0, resourceName: 'a' }]);
  await cluster.scheduler.advance(1_000);
  const described = await cluster.run(
    client.send(describeConfigsCall, {
      resources: [{ resourceType: 2, resourceName: 'a', configurationKeys: ['retention.ms'] }],
    }),
  );
  expect(described.results[0]?.configs).toMatchObject([{ name: 'retention.ms', value: '1000' }]);
  const deleted = await cluster.run(
    client.send(deleteTopicsCall, { topics: [{ name: 'a' }, { name: 'b' }], timeoutMs: 5_000 }),
  );
  expect(deleted.responses.map(({ errorCode }) => errorCode)).toEqual([0, 3]);
});

test('every broker hands out producer ids of its own', async () => {
  const cluster = await startTestCluster({ nodes: 3 });
  const ids: number[] = [];
  for (const id of everyone) {
    const client = clientOf(cluster, id);
    const { producerId } = await cluster.run(
      client.send(initProducerIdCall, { transactionalId: null }),
    );
    ids.push(producerId);
  }
  expect(new Set(ids.map((each) => Math.floor(each / 1_000))).size).toBe(3);
});

test('after the active controller died, requests go to its successor, and the dead broker is fenced', async () => {
  const cluster = await startTestCluster({ nodes: 3 });
  const dead = activeOf(cluster);
  const [left = 0] = everyone.filter((id) => id !== dead);
  const client = clientOf(cluster, left);
  await cluster.run(client.send(createTopicsCall, topic('before')));
  await cluster.crash(dead);
  const startMs = cluster.clock.monotonicMs();
  const created = await cluster.run(client.send(createTopicsCall, topic('after', 2)));
  expect(created.topics[0]?.errorCode).toBe(0);
  // Default timeouts: the followers hear nothing for 2 s, then elect within 2 s more.
  expect(cluster.clock.monotonicMs() - startMs).toBeLessThan(5_000);
  await cluster.until(() => fencedOn(cluster, left).includes(dead), 20_000);
  await cluster.start(dead);
  expect(fencedOn(cluster, left)).toEqual([]);
});

test('a node that was killed registers again when the session of its earlier life has ended', async () => {
  const cluster = await startTestCluster({ nodes: 3 });
  const killed = (activeOf(cluster) % 3) + 1;
  await cluster.crash(killed);
  const startMs = cluster.clock.monotonicMs();
  await cluster.start(killed);
  const tookMs = cluster.clock.monotonicMs() - startMs;
  expect(tookMs).toBeGreaterThan(5_000);
  expect(tookMs).toBeLessThan(13_000);
  const refused = `Unable to register broker ${killed} because the controller returned error DUPLICATE_BROKER_REGISTRATION`;
  expect(cluster.logLines.some((line) => line.includes(refused))).toBe(true);
});

test('the active controller stops in order: leaderships move first, then another one is elected', async () => {
  const cluster = await startTestCluster({ nodes: 3 });
  const stopped = activeOf(cluster);
  const [left = 0] = everyone.filter((id) => id !== stopped);
  const client = clientOf(cluster, left);
  await cluster.run(client.send(createTopicsCall, topic('a', 3, 6)));
  await cluster.scheduler.advance(1_000);
  await cluster.stop(stopped);
  await cluster.until(() => cluster.activeController !== undefined, 5_000);
  const { topics } = await cluster.run(client.send(metadataCall, { topics: [{ name: 'a' }] }));
  const leaders = topics[0]?.partitions.map(({ leaderId }) => leaderId) ?? [];
  expect(leaders).toHaveLength(6);
  expect(leaders.every((id) => id !== stopped && id !== -1)).toBe(true);
  await cluster.start(stopped);
  expect(fencedOn(cluster, left)).toEqual([]);
});

test('a node alone of three waits for a quorum, and stops when it is told to', async () => {
  const cluster = await startTestCluster({ nodes: 3 });
  for (const id of everyone) await cluster.crash(id);
  const starting = cluster.machine(1).start();
  await cluster.scheduler.advance(30_000);
  expect(cluster.machine(1).broker).toBeUndefined();
  cluster.machine(1).cancelStart();
  await cluster.run(starting.then((node) => node.ended));
});

test('old forms of requests are passed on in the form that the controller knows', async () => {
  const cluster = await startTestCluster({ nodes: 3 });
  const client = clientOf(cluster, (activeOf(cluster) % 3) + 1);
  await cluster.run(client.send(createTopicsCall, topic('a')));
  const oldDeletion = { ...deleteTopicsCall, minVersion: 1, maxVersion: 3 };
  const deleted = await cluster.run(
    client.send(oldDeletion, { topicNames: ['a', 'b'], timeoutMs: 5_000 }),
  );
  expect(deleted.responses).toMatchObject([
    { name: 'a', errorCode: 0 },
    { name: 'b', errorCode: 3 },
  ]);
  const oldFeatures = { ...controllerCalls.updateFeatures, maxVersion: 0 };
  const downgraded = await cluster.run(
    client.send(oldFeatures, {
      featureUpdates: [{ feature: 'metadata.version', maxVersionLevel: 19, allowDowngrade: true }],
    }),
  );
  expect(downgraded.errorCode).not.toBe(-1);
  expect(cluster.logLines.filter((line) => / (ERROR|FATAL) /.test(line))).toEqual([]);
});
