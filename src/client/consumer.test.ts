import { expect, test } from 'vitest';
import { startTestCluster, type TestCluster } from '../testing/cluster.ts';
import { Admin } from './admin.ts';
import { Consumer } from './consumer.ts';
import { Producer } from './producer.ts';
import { formatTopicPartition } from './topic-partition.ts';

const topic = 'events';

async function clusterWithRecords(partitionCount: number, count: number): Promise<TestCluster> {
  const cluster = await startTestCluster();
  const bootstrap = { 'bootstrap.servers': cluster.bootstrap };
  const admin = Admin.create(cluster.client(), bootstrap);
  const newTopic = { name: topic, partitionCount, replicationFactor: 1, configs: {} };
  await cluster.run(admin.createTopic(newTopic));
  admin.close();
  const producer = new Producer(cluster.client(), bootstrap);
  for (let i = 0; i < count; i++) {
    producer.send({
      topic,
      partition: i % partitionCount,
      value: new TextEncoder().encode(`${i}`),
    });
  }
  await cluster.run(producer.close());
  return cluster;
}

function consumerOf(cluster: TestCluster, properties: Record<string, string>): Consumer {
  return new Consumer(cluster.client(), {
    'bootstrap.servers': cluster.bootstrap,
    'auto.offset.reset': 'earliest',
    ...properties,
  });
}

/** Polls all consumers in turns until the condition holds. */
async function pollUntil(
  cluster: TestCluster,
  consumers: readonly Consumer[],
  isDone: () => boolean,
): Promise<Map<Consumer, string[]>> {
  const values = new Map(consumers.map((consumer) => [consumer, [] as string[]]));
  for (let round = 0; round < 200 && !isDone(); round++) {
    const polls = consumers.map(async (consumer) => {
      for (const { records } of await consumer.poll(500)) {
        for (const { value } of records) {
          values.get(consumer)?.push(new TextDecoder().decode(value ?? undefined));
        }
      }
    });
    await cluster.run(Promise.all(polls));
  }
  return values;
}

const names = (consumer: Consumer) => consumer.assignment.map(formatTopicPartition);

test('two members of a group share the partitions, and one takes over when the other leaves', async () => {
  const cluster = await clusterWithRecords(4, 100);
  const first = consumerOf(cluster, { 'group.id': 'g', 'client.id': 'a' });
  const second = consumerOf(cluster, { 'group.id': 'g', 'client.id': 'b' });
  first.subscribe([topic]);
  await pollUntil(cluster, [first], () => first.assignment.length === 4);
  second.subscribe([topic]);
  await pollUntil(
    cluster,
    [first, second],
    () => first.assignment.length === 2 && second.assignment.length === 2,
  );
  expect([...names(first), ...names(second)].sort()).toEqual(
    [0, 1, 2, 3].map((partition) => `events-${partition}`),
  );
  await cluster.run(second.close());
  await pollUntil(cluster, [first], () => first.assignment.length === 4);
  expect(first.assignment).toHaveLength(4);
  await cluster.run(first.close());
});

test('a group goes on where it has committed', async () => {
  const cluster = await clusterWithRecords(1, 10);
  const settings = { 'group.id': 'g', 'max.poll.records': '4' };
  const first = consumerOf(cluster, settings);
  first.subscribe([topic]);
  let seen = 0;
  const values = await pollUntil(cluster, [first], () => {
    seen = first.assignment.length === 0 ? 0 : (first.position({ topic, partition: 0 }) ?? 0);
    return 4 <= seen;
  });
  expect(values.get(first)).toEqual(['0', '1', '2', '3']);
  await cluster.run(first.close());
  const second = consumerOf(cluster, { 'group.id': 'g' });
  second.subscribe([topic]);
  const rest = await pollUntil(
    cluster,
    [second],
    () => 0 < second.assignment.length && second.position({ topic, partition: 0 }) === 10,
  );
  expect(rest.get(second)).toEqual(['4', '5', '6', '7', '8', '9']);
  await cluster.run(second.close());
});

test('a member that does not poll for max.poll.interval.ms is out of the group', async () => {
  const cluster = await clusterWithRecords(2, 2);
  const lazy = consumerOf(cluster, { 'group.id': 'g', 'max.poll.interval.ms': '10000' });
  lazy.subscribe([topic]);
  await pollUntil(cluster, [lazy], () => lazy.assignment.length === 2);
  await cluster.scheduler.advance(15_000);
  const other = consumerOf(cluster, { 'group.id': 'g' });
  other.subscribe([topic]);
  await pollUntil(cluster, [other], () => other.assignment.length === 2);
  expect(other.assignment).toHaveLength(2);
  await cluster.run(lazy.close());
  await cluster.run(other.close());
});

test('seek, pause and resume decide what a poll gives', async () => {
  const cluster = await clusterWithRecords(1, 5);
  const consumer = consumerOf(cluster, {});
  const partition = { topic, partition: 0 };
  consumer.assign([partition]);
  consumer.seek(partition, 3);
  const values = await pollUntil(cluster, [consumer], () => consumer.position(partition) === 5);
  expect(values.get(consumer)).toEqual(['3', '4']);
  consumer.seek(partition, 0);
  consumer.pause([partition]);
  expect(await cluster.run(consumer.poll(2000))).toEqual([]);
  consumer.resume([partition]);
  const [part] = await cluster.run(consumer.poll(2000));
  expect(part?.records).toHaveLength(5);
  await cluster.run(consumer.close());
});

test('an offset beyond the log is reset as auto.offset.reset says', async () => {
  const cluster = await clusterWithRecords(1, 5);
  const consumer = consumerOf(cluster, {});
  const partition = { topic, partition: 0 };
  consumer.assign([partition]);
  consumer.seek(partition, 99);
  const values = await pollUntil(cluster, [consumer], () => consumer.position(partition) === 5);
  expect(values.get(consumer)).toEqual(['0', '1', '2', '3', '4']);
  await cluster.run(consumer.close());
});

test('a broker that crashes and comes back is read on', async () => {
  const cluster = await clusterWithRecords(1, 5);
  const consumer = consumerOf(cluster, {});
  const partition = { topic, partition: 0 };
  consumer.assign([partition]);
  await pollUntil(cluster, [consumer], () => consumer.position(partition) === 5);
  await cluster.crash();
  expect(await cluster.run(consumer.poll(1000))).toEqual([]);
  await cluster.start();
  const producer = new Producer(cluster.client(), { 'bootstrap.servers': cluster.bootstrap });
  await cluster.run(producer.sendAndWait({ topic, value: new TextEncoder().encode('after') }));
  await cluster.run(producer.close());
  const values = await pollUntil(cluster, [consumer], () => consumer.position(partition) === 6);
  expect(values.get(consumer)).toEqual(['after']);
  await cluster.run(consumer.close());
});
