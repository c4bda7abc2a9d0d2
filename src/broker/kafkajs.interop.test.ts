import { type EachMessagePayload, Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../testing/clients/eventually.ts';
import { type NodeBroker, startNodeBroker } from '../testing/node-broker.ts';

let node: NodeBroker;
let kafka: Kafka;

beforeAll(async () => {
  node = await startNodeBroker({ properties: { 'num.partitions': '3' } });
  kafka = new Kafka({ brokers: [node.bootstrap], logLevel: logLevel.NOTHING });
});

afterAll(async () => {
  await node.dispose();
});

test('kafkajs writes and reads with keys and headers', async () => {
  const producer = kafka.producer({ idempotent: true });
  await producer.connect();
  const sent = await producer.send({
    topic: 'letters',
    acks: -1,
    messages: ['a', 'b', 'c'].map((value) => ({ key: value, value, headers: { of: 'test' } })),
  });
  expect(sent.every(({ errorCode }) => errorCode === 0)).toBe(true);
  await producer.disconnect();
  const seen = await read('letters', 'readers', 3);
  expect(seen.map(({ message }) => message.value?.toString()).sort()).toEqual(['a', 'b', 'c']);
  expect(seen[0]?.message.headers?.['of']?.toString()).toBe('test');
});

test('kafkajs goes on where its group has stopped', async () => {
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic: 'letters', messages: [{ value: 'd' }] });
  await producer.disconnect();
  const seen = await read('letters', 'readers', 1);
  expect(seen.map(({ message }) => message.value?.toString())).toEqual(['d']);
});

test('three kafkajs members share the partitions, and two when one leaves', async () => {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'shared', numPartitions: 6 }] });
  const members = [await member('trio'), await member('trio'), await member('trio')];
  const stateOf = async () => (await admin.describeGroups(['trio'])).groups[0];
  await eventually(stateOf, (group) => group?.state === 'Stable' && group.members.length === 3);
  await members[0]?.disconnect();
  await eventually(stateOf, (group) => group?.state === 'Stable' && group.members.length === 2);
  await Promise.all(members.slice(1).map((one) => one.disconnect()));
  await admin.disconnect();
});

test('kafkajs administers topics, configs, offsets and groups', async () => {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'made', numPartitions: 2 }] });
  await admin.createPartitions({ topicPartitions: [{ topic: 'made', count: 4 }] });
  const { topics } = await admin.fetchTopicMetadata({ topics: ['made'] });
  expect(topics[0]?.partitions).toHaveLength(4);
  await admin.setOffsets({
    groupId: 'seeker',
    topic: 'made',
    partitions: [{ partition: 0, offset: '0' }],
  });
  const offsets = await admin.fetchOffsets({ groupId: 'seeker', topics: ['made'] });
  expect(offsets[0]?.partitions.find(({ partition }) => partition === 0)?.offset).toBe('0');
  await admin.deleteGroups(['seeker']);
  await admin.deleteTopics({ topics: ['made'] });
  expect(await admin.listTopics()).not.toContain('made');
  await admin.disconnect();
});

async function read(topic: string, groupId: string, count: number): Promise<EachMessagePayload[]> {
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 200 });
  const seen: EachMessagePayload[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async (payload) => {
      await undefined;
      seen.push(payload);
    },
  });
  await eventually(
    () => seen.length,
    (length) => count <= length,
  );
  await consumer.disconnect();
  return seen;
}

async function member(groupId: string) {
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 200 });
  await consumer.connect();
  await consumer.subscribe({ topic: 'shared' });
  await consumer.run({ eachMessage: () => Promise.resolve() });
  return consumer;
}
