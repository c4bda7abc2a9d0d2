import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { runShell } from '../shell/shell.ts';
import { type TestProgram, VirtualShellHost } from '../testing/virtual-shell-host.ts';
import { type CheckResult, type LabReader, runChecks } from './check.ts';
import { type Check, lessonSchema } from './lesson.ts';

/** The checks of part 3 on machines where the Kafka tools only print: what passes, and what does not. */

const part = join(import.meta.dirname, '../../lessons/03-kraft');
const home = '/home/learner';
const kraftConfig = '/opt/kafka_2.13-3.8.0/config/kraft';
const metaProperties = '/data/kafka/meta.properties';

interface World {
  /** Written one after another, each at a later moment. */
  readonly files?: Readonly<Record<string, string>>;
  /** What each tool prints. */
  readonly tools?: Readonly<Record<string, string>>;
}

function checksOf(lesson: string, stepId: string): readonly Check[] {
  const [, frontMatter = ''] =
    /^---\n(.*?)\n---\n/s.exec(readFileSync(join(part, lesson, 'en.mdx'), 'utf8')) ?? [];
  const { lab } = lessonSchema.parse(parse(frontMatter));
  return lab.steps.find(({ id }) => id === stepId)?.checks ?? [];
}

async function look(check: Check | undefined, world: World): Promise<CheckResult> {
  if (check === undefined) throw new TypeError('there is no such check');
  const reader: LabReader = {
    exec: async (command) => {
      const host = await machineIn(world);
      const exitCode = await runShell(host, ['-c', command]);
      return { exitCode, stdout: host.output.join(''), stderr: host.errors.join('') };
    },
    readFile: async () => undefined,
    nowMs: () => 0,
    sleep: async () => undefined,
  };
  return runChecks([check], reader, { isPatient: false });
}

async function machineIn({ files = {}, tools = {} }: World): Promise<VirtualShellHost> {
  const programs = Object.entries(tools).map(([name, text]): [string, TestProgram] => [
    name,
    async ({ stdout }) => {
      await stdout.write(text);
      return 0;
    },
  ]);
  const host = await new VirtualShellHost({ programs: Object.fromEntries(programs) }).prepare();
  for (const [path, content] of Object.entries(files)) {
    await host.files.makeDirectory(path.slice(0, path.lastIndexOf('/')));
    host.write(path, content);
    const { clock } = host;
    for (const writtenMs = clock.nowMs(); clock.nowMs() === writtenMs; ) await Promise.resolve();
  }
  return host;
}

const goodLines = {
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.quorum.voters': '1@worker1:9093,2@worker2:9093,3@worker3:9093',
  listeners: 'PLAINTEXT://:9092,CONTROLLER://:9093',
  'advertised.listeners': 'PLAINTEXT://worker1:9092',
  'log.dirs': '/data/kafka',
  'num.partitions': '3',
};

async function isConfigured(change: Readonly<Record<string, string>>): Promise<boolean> {
  const lines = Object.entries({ ...goodLines, ...change }).map(
    ([key, value]) => `${key}=${value}`,
  );
  const files = { [`${kraftConfig}/server.properties`]: `# a comment\n${lines.join('\n')}\n` };
  return (await look(checksOf('02-three-nodes', 'configure')[0], { files })).passed;
}

test('a configuration is right in any order of its lists', async () => {
  expect(await isConfigured({})).toBe(true);
  const voters = '3@worker3:9093, 1@worker1:9093, 2@worker2:9093';
  expect(await isConfigured({ 'controller.quorum.voters': voters })).toBe(true);
  expect(await isConfigured({ 'process.roles': 'controller,broker' })).toBe(true);
  const listeners = 'CONTROLLER://worker1:9093,PLAINTEXT://worker1:9092';
  expect(await isConfigured({ listeners })).toBe(true);
});

test('a configuration with a wrong voter, listener, address, number or folder is not', async () => {
  const wrong = [
    { 'controller.quorum.voters': '1@worker1:9093,2@worker2:9093' },
    { 'controller.quorum.voters': '1@worker1:9093,2@worker2:9093,2@worker3:9093' },
    { listeners: 'PLAINTEXT://:9092' },
    { 'advertised.listeners': 'PLAINTEXT://worker2:9092' },
    { 'node.id': '2' },
    { 'log.dirs': '/tmp/kraft-combined-logs' },
  ];
  for (const change of wrong) expect(await isConfigured(change)).toBe(false);
});

function statusAt(epoch: number, highWatermark = 100): string {
  return `ClusterId:              Xk3vQ9mTRz6pYw1sLb0aBg\nLeaderId:               1\nLeaderEpoch:            ${epoch}\nHighWatermark:          ${highWatermark}\n`;
}

test.for([
  ['04-the-quorum', 'election', 'before.txt', 0],
  ['04-the-quorum', 'commit', 'after.txt', 1],
  ['05-failure-hour', 'controller', 'before.txt', 0],
  ['05-failure-hour', 'majority', 'before-majority.txt', 2],
  ['05-failure-hour', 'restart', 'before-restart.txt', 0],
] as const)(
  '%s, %s: a later epoch than in a file of this cluster',
  async ([lesson, step, name, index]) => {
    const check = checksOf(lesson, step)[index];
    const tools = (epoch: number) => ({ 'kafka-metadata-quorum.sh': statusAt(epoch) });
    const before = { [`${home}/${name}`]: statusAt(5) };
    const formatted = { [metaProperties]: '' };
    const files = { ...formatted, ...before };
    expect(await look(check, { files, tools: tools(6) })).toMatchObject({ passed: true });
    expect(await look(check, { files, tools: tools(5) })).toMatchObject({
      passed: false,
      found: 'not later: epoch 5',
    });
    expect(await look(check, { files: formatted, tools: tools(6) })).toMatchObject({
      passed: false,
    });
    const restored = { ...before, ...formatted };
    expect(await look(check, { files: restored, tools: tools(6) })).toMatchObject({
      passed: false,
      found: `${name}: not written in this cluster`,
    });
  },
);

test('a broker that was killed under a producer left an epoch that begins between the records', async () => {
  const check = checksOf('05-failure-hour', 'broker')[1];
  const world = (epochs: string) => ({
    files: {
      '/data/kafka/payments-0/leader-epoch-checkpoint': `0\n${epochs}`,
      '/data/kafka/payments-1/leader-epoch-checkpoint': '0\n1\n0 0\n',
      '/data/kafka/payments-2/leader-epoch-checkpoint': '0\n1\n0 0\n',
    },
    tools: { 'kafka-get-offsets.sh': 'payments:0:20000\npayments:1:20000\npayments:2:20000\n' },
  });
  expect(await look(check, world('2\n0 0\n1 9500\n'))).toMatchObject({
    passed: true,
    found: 'partition 0: epoch 1 begins at offset 9500',
  });
  for (const epochs of ['1\n0 0\n', '1\n3 0\n', '2\n0 0\n1 20000\n']) {
    expect(await look(check, world(epochs))).toMatchObject({ passed: false });
  }
});

test('everything was off when all three brokers have registered again', async () => {
  const check = checksOf('05-failure-hour', 'restart')[1];
  const record = (offset: number, brokerId: number) =>
    `| offset: ${offset} CreateTime: 1 keySize: -1 payload: {"type":"REGISTER_BROKER_RECORD","version":3,"data":{"brokerId":${brokerId},"incarnationId":"x"}}\n`;
  const world = (dump: string) => ({
    files: { [metaProperties]: '', [`${home}/before-restart.txt`]: statusAt(5, 1000) },
    tools: { 'kafka-dump-log.sh': dump },
  });
  const before = record(4, 1) + record(7, 2) + record(9, 3);
  const passes = before + record(1010, 2) + record(1011, 1) + record(1020, 3);
  expect(await look(check, world(passes))).toMatchObject({ passed: true });
  const two = before + record(1010, 2) + record(1011, 1) + record(1020, 1);
  expect(await look(check, world(two))).toMatchObject({ passed: false, found: '2' });
});

test('roles are separate when nobody else serves as a broker, whichever file the controllers use', async () => {
  const check = checksOf('07-separate-roles', 'controllers')[0];
  const broker = (id: number) =>
    `worker1:9094 (id: ${id} rack: null) -> (\n\tProduce(0): 0 to 11\n)\n`;
  const serving = (...ids: number[]) => ({
    tools: { 'kafka-broker-api-versions.sh': ids.map(broker).join('') },
  });
  expect(await look(check, serving(12, 11, 13))).toMatchObject({ passed: true });
  expect(await look(check, serving(11, 12, 13, 3))).toMatchObject({ passed: false });
  expect(await look(check, serving(11, 12))).toMatchObject({ passed: false });
});

test('voters may be added in any order', async () => {
  const check = checksOf('08-dynamic-voters', 'grow')[0];
  const voter = (id: number) =>
    `{"id": ${id}, "directoryId": "uUB5MhOqSYqkes6f6D88eQ", "endpoints": ["CONTROLLER://worker${id}:9093"]}`;
  const quorum = (...ids: number[]) => ({
    tools: {
      'kafka-metadata-quorum.sh': `CurrentVoters:          [${ids.map(voter).join(', ')}]\n`,
    },
  });
  expect(await look(check, quorum(1, 3, 2))).toMatchObject({ passed: true });
  expect(await look(check, quorum(1, 3))).toMatchObject({ passed: false });
});
