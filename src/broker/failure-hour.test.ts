import { expect, onTestFinished, test } from 'vitest';
import { createTopicsCall, metadataCall } from '../client/api-calls.ts';
import { startTestCluster, type TestCluster } from '../testing/cluster.ts';
import { NodeChannel } from './channel/node-channel.ts';

const everyone = [1, 2, 3];

function clientOf(cluster: TestCluster, id: number): NodeChannel {
  const channel = new NodeChannel(cluster.client(), {
    address: () => ({ host: `worker${id}`, port: 9092 }),
    clientId: 'test',
    requestTimeoutMs: 30_000,
  });
  onTestFinished(() => channel.dispose());
  return channel;
}

function activeOf(cluster: TestCluster): number {
  const active = cluster.activeController;
  if (active === undefined) throw new TypeError('no controller is active');
  return active;
}

async function clusterWithTopic(): Promise<TestCluster> {
  const cluster = await startTestCluster({ nodes: 3 });
  const topics = [{ name: 'a', numPartitions: 6, replicationFactor: 3 }];
  await cluster.run(clientOf(cluster, 1).send(createTopicsCall, { topics, timeoutMs: 10_000 }));
  await cluster.scheduler.advance(1_000);
  return cluster;
}

/** Leader and ISR of the six partitions as one node tells them. */
async function partitionsOf(cluster: TestCluster, id: number) {
  const request = { topics: [{ name: 'a' }] };
  const { topics } = await cluster.run(clientOf(cluster, id).send(metadataCall, request));
  return topics[0]?.partitions ?? [];
}

function isWhole(cluster: TestCluster): boolean {
  const { image } = cluster.node(1).quorum.metadata;
  const partitions = image.topics.byName.get('a')?.partitions ?? [];
  return partitions.length === 6 && partitions.every(({ isr }) => isr.length === 3);
}

test('a broker that stopped in order is back at once', async () => {
  const cluster = await clusterWithTopic();
  for (const id of everyone) {
    await cluster.stop(id);
    const startMs = cluster.clock.monotonicMs();
    await cluster.start(id);
    expect(cluster.clock.monotonicMs() - startMs).toBeLessThan(5_000);
    const { image } = cluster.node(id).quorum.metadata;
    expect([...image.brokers.values()].map(({ fenced }) => fenced)).toEqual([false, false, false]);
  }
  await cluster.until(() => isWhole(cluster), 60_000);
});

test('all nodes die and start again: what was decided is still there', async () => {
  const cluster = await clusterWithTopic();
  for (const id of everyone) await cluster.crash(id);
  await cluster.start();
  await cluster.until(() => isWhole(cluster), 60_000);
  const partitions = await partitionsOf(cluster, 2);
  expect(partitions.every(({ leaderId }) => everyone.includes(leaderId))).toBe(true);
});

test('all nodes stop one after another, and start again', async () => {
  const cluster = await clusterWithTopic();
  for (const id of everyone) {
    const startMs = cluster.clock.monotonicMs();
    await cluster.stop(id);
    // The last one has no quorum to ask; it notices.
    expect(cluster.clock.monotonicMs() - startMs).toBeLessThan(8_000);
  }
  await cluster.start();
  await cluster.until(() => isWhole(cluster), 60_000);
});

test('nodes that are told to stop at the same time all get the leave they ask for', async () => {
  const cluster = await clusterWithTopic();
  const startMs = cluster.clock.monotonicMs();
  await cluster.run(Promise.all(cluster.nodes.map((machine) => machine.stop())));
  expect(cluster.clock.monotonicMs() - startMs).toBeLessThan(4_000);
  const left = cluster.logLines.filter((line) => line.includes('asked us to exit'));
  expect(left).toHaveLength(3);
  await cluster.start();
  await cluster.until(() => isWhole(cluster), 60_000);
});

test('without a majority nothing is decided, and with one again it goes on', async () => {
  const cluster = await clusterWithTopic();
  const left = activeOf(cluster);
  const others = everyone.filter((id) => id !== left);
  for (const id of others) await cluster.crash(id);
  const topics = [{ name: 'b', numPartitions: 1, replicationFactor: 1 }];
  const creating = clientOf(cluster, left).send(createTopicsCall, { topics, timeoutMs: 20_000 });
  await cluster.scheduler.advance(8_000);
  expect(cluster.node(left).quorum.metadata.image.topics.byName.has('b')).toBe(false);
  const starting = Promise.all(others.map((id) => cluster.machine(id).start()));
  const { topics: created } = await cluster.run(creating);
  expect([0, 36]).toContain(created[0]?.errorCode);
  await cluster.run(starting);
  await cluster.until(() => isWhole(cluster), 60_000);
});

test('a node that is cut off is replaced and fenced, and comes back when the network does', async () => {
  const cluster = await clusterWithTopic();
  const cut = activeOf(cluster);
  const others = everyone.filter((id) => id !== cut);
  for (const id of others) cluster.network.cut(`worker${cut}`, `worker${id}`);
  const [left = 0] = others;
  const imageOf = (id: number) => cluster.node(id).quorum.metadata.image;
  await cluster.until(() => imageOf(left).brokers.get(cut)?.fenced ?? false, 30_000);
  const partitions = await partitionsOf(cluster, left);
  expect(partitions.every(({ leaderId }) => others.includes(leaderId))).toBe(true);
  cluster.network.heal();
  await cluster.until(() => !imageOf(left).brokers.get(cut)?.fenced, 30_000);
  await cluster.until(() => isWhole(cluster), 60_000);
  const offsets = everyone.map((id) => imageOf(id).provenance.epoch);
  expect(new Set(offsets).size).toBe(1);
});
