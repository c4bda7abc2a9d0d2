import { CompressionTypes, type Consumer, Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BrokerProcess } from '../broker-process.ts';
import { startBrokerUnderTest } from './broker-under-test.ts';
import { eventually } from './eventually.ts';

let broker: BrokerProcess;
let kafka: Kafka;

beforeAll(async () => {
  broker = await startBrokerUnderTest();
  kafka = new Kafka({
    brokers: [broker.bootstrap],
    clientId: 'interop',
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 50, retries: 6 },
  });
});

afterAll(() => broker?.dispose());

describe('kafkajs 2.2.4, unmodified', () => {
  test('administers topics and their configurations', async () => {
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'admin-a', numPartitions: 2 }] });
    expect(await admin.listTopics()).toContain('admin-a');
    await admin.createPartitions({ topicPartitions: [{ topic: 'admin-a', count: 4 }] });
    const { topics } = await admin.fetchTopicMetadata({ topics: ['admin-a'] });
    expect(topics[0]?.partitions.map((partition) => partition.leader)).toEqual([1, 1, 1, 1]);

    const resource = { type: 2, name: 'admin-a' };
    await admin.alterConfigs({
      validateOnly: false,
      resources: [{ ...resource, configEntries: [{ name: 'retention.ms', value: '60000' }] }],
    });
    const described = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ ...resource, configNames: ['retention.ms'] }],
    });
    expect(described.resources[0]?.configEntries[0]?.configValue).toBe('60000');

    const cluster = await admin.describeCluster();
    expect(cluster.brokers).toHaveLength(1);
    await admin.deleteTopics({ topics: ['admin-a'] });
    expect(await admin.listTopics()).not.toContain('admin-a');
    await admin.disconnect();
  });

  test('says TOPIC_ALREADY_EXISTS and UNKNOWN_TOPIC_OR_PARTITION in errors of its own', async () => {
    const admin = kafka.admin();
    await admin.connect();
    expect(await admin.createTopics({ topics: [{ topic: 'twice' }] })).toBe(true);
    expect(await admin.createTopics({ topics: [{ topic: 'twice' }] })).toBe(false);
    await expect(admin.deleteTopics({ topics: ['never-there'] })).rejects.toThrow();
    await admin.disconnect();
  });

  test.each([0, 1, -1])('produces with acks=%i and reads the same records back', async (acks) => {
    const topic = `acks-${acks}`;
    await createTopic(topic, 1);
    const producer = kafka.producer();
    await producer.connect();
    const messages = numbered(200);
    await producer.send({ topic, acks, messages });
    await producer.disconnect();
    expect(await readAll(topic, 200)).toEqual(messages.map((message) => message.value));
  });

  test('produces gzip batches', async () => {
    await createTopic('gzip', 1);
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({
      topic: 'gzip',
      compression: CompressionTypes.GZIP,
      messages: numbered(500),
    });
    await producer.disconnect();
    expect(await readAll('gzip', 500)).toHaveLength(500);
  });

  test('produces idempotently', async () => {
    await createTopic('idempotent', 1);
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    for (let round = 0; round < 5; round += 1) {
      await producer.send({ topic: 'idempotent', messages: numbered(10) });
    }
    await producer.disconnect();
    expect(await readAll('idempotent', 50)).toHaveLength(50);
  });

  test('creates a topic by producing to it', async () => {
    const producer = kafka.producer({ allowAutoTopicCreation: true });
    await producer.connect();
    await producer.send({ topic: 'auto-created', messages: numbered(3) });
    await producer.disconnect();
    expect(await readAll('auto-created', 3)).toHaveLength(3);
  });

  test('a group of three shares six partitions, through joins and leaves', async () => {
    await createTopic('shared', 6);
    const assigned = new Map<string, number>();
    const members: Consumer[] = [];
    const join = async (name: string) => {
      const consumer = kafka.consumer({
        groupId: 'three',
        sessionTimeout: 10_000,
        heartbeatInterval: 300,
        rebalanceTimeout: 10_000,
        maxWaitTimeInMs: 100,
      });
      consumer.on('consumer.group_join', ({ payload }) => {
        assigned.set(name, payload.memberAssignment['shared']?.length ?? 0);
      });
      await consumer.connect();
      await consumer.subscribe({ topic: 'shared', fromBeginning: true });
      await consumer.run({ eachMessage: () => Promise.resolve() });
      members.push(consumer);
    };
    const shares = () => [...assigned.values()].sort().join(',');

    await join('a');
    await eventually(shares, (seen) => seen === '6');
    await join('b');
    await eventually(shares, (seen) => seen === '3,3');
    await join('c');
    await eventually(shares, (seen) => seen === '2,2,2');

    const admin = kafka.admin();
    await admin.connect();
    const { groups } = await admin.describeGroups(['three']);
    expect(groups[0]?.state).toBe('Stable');
    expect(groups[0]?.members).toHaveLength(3);

    assigned.delete('b');
    await members[1]?.disconnect();
    await eventually(shares, (seen) => seen === '3,3');
    await members[0]?.disconnect();
    await members[2]?.disconnect();
    await eventually(
      async () => (await admin.describeGroups(['three'])).groups[0]?.state,
      (state) => state === 'Empty',
    );
    await admin.deleteGroups(['three']);
    expect((await admin.listGroups()).groups.map((group) => group.groupId)).not.toContain('three');
    await admin.disconnect();
  });

  test('commits offsets and goes on from them', async () => {
    await createTopic('resumed', 1);
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({ topic: 'resumed', messages: numbered(20) });
    expect(await readAll('resumed', 20, 'resumer')).toHaveLength(20);
    await producer.send({ topic: 'resumed', messages: [{ value: 'later' }] });
    await producer.disconnect();
    expect(await readAll('resumed', 1, 'resumer')).toEqual(['later']);

    const admin = kafka.admin();
    await admin.connect();
    const [offsets] = await admin.fetchOffsets({ groupId: 'resumer', topics: ['resumed'] });
    expect(offsets?.partitions).toMatchObject([{ partition: 0, offset: '21' }]);
    await admin.resetOffsets({ groupId: 'resumer', topic: 'resumed', earliest: true });
    await admin.deleteTopicRecords({
      topic: 'resumed',
      partitions: [{ partition: 0, offset: '5' }],
    });
    const [bounds] = await admin.fetchTopicOffsets('resumed');
    expect(bounds).toMatchObject({ low: '5', high: '21' });
    await admin.disconnect();
  });
});

async function createTopic(topic: string, numPartitions: number): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions }], waitForLeaders: true });
  await admin.disconnect();
}

function numbered(count: number): { key: string; value: string }[] {
  return Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value: `v${index}` }));
}

async function readAll(topic: string, count: number, groupId = `read-${topic}`): Promise<string[]> {
  const consumer = kafka.consumer({ groupId, heartbeatInterval: 500, maxWaitTimeInMs: 100 });
  const values: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ message }) => {
      values.push(message.value?.toString() ?? '');
      return Promise.resolve();
    },
  });
  await eventually(
    () => values.length,
    (length) => count <= length,
  );
  await consumer.disconnect();
  return values;
}
