import { expect, test } from 'vitest';
import { writeFileAtomically } from '../base/file-system.ts';
import type { ProcessInfo } from '../base/program.ts';
import { ToolMachine, type ToolResult } from '../testing/tool-run.ts';
import { kafkaServerStop } from './kafka-server-stop.ts';

const servers = [
  { pid: 11, file: 'controller', properties: 'process.roles=controller\nnode.id=1\n' },
  { pid: 12, file: 'broker', properties: 'process.roles=broker\nnode.id=2\n' },
  { pid: 13, file: 'other-broker', properties: 'process.roles=broker\nnode.id=3\n' },
];

/** Runs the tool beside three servers and something else; answers what it said and which pids heard SIGTERM. */
async function stop(
  args: readonly string[],
  running = servers,
): Promise<{ result: ToolResult; stopped: readonly string[] }> {
  const machine = new ToolMachine();
  await machine.files.makeDirectory('/config');
  const processes: ProcessInfo[] = [
    { pid: 1, parentPid: 0, command: ['bash'], startedAtMs: 0 },
    ...running.map(({ pid, file }) => ({
      pid,
      parentPid: 1,
      command: ['/opt/kafka/bin/kafka-server-start.sh', `/config/${file}.properties`],
      startedAtMs: 0,
    })),
  ];
  for (const { file, properties } of running) {
    const bytes = new TextEncoder().encode(properties);
    await writeFileAtomically(machine.files, `/config/${file}.properties`, bytes);
  }
  const stopped: string[] = [];
  const kill = (pid: number, signal: string) => {
    stopped.push(`${signal} ${pid}`);
    return Promise.resolve();
  };
  const list = () => Promise.resolve(processes);
  const result = await machine.run(kafkaServerStop, args, { processes: { list, kill } });
  return { result, stopped };
}

test('without options every server of the machine is told to stop', async () => {
  const { result, stopped } = await stop([]);
  expect(result).toEqual({ stdout: '', stderr: '', exitCode: 0 });
  expect(stopped).toEqual(['SIGTERM 11', 'SIGTERM 12', 'SIGTERM 13']);
});

test('--process-role stops the servers with just these roles (KIP-979)', async () => {
  expect((await stop(['--process-role=broker'])).stopped).toEqual(['SIGTERM 12', 'SIGTERM 13']);
  expect((await stop(['--process-role=controller'])).stopped).toEqual(['SIGTERM 11']);
});

test('--node-id stops one server and wins over --process-role', async () => {
  const { result, stopped } = await stop(['--process-role=controller', '--node-id=3']);
  expect(stopped).toEqual(['SIGTERM 13']);
  expect(result.stdout).toBe(
    'When both node-id and process-role are provided, the value for node-id will take precedence\n',
  );
});

test('no server at all is a failure, none that is meant is not', async () => {
  const none = await stop([], []);
  expect(none.result).toEqual({ stdout: 'No kafka server to stop\n', stderr: '', exitCode: 1 });
  for (const option of ['--node-id=9', '--process-role=broker,controller']) {
    const { result, stopped } = await stop([option]);
    expect(result).toEqual({ stdout: '', stderr: '', exitCode: 0 });
    expect(stopped).toEqual([]);
  }
});
