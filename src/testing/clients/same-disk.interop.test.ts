import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findApacheKafka } from '../apache-kafka.ts';
import { apacheKafkaLauncher, BrokerProcess, brokerlab } from '../broker-process.ts';

const found = findApacheKafka({ fetch: false });
const reason = 'reason' in found ? found.reason : undefined;
const apache = 'reason' in found ? undefined : apacheKafkaLauncher(found);
if (reason !== undefined) process.stderr.write(`skipped: taking turns on one disk (${reason})\n`);

let broker: BrokerProcess;

beforeAll(async () => {
  if (apache !== undefined) broker = await BrokerProcess.start(brokerlab);
});

afterAll(() => broker?.dispose());

describe.skipIf(apache === undefined)('one disk, ours and Apache Kafka 3.8.0 in turn', () => {
  test('each finds the topics, configs and records that the other left behind', async () => {
    await makeTopic('ours');
    await broker.kill('SIGTERM');

    await broker.restart(apache);
    expect(await describeTopic('ours')).toEqual({
      partitions: 2,
      retention: '123456789',
      records: 5,
    });
    await makeTopic('theirs');
    await broker.kill('SIGTERM');

    await broker.restart();
    const both = [await describeTopic('ours'), await describeTopic('theirs')];
    const expected = { partitions: 2, retention: '123456789', records: 5 };
    expect(both).toEqual([expected, expected]);
  });

  test('after kill -9 each recovers what the other had written', async () => {
    await makeTopic('before-the-kill');
    await broker.kill('SIGKILL');
    await broker.restart(apache);
    expect(await describeTopic('before-the-kill')).toMatchObject({ partitions: 2, records: 5 });
    await broker.kill('SIGKILL');
    await broker.restart();
    expect(await describeTopic('before-the-kill')).toMatchObject({ partitions: 2, records: 5 });
  });
});

function client(): Kafka {
  const retry = { retries: 20, initialRetryTime: 100 };
  return new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING, retry });
}

async function makeTopic(topic: string): Promise<void> {
  const kafka = client();
  const admin = kafka.admin();
  await admin.connect();
  const configEntries = [{ name: 'retention.ms', value: '123456789' }];
  await admin.createTopics({ topics: [{ topic, numPartitions: 2, configEntries }] });
  await admin.disconnect();
  const producer = kafka.producer();
  await producer.connect();
  const messages = Array.from({ length: 5 }, (_, i) => ({ key: `${i}`, value: `record ${i}` }));
  await producer.send({ topic, acks: -1, messages });
  await producer.disconnect();
}

async function describeTopic(topic: string) {
  const admin = client().admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic);
  const resources = [{ type: 2, name: topic, configNames: ['retention.ms'] }];
  const configs = await admin.describeConfigs({ resources, includeSynonyms: false });
  await admin.disconnect();
  return {
    partitions: offsets.length,
    retention: configs.resources[0]?.configEntries[0]?.configValue,
    records: offsets.reduce((sum, { high }) => sum + Number(high), 0),
  };
}
