import { expect, onTestFinished, test } from 'vitest';
import { createTopicsCall } from '../client/api-calls.ts';
import { startTestCluster, type TestCluster } from '../testing/cluster.ts';
import { NodeChannel } from './channel/node-channel.ts';

/** A controller that goes waits so long for those that are to elect another one. */
const goodbyeMsMax = 5_000;

async function createTopic(cluster: TestCluster, id: number, name: string): Promise<void> {
  const channel = new NodeChannel(cluster.client(), {
    address: () => ({ host: `worker${id}`, port: 9092 }),
    clientId: 'test',
    requestTimeoutMs: 30_000,
  });
  onTestFinished(() => channel.dispose());
  const topics = [{ name, numPartitions: 1, replicationFactor: 2 }];
  const sent = channel.send(createTopicsCall, { topics, timeoutMs: 10_000 });
  expect((await cluster.run(sent)).topics).toMatchObject([{ name, errorCode: 0 }]);
}

test('a controller whose disk is full says so and ends; the others go on, and it loses nothing', async () => {
  const cluster = await startTestCluster({ nodes: 3 });
  await createTopic(cluster, 1, 'before');
  const full = cluster.activeController ?? 0;
  const others = [1, 2, 3].filter((id) => id !== full);
  const { ended } = cluster.node(full);
  cluster.machine(full).files.capacityBytes = 0;

  expect(await cluster.run(ended)).toBe('failed');
  expect(cluster.logLines.join('\n')).toMatch(
    new RegExp(`worker${full} FATAL .*The metadata quorum cannot go on: .*is full`),
  );
  await cluster.until(() => others.includes(cluster.activeController ?? 0), 5_000);
  await createTopic(cluster, others[0] ?? 0, 'meanwhile');

  cluster.machine(full).files.capacityBytes = Number.POSITIVE_INFINITY;
  await cluster.crash(full);
  await cluster.start(full);
  const { image } = cluster.node(full).quorum.metadata;
  expect([...image.topics.byName.keys()].sort()).toEqual(['before', 'meanwhile']);
});

test('a controller whose disk is full while it waits for its own leave to stop ends all the same', async () => {
  // Records come often, so that the disk's last block is soon full.
  const properties = { 'metadata.max.idle.interval.ms': '10' };
  const cluster = await startTestCluster({ nodes: 3, properties });
  const full = cluster.activeController ?? 0;
  const node = cluster.node(full);
  // Nothing is committed any more: its leave neither.
  for (const id of [1, 2, 3]) if (id !== full) cluster.network.cut(`worker${full}`, `worker${id}`);
  const stopping = node.stop();
  cluster.machine(full).files.capacityBytes = 0;

  await cluster.until(() => cluster.logLines.some((line) => line.includes('cannot go on')), 1_500);
  expect(await cluster.run(node.ended, goodbyeMsMax)).toBe('failed');
  await cluster.run(stopping, 100);
  expect(node.connectionCount).toBe(0);
});

test('a node whose disk is full at the end of its stop lets go of everything', async () => {
  const cluster = await startTestCluster({
    onLog: (line) => {
      if (line.includes('LogManager Shutting down')) cluster.files.capacityBytes = 0;
    },
  });
  const { broker } = cluster;
  await expect(cluster.run(broker.stop())).rejects.toThrow('is full');
  expect(await broker.ended).toBe('failed');
  const { network } = cluster.client();
  const connecting = network.connect({ host: 'worker1', port: 9093 });
  await expect(cluster.run(connecting)).rejects.toThrow('ECONNREFUSED');
});
