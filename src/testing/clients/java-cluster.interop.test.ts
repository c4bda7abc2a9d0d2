import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { batchesOf } from '../../protocol/records/record-batch.ts';
import { type ApacheKafka, findApacheKafka } from '../apache-kafka.ts';
import { kafkaHome } from '../broker-process.ts';
import { ClusterProcesses } from '../cluster-processes.ts';
import { produceLines } from './console-producer.ts';
import { eventually } from './eventually.ts';

const found = findApacheKafka({ fetch: false });
const kafka = 'reason' in found ? undefined : found;
if ('reason' in found) {
  process.stderr.write(`skipped: the Java tools against three nodes (${found.reason})\n`);
}

let cluster: ClusterProcesses;

beforeAll(async () => {
  if (kafka === undefined) return;
  const properties = { 'metadata.log.max.record.bytes.between.snapshots': '4000' };
  cluster = await ClusterProcesses.start({ properties });
});

afterAll(() => cluster?.dispose());

describe.skipIf(kafka === undefined)(
  'the Java tools of Apache Kafka 3.8.0 against three nodes of ours',
  () => {
    test('kafka-metadata-quorum describes the quorum, asked at a broker and at a controller', () => {
      const status = quorum('describe', '--status');
      expect(status).toMatch(/^LeaderId: +[123]$/m);
      expect(status).toMatch(/^MaxFollowerLagTimeMs: +\d+$/m);
      expect(status).toMatch(/^CurrentVoters: +\[1,2,3\]$/m);
      expect(status).toMatch(/^CurrentObservers: +\[\]$/m);
      const rows = quorum('describe', '--replication').trim().split('\n').slice(1);
      expect(rows.map((row) => row.trim().split(/\s+/).at(-1)).toSorted()).toEqual([
        ...['Follower', 'Follower', 'Leader'],
      ]);
      const asked = controllers();
      const same = java(quorumCommand, [
        ...['--bootstrap-controller', asked, 'describe', '--status'],
      ]);
      expect(same).toMatch(/^CurrentVoters: +\[1,2,3\]$/m);
    });

    test('kafka-topics makes topics of three replicas and describes them', async () => {
      topics('--create', '--topic', 'three', '--partitions', '3', '--replication-factor', '3');
      const described = topics('--describe', '--topic', 'three');
      expect(described).toMatch(/PartitionCount: 3\tReplicationFactor: 3/);
      await eventually(
        () => topics('--describe', '--under-replicated-partitions'),
        (shown) => shown.trim() === '',
      );
      expect(topics('--describe', '--unavailable-partitions').trim()).toBe('');
    });

    test('the console producer and consumer pass records with acks=all over three replicas', () => {
      const lines = Array.from({ length: 200 }, (_, i) => `line ${i}`);
      if (kafka !== undefined) {
        produceLines(kafka, { bootstrap: cluster.bootstrap, topic: 'three' }, lines);
      }
      const consumed = java('org.apache.kafka.tools.consumer.ConsoleConsumer', [
        ...[...broker(), '--topic', 'three', '--from-beginning', '--max-messages', '200'],
        ...['--timeout-ms', '30000'],
      ]);
      expect(consumed.trim().split('\n').toSorted()).toEqual(lines.toSorted());
      const offsets = java('org.apache.kafka.tools.GetOffsetShell', [
        ...broker(),
        '--topic',
        'three',
      ]);
      const ends = offsets
        .trim()
        .split('\n')
        .map((line) => Number(line.split(':')[2]));
      expect(ends.reduce((sum, end) => sum + end, 0)).toBe(200);
    });

    test('kafka-storage info reads a log directory of ours', () => {
      const shown = java('kafka.tools.StorageTool', ['info', '-c', cluster.node(1).configFile]);
      expect(shown).toContain(`Found log directory:\n  ${cluster.node(1).logDir}`);
      expect(shown).toMatch(/Found metadata: \{cluster\.id=.*, node\.id=1, version=1\}/);
    });
  },
);

describe.skipIf(kafka === undefined)('our metadata log, read by Apache Kafka 3.8.0', () => {
  const folder = mkdtempSync(join(tmpdir(), 'metadata-log-'));
  const logFile = join(folder, '00000000000000000000.log');
  let snapshots: readonly string[] = [];

  beforeAll(async () => {
    if (kafka === undefined) return;
    for (let i = 0; i < 12; i += 1) {
      const shape = ['--partitions', '8', '--replication-factor', '3'];
      const made = ['--create', '--topic', `many-${i}`, '--config', `retention.ms=${i}`];
      ownTool('kafka-topics.sh', [...broker(), ...made, ...shape]);
    }
    ownTool('kafka-topics.sh', [...broker(), '--delete', '--topic', 'many-9']);
    // A controller and a broker come back: epochs of both grow.
    const leader = leaderOf(quorum('describe', '--status'));
    await cluster.node(leader).kill('SIGKILL');
    await eventually(
      () => kafka.run(quorumCommand, [...broker(), 'describe', '--status']),
      ({ status, stdout }) => status === 0 && leaderOf(stdout) !== leader,
    );
    await cluster.node(leader).restart();
    ownTool('kafka-topics.sh', [
      ...broker(),
      '--create',
      '--topic',
      lastTopic,
      ...['--partitions', '8'],
    ]);
    const source = join(cluster.node(1).logDir, '__cluster_metadata-0');
    await eventually(
      () => snapshotNames(source).length,
      (count) => 0 < count,
    );
    // The tools take a file for whole; what is being written is not.
    const log = await eventually(
      () => wholeBatches(readFileSync(join(source, '00000000000000000000.log'))),
      (bytes) => bytes.includes(lastTopic),
    );
    writeFileSync(logFile, log);
    snapshots = snapshotNames(source).map((name) => {
      copyFileSync(join(source, name), join(folder, name));
      return join(folder, name);
    });
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('kafka-dump-log --cluster-metadata-decoder decodes every record of the log and of snapshots', () => {
    const dumped = java('kafka.tools.DumpLogSegments', [
      ...['--cluster-metadata-decoder', '--files', [logFile, ...snapshots].join(',')],
    ]);
    expect(dumped).not.toMatch(/Error at|isvalid: false|invalid bytes/);
    const types = new Set(Array.from(dumped.matchAll(/"type":"([A-Z_]+)"/g), ([, type]) => type));
    for (const type of [
      ...['TOPIC_RECORD', 'PARTITION_RECORD', 'CONFIG_RECORD', 'REGISTER_BROKER_RECORD'],
      ...['REGISTER_CONTROLLER_RECORD', 'PARTITION_CHANGE_RECORD', 'REMOVE_TOPIC_RECORD'],
      ...['BROKER_REGISTRATION_CHANGE_RECORD', 'FEATURE_LEVEL_RECORD'],
    ]) {
      expect([...types]).toContain(type);
    }
    expect(dumped).toContain('SnapshotHeader');
    expect(dumped).toContain('SnapshotFooter');
  });

  test('kafka-metadata-shell shows the same tree of the log and of a snapshot as ours does', () => {
    // At its prompt: a command that stands among the arguments may be run before the tree is there.
    const options = { stdin: 'tree /\n', log4j: 'metadata-shell-log4j.properties' };
    for (const file of [logFile, ...snapshots.slice(-1)]) {
      const args = ['--snapshot', file];
      const own = ownTool('kafka-metadata-shell.sh', args, options.stdin);
      expect(java('org.apache.kafka.shell.MetadataShell', args, options)).toBe(own);
      expect(own).toContain('many-8');
      expect(own).toContain('BrokerRegistration(id=1, epoch=');
    }
  });
});

const quorumCommand = 'org.apache.kafka.tools.MetadataQuorumCommand';
const lastTopic = 'the-last-one';
function leaderOf(status: string): number {
  return Number(/^LeaderId: +(\d)/m.exec(status)?.[1] ?? 0);
}

/** Of the snapshots that are kept, the oldest first. */
function snapshotNames(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.checkpoint'))
    .toSorted();
}

/** Up to the last batch of several records: Kafka's shell may miss a last one that has one record only. */
function wholeBatches(bytes: Buffer): Buffer {
  let [position, end] = [0, 0];
  for (const batch of batchesOf(bytes)) {
    position += batch.sizeBytes;
    if (1 < batch.recordCount) end = position;
  }
  return bytes.subarray(0, end);
}

function controllers(): string {
  return cluster.nodeIds.map((id) => `localhost:${cluster.ports(id).controller}`).join(',');
}

function broker(): readonly string[] {
  return ['--bootstrap-server', cluster.bootstrap];
}

function quorum(...args: string[]): string {
  return java(quorumCommand, [...broker(), ...args]);
}

function topics(...args: string[]): string {
  return java('org.apache.kafka.tools.TopicCommand', [...broker(), ...args]);
}

/** Our own tool: it starts faster than a JVM. */
function ownTool(name: string, args: readonly string[], input = ''): string {
  const command = [join(kafkaHome, 'bin', name), ...args];
  const result = spawnSync(process.execPath, command, { encoding: 'utf8', input });
  if (result.status !== 0) throw new TypeError(`${args.join(' ')}: ${result.stdout}`);
  return result.stdout;
}

function java(...command: Parameters<ApacheKafka['output']>): string {
  return kafka?.output(...command) ?? '';
}
