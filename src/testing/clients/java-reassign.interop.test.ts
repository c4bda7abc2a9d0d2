import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findApacheKafka } from '../apache-kafka.ts';
import { ClusterProcesses } from '../cluster-processes.ts';
import { eventually } from './eventually.ts';

const found = findApacheKafka({ fetch: false });
const kafka = 'reason' in found ? undefined : found;
if ('reason' in found) process.stderr.write(`skipped: Java tools that move (${found.reason})\n`);

const records = 20_000;
const tools = {
  topics: 'org.apache.kafka.tools.TopicCommand',
  reassign: 'org.apache.kafka.tools.reassign.ReassignPartitionsCommand',
  elect: 'org.apache.kafka.tools.LeaderElectionCommand',
  features: 'org.apache.kafka.tools.FeatureCommand',
} as const;

describe.skipIf(kafka === undefined)(
  'the Java tools of Apache Kafka 3.8.0 move partitions of a cluster of three',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'java-reassign-'));
    let cluster: ClusterProcesses;

    beforeAll(async () => {
      cluster = await ClusterProcesses.start({ nodes: 3 });
    });

    afterAll(async () => {
      await cluster?.dispose();
      rmSync(folder, { recursive: true, force: true });
    });

    test('a partition with data moves to another broker, its throttles come and go, no record is lost', async () => {
      expect(
        run('topics', '--create', '--topic', 'moved', '--replica-assignment', '1:2'),
      ).toContain('Created topic moved.');
      await untilSaid('Isr: 1,2', () => run('topics', '--describe', '--topic', 'moved'));
      produce('moved');

      const file = jsonFile('move', [{ topic: 'moved', partition: 0, replicas: [3, 2] }]);
      const throttle = ['--throttle', '50000000'];
      const started = run('reassign', '--execute', '--reassignment-json-file', file, ...throttle);
      expect(started).toContain(
        '{"version":1,"partitions":[{"topic":"moved","partition":0,"replicas":[1,2],"log_dirs":["any","any"]}]}',
      );
      expect(started).toContain('The inter-broker throttle limit was set to 50000000 B/s');
      expect(started).toContain('Successfully started partition reassignment for moved-0');
      const verified = await untilSaid('Reassignment of partition moved-0 is completed.', () =>
        run('reassign', '--verify', '--reassignment-json-file', file),
      );
      expect(verified).toContain('Clearing topic-level throttles on topic moved');
      expect(run('reassign', '--list')).toContain('No partition reassignments found.');
      const described = run('topics', '--describe', '--topic', 'moved');
      expect(described).toMatch(/Leader: [23]\tReplicas: 3,2\tIsr: (2,3|3,2)/);
      expect(consume('moved')).toBe(String(records));
    });

    test('leadership goes to the preferred replica', async () => {
      const described = run('topics', '--describe', '--topic', 'moved');
      const elected = run(
        'elect',
        '--election-type',
        'preferred',
        '--topic',
        'moved',
        ...partition0,
      );
      expect(elected).toContain(
        described.includes('Leader: 3')
          ? 'Valid replica already elected for partitions moved-0'
          : 'Successfully completed leader election (PREFERRED) for partitions moved-0',
      );
      await untilSaid('Leader: 3', () => run('topics', '--describe', '--topic', 'moved'));
      expect(consume('moved')).toBe(String(records));
    });

    test('moves go on after a broker was killed and came back', async () => {
      await cluster.node(1).kill('SIGKILL');
      const file = jsonFile('away', [{ topic: 'moved', partition: 0, replicas: [3, 2, 1] }]);
      const unknown = run('reassign', '--execute', '--reassignment-json-file', file);
      expect(unknown).toMatch(/Successfully started|Unknown broker id 1/);
      await cluster.node(1).restart();
      const back = jsonFile('back', [{ topic: 'moved', partition: 0, replicas: [2, 3] }]);
      await untilSaid('Successfully started partition reassignment for moved-0', () =>
        run('reassign', '--execute', '--additional', '--reassignment-json-file', back),
      );
      await untilSaid('Reassignment of partition moved-0 is completed.', () =>
        run('reassign', '--verify', '--reassignment-json-file', back),
      );
      expect(consume('moved')).toBe(String(records));
    });

    test('features are described and refused as by Kafka', () => {
      expect(run('features', 'describe')).toMatch(
        /^Feature: metadata.version\tSupportedMinVersion: 3.0-IV1\tSupportedMaxVersion: 3.8-IV0\tFinalizedVersionLevel: 3.8-IV0\tEpoch: \d+$/m,
      );
      expect(run('features', 'downgrade', '--metadata', '3.6')).toContain(
        'Could not downgrade metadata.version to 14. Invalid metadata.version 14. Refusing to perform the requested downgrade because it might delete metadata information.',
      );
      expect(run('features', 'downgrade', '--metadata', '3.7-IV4')).toContain(
        'metadata.version was downgraded to 19.',
      );
      expect(run('features', 'upgrade', '--metadata', '3.8')).toContain(
        'metadata.version was upgraded to 20.',
      );
    });

    function run(tool: keyof typeof tools, ...args: readonly string[]): string {
      const result = kafka?.run(tools[tool], ['--bootstrap-server', cluster.bootstrap, ...args]);
      return `${result?.stdout ?? ''}${result?.stderr ?? ''}`;
    }

    function produce(topic: string): void {
      const result = kafka?.run('org.apache.kafka.tools.ProducerPerformance', [
        ...['--topic', topic, '--num-records', String(records), '--record-size', '1000'],
        ...['--throughput', '-1', '--producer-props', `bootstrap.servers=${cluster.bootstrap}`],
        'acks=all',
      ]);
      expect(result?.stdout).toContain(`${records} records sent`);
    }

    /** How many records there are to consume. */
    function consume(topic: string): string | undefined {
      const result = kafka?.run('org.apache.kafka.tools.ConsumerPerformance', [
        ...['--bootstrap-server', cluster.bootstrap, '--topic', topic],
        ...['--messages', String(records), '--timeout', '20000'],
      ]);
      return result?.stdout.trim().split('\n').at(-1)?.split(', ')[4];
    }

    function jsonFile(name: string, partitions: readonly object[]): string {
      const path = join(folder, `${name}.json`);
      writeFileSync(path, JSON.stringify({ version: 1, partitions }));
      return path;
    }
  },
);

const partition0 = ['--partition', '0'] as const;

/** Asks until the answer says `expected`; answers the last one. */
function untilSaid(expected: string, ask: () => string): Promise<string> {
  return eventually(ask, (answer) => answer.includes(expected), 60_000);
}
