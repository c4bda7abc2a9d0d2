import { expect, onTestFinished, test } from 'vitest';
import { Consumer } from '../client/consumer.ts';
import { startReplicationLab } from '../testing/replication/replication-lab.ts';

test('offsets that a group has committed survive the death of its coordinator', async () => {
  const it = await startReplicationLab({
    properties: { 'offsets.topic.num.partitions': '1', 'offsets.topic.replication.factor': '3' },
  });
  onTestFinished(() => it.end());
  const { cluster } = it;
  await it.createTopic('orders', {}, [1, 2, 3]);
  await it.produce(1, 'orders', ['a', 'b', 'c']);
  const consumerOf = (name: string) => {
    const consumer = new Consumer(cluster.client(name), {
      'bootstrap.servers': cluster.bootstrap,
      'auto.offset.reset': 'earliest',
      'group.id': 'readers',
      'enable.auto.commit': 'false',
    });
    consumer.subscribe(['orders']);
    return consumer;
  };
  const first = consumerOf('one');
  const read = async (consumer: Consumer) => {
    const values: string[] = [];
    for (let round = 0; round < 40 && values.length === 0; round++) {
      for (const { records } of await cluster.run(consumer.poll(500))) {
        values.push(...records.map(({ value }) => new TextDecoder().decode(value ?? undefined)));
      }
    }
    return values;
  };
  expect(await read(first)).toEqual(['a', 'b', 'c']);
  await cluster.run(first.commit());
  await cluster.run(first.close());
  const offsets = '__consumer_offsets';
  const coordinator = [1, 2, 3].find((id) => it.replicaAt(id, offsets).isLeader) ?? 0;
  await cluster.crash(coordinator);
  const others = [1, 2, 3].filter((id) => id !== coordinator);
  await cluster.until(() => others.some((id) => it.replicaAt(id, offsets).isLeader));
  await cluster.until(() => others.some((id) => it.replicaAt(id, 'orders').isLeader));
  const leader = others.find((id) => it.replicaAt(id, 'orders').isLeader) ?? 0;
  expect((await it.produce(leader, 'orders', ['d'])).error).toBe('NONE');
  const second = consumerOf('two');
  expect(await read(second)).toEqual(['d']);
});
