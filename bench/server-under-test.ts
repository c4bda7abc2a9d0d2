import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApacheKafka } from '../src/testing/apache-kafka.ts';
import { projectRoot } from '../src/testing/project-root.ts';

const startDeadlineMs = 60_000;
const startedLine = 'Kafka Server started';
const clusterId = 'MkU3OEVBNTcwNTJENDM2Qk';

/** A broker that is being measured: ours or Apache's, with the same configuration and a fresh disk. */
export interface ServerUnderTest {
  readonly name: string;
  readonly bootstrap: string;
  /** From the start of the process to its "Kafka Server started", in ms. */
  readonly startMs: number;
  /** Resident memory now and its peak, in bytes. */
  memory(): { residentBytes: number; peakBytes: number };
  /** Time on CPU so far, user and system, in seconds. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

/** Ours, by the scripts that a user runs. */
export function startBrokerlab(port: number): Promise<ServerUnderTest> {
  const home = join(projectRoot, 'sandboxes', 'kafka');
  return startServer('Brokerlab', port, {
    format(config) {
      const script = join(home, 'bin', 'kafka-storage.sh');
      return spawnSync(process.execPath, [script, 'format', '-t', clusterId, '-c', config]);
    },
    start(config) {
      return spawn(process.execPath, [join(home, 'bin', 'kafka-server-start.sh'), config]);
    },
  });
}

export function startApacheKafka(kafka: ApacheKafka, port: number): Promise<ServerUnderTest> {
  return startServer('Apache Kafka 3.8.0', port, {
    format: (config) =>
      kafka.run('kafka.tools.StorageTool', ['format', '-t', clusterId, '-c', config]),
    start: (config) => kafka.start('kafka.Kafka', [config]),
  });
}

interface Launcher {
  format(config: string): { status: number | null; stderr: string | Buffer };
  start(config: string): ChildProcess;
}

async function startServer(
  name: string,
  port: number,
  launcher: Launcher,
): Promise<ServerUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'brokerlab-bench-'));
  const config = join(folder, 'server.properties');
  writeFileSync(config, properties(port, join(folder, 'logs')));
  const formatted = launcher.format(config);
  if (formatted.status !== 0) throw new BenchError(`${name}: format failed: ${formatted.stderr}`);
  const startedAt = performance.now();
  const child = launcher.start(config);
  await waitForLine(child, name);
  const pid = child.pid ?? 0;
  return {
    name,
    bootstrap: `localhost:${port}`,
    startMs: performance.now() - startedAt,
    memory: () => readMemory(pid),
    cpuSeconds: () => readCpuSeconds(pid),
    stop: () => stop(child, folder),
  };
}

function properties(port: number, logs: string): string {
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@localhost:${port + 1}`,
    `listeners=PLAINTEXT://:${port},CONTROLLER://:${port + 1}`,
    `advertised.listeners=PLAINTEXT://localhost:${port}`,
    'inter.broker.listener.name=PLAINTEXT',
    'controller.listener.names=CONTROLLER',
    'listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    `log.dirs=${logs}`,
    'offsets.topic.replication.factor=1',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'group.initial.rebalance.delay.ms=0',
    '',
  ].join('\n');
}

function waitForLine(child: ChildProcess, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = '';
    const timer = setTimeout(() => fail(`not started in ${startDeadlineMs} ms`), startDeadlineMs);
    const fail = (why: string) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new BenchError(`${name}: ${why}\n${seen}`));
    };
    const onData = (chunk: Buffer) => {
      seen = (seen + chunk.toString()).slice(-20_000);
      if (!seen.includes(startedLine)) return;
      clearTimeout(timer);
      child.off('exit', onExit);
      resolve();
    };
    const onExit = (code: number | null) => fail(`ended with status ${code}`);
    child.stdout?.on('data', onData);
    child.stderr?.on('data', onData);
    child.once('exit', onExit);
  });
}

function readMemory(pid: number): { residentBytes: number; peakBytes: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (key: string) => Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
  return { residentBytes: kilobytes('VmRSS') * 1024, peakBytes: kilobytes('VmHWM') * 1024 };
}

function readCpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function stop(child: ChildProcess, folder: string): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => {
      rmSync(folder, { recursive: true, force: true });
      resolve();
    });
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 15_000).unref();
  });
}

export class BenchError extends Error {
  override readonly name = 'BenchError';
}
