import { expect, onTestFinished, test } from 'vitest';
import { Consumer } from '../client/consumer.ts';
import { startReplicationLab } from '../testing/replication/replication-lab.ts';

async function clusterOfThreeRacks() {
  const it = await startReplicationLab({
    properties: {
      'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector',
    },
    nodeProperties: {
      1: { 'broker.rack': 'a' },
      2: { 'broker.rack': 'b' },
      3: { 'broker.rack': 'c' },
    },
  });
  onTestFinished(() => it.end());
  return it;
}

test('KIP-392: a consumer reads from the follower in its own rack', async () => {
  const it = await clusterOfThreeRacks();
  const { cluster } = it;
  await it.createTopic('orders');
  await it.produce(1, 'orders', ['a', 'b']);
  const consumer = new Consumer(cluster.client(), {
    'bootstrap.servers': cluster.bootstrap,
    'auto.offset.reset': 'earliest',
    'client.rack': 'c',
  });
  onTestFinished(() => consumer.close());
  consumer.assign([{ topic: 'orders', partition: 0 }]);
  const asked = [0, 0, 0, 0];
  for (const id of [1, 2, 3]) {
    cluster.node(id).intercept(1, (_context, request) => {
      const { replicaState } = request as { replicaState: { replicaId: number } };
      if (replicaState.replicaId < 0) asked[id] = (asked[id] ?? 0) + 1;
      return null;
    });
  }
  const values: string[] = [];
  const poll = async (count: number) => {
    for (let round = 0; round < 20 && values.length < count; round++) {
      for (const { records } of await cluster.run(consumer.poll(500))) {
        values.push(...records.map(({ value }) => new TextDecoder().decode(value ?? undefined)));
      }
    }
  };
  await poll(2);
  await it.produce(1, 'orders', ['c']);
  await poll(3);
  expect(values).toEqual(['a', 'b', 'c']);
  // The leader is asked once, and says where to go.
  expect(asked[1]).toBe(1);
  expect(asked[2]).toBe(0);
  expect(asked[3]).toBeGreaterThan(1);
  await cluster.crash(3);
  await cluster.until(() => it.replicaAt(1, 'orders').isr.length === 2);
  await it.produce(1, 'orders', ['d']);
  await poll(4);
  expect(values).toEqual(['a', 'b', 'c', 'd']);
});
