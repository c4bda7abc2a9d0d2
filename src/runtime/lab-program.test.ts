import { afterEach, expect, test } from 'vitest';
import type { Program } from '../base/program.ts';
import { createPortHost, type PortHost } from '../testing/port-host.ts';
import { programFile } from './kernel/executable.ts';
import { Description, type OpenFile } from './kernel/open-file.ts';
import { lab } from './lab-program.ts';

let host: PortHost | undefined;
afterEach(() => host?.dispose());

/** Shuts down when asked to. */
const server: Program = {
  name: 'kafka-server-start.sh',
  run: (ctx) => new Promise((resolve) => ctx.onSignal('SIGTERM', () => resolve(143))),
};

/** Three machines; a server runs in the background on the second. */
async function openLab() {
  const opened = createPortHost(
    new Map([
      ['lab', async () => lab],
      ['kafka-server-start.sh', async () => server],
    ]),
  );
  host = opened;
  const path = '/opt/kafka/bin/kafka-server-start.sh';
  for (const { files } of opened.kernel.machines.values()) {
    files.write(path, new TextEncoder().encode(programFile('kafka-server-start.sh')), 0o755);
  }
  const { pid } = await opened.openProcess('worker2').kernel.call('spawnDetached', {
    command: [path, '/etc/controller.properties'],
    env: {},
    cwd: '/',
    outputPath: '/var/log/kafkaServer.out',
  });
  return { pid, run: (...words: string[]) => runLab(opened, words) };
}

async function runLab({ kernel }: PortHost, words: readonly string[]) {
  let output = '';
  const file: OpenFile = {
    isTerminal: false,
    write(bytes: Uint8Array) {
      output += new TextDecoder().decode(bytes);
      return undefined;
    },
    read: () => null,
    release() {},
  };
  const standard = new Description(file);
  const machine = kernel.machine('worker1');
  const answer = kernel.spawn({
    machine,
    command: ['lab', ...words],
    env: machine.environment,
    cwd: '/',
    descriptors: [standard, standard.share(), standard.share()],
    terminal: undefined,
    parentPid: 1,
    group: undefined,
  });
  if (!('pid' in answer)) throw new Error('the machine has the command lab');
  const end = await kernel.processes.wait(answer.pid);
  return { output, exitCode: 'exitCode' in end ? end.exitCode : -1 };
}

test('a killed server is gone at once and comes back with the configuration it had', async () => {
  const { pid, run } = await openLab();
  expect(await run('kill', 'worker2')).toEqual({
    output: `worker2: Kafka (pid ${pid}) killed\n`,
    exitCode: 0,
  });
  expect((await run('status')).output).toContain('worker2  no Kafka\n');
  const { output } = await run('start', 'worker2');
  expect(output).toMatch(
    /^worker2: Kafka \(pid \d+\) started with \/etc\/controller.properties\n$/,
  );
  expect((await run('start', 'worker2')).output).toBe('worker2: it is running already\n');
});

test('a server that is asked to stop is waited for', async () => {
  const { pid, run } = await openLab();
  const { output } = await run('stop', 'worker1', 'worker2');
  expect(output).toBe(`worker1: no Kafka is running\nworker2: Kafka (pid ${pid}) has shut down\n`);
});

test('a machine is cut off from all others, or slow to one, until the network is healed', async () => {
  const { pid, run } = await openLab();
  await run('cut', 'worker3');
  const slowed = await run('slow', 'worker1', 'worker2', '200');
  expect(slowed.output).toBe(
    [
      'worker1  no Kafka · cut off from worker3 · slow to worker2 (200 ms)',
      `worker2  Kafka ${pid} (controller.properties) · cut off from worker3 · slow to worker1 (200 ms)`,
      'worker3  no Kafka · cut off from worker1, worker2',
      '',
    ].join('\n'),
  );
  expect((await run('heal')).output).not.toContain('worker3 ·');
});

test('a link that is cut one way is named from both sides', async () => {
  const { run } = await openLab();
  const { output } = await run('cut', '--one-way', 'worker1', 'worker3');
  expect(output).toContain('worker1  no Kafka · cannot send to worker3\n');
  expect(output).toContain('worker3  no Kafka · cannot hear worker1\n');
});

test('a link that is slow one way is slow for what goes that way', async () => {
  const { run } = await openLab();
  const { output } = await run('slow', '--one-way', 'worker1', 'worker3', '150');
  expect(output).toContain('worker1  no Kafka · slow to worker3 (150 ms)\n');
  expect(output).toContain('worker3  no Kafka\n');
});

test('an unknown machine, and a command that is none, change nothing', async () => {
  const { pid, run } = await openLab();
  expect(await run('kill', 'worker2', 'worker9')).toEqual({
    output: 'lab: worker9: no such machine; there are worker1, worker2, worker3\n',
    exitCode: 1,
  });
  expect((await run('slow', 'worker1', 'worker2', 'very')).exitCode).toBe(2);
  expect((await run('status')).output).toContain(`worker2  Kafka ${pid}`);
});
