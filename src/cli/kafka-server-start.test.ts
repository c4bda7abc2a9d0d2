import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readFile, writeFileAtomically } from '../base/file-system.ts';
import { MemoryFileSystem } from '../host/virtual/memory-file-system.ts';
import { TestCluster } from '../testing/cluster.ts';
import { ToolMachine } from '../testing/tool-run.ts';
import { kafkaServerStart } from './kafka-server-start.ts';
import { kafkaStorage } from './kafka-storage.ts';

interface Refusal {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  /** Error lines without their time, and the exceptions under them without their stacks. */
  readonly errors: readonly string[];
}

// Recorded from Apache Kafka 3.8.0: what `kafka.Kafka` printed before it ended with status 1.
const recordings = new URL('testdata/startup-refusals-3.8.0.json', import.meta.url);
const refusals = JSON.parse(readFileSync(recordings, 'utf8')) as readonly Refusal[];

const clusterId = 'MkU3OEVBNTcwNTJENDM2Qk';
const otherClusterId = 'XkU3OEVBNTcwNTJENDM2Qg';

/** How each disk was formatted before: cluster id and node id by log dir. */
const disks: Readonly<
  Record<string, readonly (readonly [dir: string, id: string, node: string])[]>
> = {
  'one-of-two-formatted': [['/disks/a', clusterId, '1']],
  'two-cluster-ids': [
    ['/disks/a', clusterId, '1'],
    ['/disks/b', otherClusterId, '1'],
  ],
  'other-node-id': [['/disks/a', clusterId, '3']],
  'metadata-dir-unformatted': [['/disks/a', clusterId, '1']],
  'metadata-dir-other-cluster': [
    ['/disks/a', clusterId, '1'],
    ['/disks/m', otherClusterId, '1'],
  ],
  'broker-port-in-use': [['/disks/b5', clusterId, '5']],
  'controller-port-in-use': [['/disks/c2', clusterId, '1']],
  'same-id-twice': [['/disks/b3', clusterId, '2']],
  'other-cluster-id': [['/disks/b4', otherClusterId, '4']],
};

/** A controller and a broker that run, both on one machine, as they did when it was recorded. */
async function runningNodes(): Promise<TestCluster> {
  const properties = { 'controller.quorum.voters': '1@localhost:29093' };
  const cluster = new TestCluster({
    nodes: 2,
    roles: { 1: 'controller', 2: 'broker' },
    hosts: { 2: 'worker1' },
    properties,
    nodeProperties: {
      1: { listeners: 'CONTROLLER://:29093' },
      2: { listeners: 'PLAINTEXT://:29092', 'advertised.listeners': 'PLAINTEXT://localhost:29092' },
    },
  });
  await cluster.format();
  await cluster.start();
  return cluster;
}

async function write(files: MemoryFileSystem, path: string, properties: Record<string, string>) {
  const text = Object.entries(properties).map(([key, value]) => `${key}=${value}\n`);
  await writeFileAtomically(files, path, new TextEncoder().encode(text.join('')));
}

/** The lines that say what is wrong, without times. */
function errorsIn(output: string): string[] {
  const kept: string[] = [];
  let isError = false;
  for (const line of output.split('\n')) {
    const [, level, rest] = /^\[[^\]]*\] (\w+) (.*)$/.exec(line) ?? [];
    if (level !== undefined) isError = level === 'ERROR';
    if (isError && line !== '') kept.push(level === undefined ? line : `${level} ${rest}`);
  }
  return kept;
}

test.for(refusals)('$name ends the node as it ends Kafka', async ({ name, properties, errors }) => {
  const cluster = await runningNodes();
  const machine = new ToolMachine(cluster);
  const files = new MemoryFileSystem({ clock: cluster.clock });
  const options = { files, host: 'worker1' };
  await files.makeDirectory('/etc');
  for (const [dir, id, node] of disks[name] ?? []) {
    const voters = properties['process.roles'] === 'broker' ? '1' : node;
    await write(files, '/etc/format.properties', {
      ...properties,
      'log.dirs': dir,
      'metadata.log.dir': dir,
      'node.id': node,
      'controller.quorum.voters': `${voters}@localhost:29093`,
    });
    const args = ['format', '-t', id, '-c', '/etc/format.properties'];
    expect(await machine.run(kafkaStorage, args, options)).toMatchObject({ exitCode: 0 });
  }
  await write(files, '/etc/server.properties', properties);
  const soon = ['--override', 'initial.broker.registration.timeout.ms=2000'];
  const args = ['/etc/server.properties', ...soon];
  const result = await machine.run(kafkaServerStart, args, options);
  expect(result.exitCode).toBe(1);
  // Kafka says it to each of its fetches, with the whole answer.
  const isOfRaft = (line: string) => line.includes('[RaftManager');
  const said = errorsIn(result.stdout);
  expect(said.filter((line) => !isOfRaft(line))).toEqual(errors);
  const isOther = name === 'other-cluster-id';
  expect(said.filter(isOfRaft)).toEqual(
    isOther ? [expect.stringContaining('Unexpected error INCONSISTENT_CLUSTER_ID in FETCH')] : [],
  );
  const log = new TextDecoder().decode(await readFile(files, '/opt/kafka/logs/server.log'));
  expect(errorsIn(log)).toEqual(said);
});
