import { expect, test } from 'vitest';
import { startTestCluster, type TestCluster } from '../testing/cluster.ts';
import { Admin } from './admin.ts';
import { Consumer } from './consumer.ts';
import { Producer } from './producer.ts';
import type { BatchOutcome } from './producer-batch.ts';

const topic = 'events';
const text = (value: string) => new TextEncoder().encode(value);

async function clusterWithTopic(partitionCount = 1): Promise<TestCluster> {
  const cluster = await startTestCluster();
  const admin = Admin.create(cluster.client(), { 'bootstrap.servers': cluster.bootstrap });
  const newTopic = { name: topic, partitionCount, replicationFactor: 1, configs: {} };
  await cluster.run(admin.createTopic(newTopic));
  admin.close();
  return cluster;
}

function producerOf(cluster: TestCluster, properties: Record<string, string> = {}): Producer {
  return new Producer(cluster.client(), {
    'bootstrap.servers': cluster.bootstrap,
    ...properties,
  });
}

async function readAll(cluster: TestCluster, count: number): Promise<string[]> {
  const consumer = new Consumer(cluster.client('reader'), {
    'bootstrap.servers': cluster.bootstrap,
  });
  consumer.assign(await cluster.run(consumer.partitionsFor(topic)));
  consumer.seekTo('earliest');
  const values: string[] = [];
  while (values.length < count) {
    const polled = await cluster.run(consumer.poll(5000));
    if (polled.length === 0) break;
    for (const { records } of polled) {
      for (const { value } of records) values.push(new TextDecoder().decode(value ?? undefined));
    }
  }
  await cluster.run(consumer.close());
  return values;
}

test('records come back in order, with their offsets', async () => {
  const cluster = await clusterWithTopic();
  const producer = producerOf(cluster);
  const offsets: number[] = [];
  for (let i = 0; i < 500; i++) {
    producer.send({ topic, value: text(`v${i}`) }, ({ baseOffset }, index) => {
      offsets.push(baseOffset + index);
    });
  }
  await cluster.run(producer.close());
  expect(offsets).toEqual(Array.from({ length: 500 }, (_, i) => i));
  expect(await readAll(cluster, 500)).toEqual(Array.from({ length: 500 }, (_, i) => `v${i}`));
});

test('a broker that crashes and comes back gets each record once and in order (idempotence)', async () => {
  const cluster = await clusterWithTopic();
  const producer = producerOf(cluster, { 'batch.size': '200', 'retry.backoff.ms': '50' });
  await cluster.run(producer.sendAndWait({ topic, value: text('first') }));
  const errors: unknown[] = [];
  for (let i = 0; i < 100; i++) {
    producer.send({ topic, value: text(`v${i}`) }, ({ error }) => error && errors.push(error));
    if (i === 50) await cluster.scheduler.settle();
  }
  await cluster.crash();
  await cluster.start();
  await cluster.run(producer.close());
  expect(errors).toEqual([]);
  const expected = ['first', ...Array.from({ length: 100 }, (_, i) => `v${i}`)];
  expect(await readAll(cluster, 101)).toEqual(expected);
});

// Found under load against Apache Kafka: a topic was so new that one of its leaders did not know it yet.
test('a leader that takes the second batch only does not come to see it before the first', async () => {
  const cluster = await clusterWithTopic();
  const producer = producerOf(cluster, { 'batch.size': '200' });
  for (let i = 0; i < 100; i++) producer.send({ topic, value: text(`v${i}`) });
  let refused = 0;
  cluster.broker.intercept(0, () => {
    refused += 1;
    cluster.broker.intercept(0, undefined);
    return { responses: [notLeader], throttleTimeMs: 0 };
  });
  await cluster.run(producer.close());
  expect(refused).toBe(1);
  expect(await readAll(cluster, 100)).toEqual(Array.from({ length: 100 }, (_, i) => `v${i}`));
});

const notLeader = { name: topic, partitionResponses: [{ index: 0, errorCode: 6, baseOffset: -1 }] };

// Found by the simulator: scenario cluster, 5 nodes, seed 3035. The producer asked for it without a pause.
test('a leader that is not among the brokers is waited for in peace', async () => {
  const cluster = await clusterWithTopic();
  const producer = producerOf(cluster);
  const [host = '', port] = cluster.bootstrap.split(':');
  const brokers = [{ nodeId: 99, host, port: Number(port), rack: null }];
  const partition = { partitionIndex: 0, leaderId: 1, leaderEpoch: 0, replicaNodes: [1] };
  const topics = [{ name: topic, partitions: [{ ...partition, isrNodes: [1] }] }];
  cluster.broker.intercept(3, () => ({ brokers, clusterId: null, topics }));
  let isSent = false;
  producer.send({ topic, value: text('a') }, () => {
    isSent = true;
  });
  await cluster.scheduler.advance(1000);
  expect(isSent).toBe(false);
  cluster.broker.intercept(3, undefined);
  await cluster.run(producer.close());
  expect(isSent).toBe(true);
});

// Found with it: new partitions were never heard of.
test('a producer asks for metadata older than metadata.max.age.ms again', async () => {
  const cluster = await clusterWithTopic();
  const producer = producerOf(cluster, { 'metadata.max.age.ms': '1000' });
  await cluster.run(producer.sendAndWait({ topic, value: text('a') }));
  let asked = 0;
  cluster.broker.intercept(3, () => {
    asked += 1;
    return null;
  });
  await cluster.run(producer.sendAndWait({ topic, value: text('b') }));
  expect(asked).toBe(0);
  await cluster.scheduler.advance(1000);
  await cluster.run(producer.sendAndWait({ topic, value: text('c') }));
  expect(asked).toBe(1);
  await cluster.run(producer.close());
});

test('linger.ms fills a batch before it goes', async () => {
  const cluster = await clusterWithTopic();
  const producer = producerOf(cluster, { 'linger.ms': '20' });
  await cluster.run(producer.sendAndWait({ topic, value: text('a') }));
  const outcomes = new Set<BatchOutcome>();
  for (let i = 0; i < 10; i++) {
    producer.send({ topic, value: text(`v${i}`) }, (outcome) => outcomes.add(outcome));
    await cluster.scheduler.advance(1);
  }
  expect(outcomes.size).toBe(0);
  await cluster.scheduler.advance(20);
  expect(outcomes.size).toBe(1);
  await cluster.run(producer.close());
});

test('a broker that is gone for longer than delivery.timeout.ms costs the records', async () => {
  const cluster = await clusterWithTopic();
  const producer = producerOf(cluster, {
    'delivery.timeout.ms': '2000',
    'request.timeout.ms': '1000',
  });
  await cluster.run(producer.sendAndWait({ topic, value: text('a') }));
  await cluster.crash();
  let failure: Error | undefined;
  producer.send({ topic, value: text('b') }, ({ error }) => {
    failure = error;
  });
  await cluster.scheduler.advance(3000);
  expect(failure?.message).toMatch(/^Expiring 1 record\(s\) for events-0:\d+ ms has passed/);
  await cluster.start();
  const record = await cluster.run(producer.sendAndWait({ topic, value: text('c') }));
  expect(record.offset).toBe(1);
  await cluster.run(producer.close());
});

test('buffer.memory makes send answer false until there is room again', async () => {
  const cluster = await clusterWithTopic();
  const producer = producerOf(cluster, { 'buffer.memory': '8192', 'batch.size': '1024' });
  await cluster.run(producer.sendAndWait({ topic, value: text('a') }));
  let sent = 0;
  while (producer.send({ topic, value: new Uint8Array(900) })) sent += 1;
  expect(sent).toBeLessThan(10);
  expect(producer.isReady).toBe(false);
  await cluster.run(producer.ready());
  expect(producer.isReady).toBe(true);
  await cluster.run(producer.close());
  expect(await readAll(cluster, sent + 2)).toHaveLength(sent + 2);
});

test('a record larger than max.request.size fails at once', async () => {
  const cluster = await clusterWithTopic();
  const producer = producerOf(cluster, { 'max.request.size': '1000' });
  const sending = producer.sendAndWait({ topic, value: new Uint8Array(2000) });
  await expect(cluster.run(sending)).rejects.toThrow(
    /^The message is 2086 bytes when serialized which is larger than 1000/,
  );
  await cluster.run(producer.close());
});

test('equal keys go to the partition that Java computes', async () => {
  const cluster = await clusterWithTopic(10);
  const producer = producerOf(cluster, { acks: '1' });
  const partitions = new Map<string, number>();
  for (const key of ['foobar', 'a', 'kafka']) {
    const sent = producer.sendAndWait({ topic, key: text(key), value: null });
    partitions.set(key, (await cluster.run(sent)).partition);
  }
  // Recorded: Utils.toPositive(Utils.murmur2(key)) % 10 of Kafka 3.8.0.
  expect(Object.fromEntries(partitions)).toEqual(recordedPartitions);
  await cluster.run(producer.close());
});

const recordedPartitions = { foobar: 6, a: 4, kafka: 0 };
