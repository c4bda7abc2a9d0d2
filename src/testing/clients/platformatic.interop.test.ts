import {
  Admin,
  Consumer,
  MessagesStreamModes,
  Producer,
  stringDeserializers,
  stringSerializers,
} from '@platformatic/kafka';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BrokerProcess } from '../broker-process.ts';
import { startBrokerUnderTest } from './broker-under-test.ts';
import { eventually } from './eventually.ts';

let broker: BrokerProcess;
let admin: Admin;

beforeAll(async () => {
  broker = await startBrokerUnderTest();
  admin = new Admin({ clientId: 'interop', bootstrapBrokers: [broker.bootstrap] });
});

afterAll(async () => {
  await admin?.close();
  await broker?.dispose();
});

// It speaks only the upper end of most version ranges, as kafkajs speaks only the lower.
describe('@platformatic/kafka, unmodified', () => {
  test('administers topics, configurations and groups', async () => {
    const created = await admin.createTopics({ topics: ['admin-a'], partitions: 3, replicas: 1 });
    expect(created[0]).toMatchObject({ name: 'admin-a', partitions: 3 });
    expect(await admin.listTopics()).toContain('admin-a');
    await admin.createPartitions({
      topics: [
        { name: 'admin-a', count: 5, assignments: [[1], [1]].map((brokerIds) => ({ brokerIds })) },
      ],
    });
    const [configs] = await admin.describeConfigs({
      resources: [
        { resourceType: 2, resourceName: 'admin-a', configurationKeys: ['cleanup.policy'] },
      ],
    });
    expect(configs?.configs[0]).toMatchObject({ name: 'cleanup.policy', value: 'delete' });
    await admin.deleteTopics({ topics: ['admin-a'] });
    expect(await admin.listTopics()).not.toContain('admin-a');
  });

  test('produces and consumes', async () => {
    await admin.createTopics({ topics: ['events'], partitions: 1, replicas: 1 });
    await produce('events', 300);
    const values: string[] = [];
    const consumer = newConsumer('events-reader');
    const stream = await consumer.consume({
      topics: ['events'],
      mode: MessagesStreamModes.EARLIEST,
    });
    stream.on('data', (message) => values.push(message.value ?? ''));
    await eventually(
      () => values.length,
      (length) => length === 300,
    );
    expect(values).toEqual(Array.from({ length: 300 }, (_, index) => `v${index}`));
    await consumer.close(true);
  });

  test('a group of three shares six partitions, through joins and leaves', async () => {
    await admin.createTopics({ topics: ['shared'], partitions: 6, replicas: 1 });
    const members: Consumer<string, string, string, string>[] = [];
    const shares = () =>
      members
        .map((member) => member.assignments?.flatMap((each) => each.partitions).length ?? 0)
        .join();
    for (const expected of ['6', '3,3', '2,2,2']) {
      const consumer = newConsumer('three');
      members.push(consumer);
      const stream = await consumer.consume({
        topics: ['shared'],
        mode: MessagesStreamModes.EARLIEST,
      });
      stream.on('data', () => {});
      await eventually(shares, (seen) => seen === expected);
    }
    const groups = await admin.describeGroups({ groups: ['three'] });
    expect(groups.get('three')?.members.size).toBe(3);
    await members.pop()?.close(true);
    await eventually(shares, (seen) => seen === '3,3');
    for (const member of members) await member.close(true);
    await admin.deleteGroups({ groups: ['three'] });
    expect((await admin.listGroups()).has('three')).toBe(false);
  });
});

function newConsumer(groupId: string): Consumer<string, string, string, string> {
  return new Consumer({
    groupId,
    clientId: 'interop',
    bootstrapBrokers: [broker.bootstrap],
    deserializers: stringDeserializers,
    heartbeatInterval: 300,
    sessionTimeout: 10_000,
    rebalanceTimeout: 10_000,
    maxWaitTime: 200,
  });
}

async function produce(topic: string, count: number): Promise<void> {
  const producer = new Producer({
    clientId: 'interop',
    bootstrapBrokers: [broker.bootstrap],
    serializers: stringSerializers,
  });
  const messages = Array.from({ length: count }, (_, index) => ({ topic, value: `v${index}` }));
  await producer.send({ messages });
  await producer.close();
}
