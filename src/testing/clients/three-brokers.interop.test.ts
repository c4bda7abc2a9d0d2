import { spawnSync } from 'node:child_process';
import { type Consumer, Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ClusterProcesses } from '../cluster-processes.ts';
import { eventually } from './eventually.ts';

const hasKcat = spawnSync('kcat', ['-V']).status === 0;
let cluster: ClusterProcesses;
let kafka: Kafka;

beforeAll(async () => {
  cluster = await ClusterProcesses.start();
  kafka = new Kafka({
    brokers: cluster.bootstrap.split(','),
    clientId: 'interop',
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 50, retries: 12 },
  });
});

afterAll(() => cluster?.dispose());

async function withAdmin<T>(work: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

async function produce(topic: string, count: number, prefix: string): Promise<void> {
  const producer = kafka.producer({ idempotent: true });
  await producer.connect();
  const messages = Array.from({ length: count }, (_, index) => ({ value: `${prefix}${index}` }));
  await producer.send({ topic, acks: -1, messages });
  await producer.disconnect();
}

/** Members of a group, each with what it has read. */
async function joined(groupId: string, topic: string, members: number) {
  const consumers: Consumer[] = [];
  const read = Array.from({ length: members }, () => new Set<string>());
  for (const values of read) {
    const consumer = kafka.consumer({ groupId, sessionTimeout: 10_000 });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachMessage: ({ message }) => {
        values.add(message.value?.toString() ?? '');
        return Promise.resolve();
      },
    });
    consumers.push(consumer);
  }
  return { consumers, read };
}

describe('kafkajs 2.2.4 and a cluster of three processes', () => {
  test('sees three brokers and spreads a replicated topic over them', async () => {
    await withAdmin(async (admin) => {
      const { brokers } = await admin.describeCluster();
      expect(brokers.map(({ nodeId }) => nodeId)).toEqual([1, 2, 3]);
      await admin.createTopics({
        waitForLeaders: true,
        topics: [{ topic: 'spread', numPartitions: 6, replicationFactor: 3 }],
      });
      const { topics } = await admin.fetchTopicMetadata({ topics: ['spread'] });
      const partitions = topics[0]?.partitions ?? [];
      expect(new Set(partitions.map(({ leader }) => leader))).toEqual(new Set([1, 2, 3]));
      expect(partitions.every(({ isr }) => isr.length === 3)).toBe(true);
    });
  });

  test('a group reads all partitions over three brokers and is listed by its coordinator', async () => {
    await withAdmin((admin) =>
      admin.createTopics({
        waitForLeaders: true,
        topics: [{ topic: 'grouped', numPartitions: 6, replicationFactor: 3 }],
      }),
    );
    const { consumers, read } = await joined('readers', 'grouped', 3);
    for (let round = 0; round < 6; round += 1) await produce('grouped', 50, `${round}-`);
    await eventually(
      () => new Set(read.flatMap((values) => [...values])).size,
      (count) => count === 300,
    );
    await withAdmin(async (admin) => {
      const { groups } = await admin.listGroups();
      expect(groups.map(({ groupId }) => groupId)).toContain('readers');
      const described = await admin.describeGroups(['readers']);
      expect(described.groups[0]).toMatchObject({ state: 'Stable' });
      expect(described.groups[0]?.members).toHaveLength(3);
    });
    await Promise.all(consumers.map((consumer) => consumer.disconnect()));
  });

  test('writes and reads on while a broker stops, and the broker comes back', async () => {
    await withAdmin((admin) =>
      admin.createTopics({
        waitForLeaders: true,
        topics: [{ topic: 'failover', numPartitions: 3, replicationFactor: 3 }],
      }),
    );
    const { consumers, read } = await joined('followers', 'failover', 1);
    await produce('failover', 100, 'a');
    expect(await cluster.node(2).kill('SIGTERM')).toBe(143);
    await produce('failover', 100, 'b');
    await cluster.node(2).restart();
    await produce('failover', 100, 'c');
    await eventually(
      () => read[0]?.size ?? 0,
      (count) => count === 300,
    );
    await Promise.all(consumers.map((consumer) => consumer.disconnect()));
    await eventually(
      () => withAdmin((admin) => admin.fetchTopicMetadata({ topics: ['failover'] })),
      ({ topics }) => topics[0]?.partitions.every(({ isr }) => isr.length === 3) ?? false,
    );
  });
});

describe.skipIf(!hasKcat)('kcat and a cluster of three processes', () => {
  test('lists the brokers over any of them', () => {
    for (const id of cluster.nodeIds) {
      const listed = kcat(cluster.node(id).bootstrap, ['-L']);
      expect(listed).toContain('3 brokers:');
      for (const each of cluster.nodeIds) {
        expect(listed).toContain(`broker ${each} at ${cluster.node(each).bootstrap}`);
      }
    }
  });

  test('writes over one broker what it reads over another', () => {
    const [first = 1, , third = 3] = cluster.nodeIds;
    const lines = Array.from({ length: 500 }, (_, index) => `line ${index}`);
    kcat(cluster.node(first).bootstrap, ['-P', '-t', 'passed'], `${lines.join('\n')}\n`);
    const read = kcat(cluster.node(third).bootstrap, ['-C', '-t', 'passed', '-e', '-q']);
    expect(read.trim().split('\n')).toEqual(lines);
  });
});

function kcat(bootstrap: string, args: readonly string[], input = ''): string {
  const command = ['-b', bootstrap, ...args];
  const result = spawnSync('kcat', command, { input, encoding: 'utf8', timeout: 60_000 });
  if (result.status !== 0) throw new TypeError(`kcat ${args.join(' ')}: ${result.stderr}`);
  return result.stdout;
}
