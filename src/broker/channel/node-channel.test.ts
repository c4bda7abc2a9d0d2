import { expect, test } from 'vitest';
import { describeClusterCall } from '../../client/api-calls.ts';
import { startTestCluster } from '../../testing/cluster.ts';
import { NodeChannel } from './node-channel.ts';

const address = { host: 'worker1', port: 9092 };

function channelTo(cluster: Awaited<ReturnType<typeof startTestCluster>>): NodeChannel {
  return new NodeChannel(cluster.client('worker2'), {
    address: () => address,
    clientId: 'test',
    requestTimeoutMs: 2_000,
  });
}

test('a channel connects when it is first used, and again after its peer came back', async () => {
  const cluster = await startTestCluster();
  const channel = channelTo(cluster);
  const first = await cluster.run(channel.send(describeClusterCall, {}));
  expect(first.brokers).toMatchObject([{ brokerId: 1, host: 'worker1', port: 9092 }]);

  await cluster.crash();
  await expect(cluster.run(channel.send(describeClusterCall, {}))).rejects.toThrow();
  await cluster.start();
  await cluster.scheduler.advance(100);
  const again = await cluster.run(channel.send(describeClusterCall, {}));
  expect(again.brokers).toHaveLength(1);
});

test('a peer that is cut off fails its requests after their timeout, and none is sent twice', async () => {
  const cluster = await startTestCluster();
  const channel = channelTo(cluster);
  await cluster.run(channel.send(describeClusterCall, {}));
  let heard = 0;
  cluster.broker.intercept(60, () => {
    heard += 1;
    return null;
  });
  cluster.network.cut('worker1', 'worker2');
  await expect(cluster.run(channel.send(describeClusterCall, {}))).rejects.toThrow('timed out');
  cluster.network.heal();
  expect(heard).toBe(0);
});

test('a closed channel refuses requests', async () => {
  const cluster = await startTestCluster();
  const channel = channelTo(cluster);
  channel.dispose();
  await expect(channel.send(describeClusterCall, {})).rejects.toThrow('closed');
});
