import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApacheKafka } from './apache-kafka.ts';
import { freePort } from './free-port.ts';
import { projectRoot } from './project-root.ts';

const startDeadlineMs = 60_000;
const startedLine = 'Kafka Server started';
const clusterId = 'MkU3OEVBNTcwNTJENDM2Qk';
const outputKept = 200_000;

/** The Kafka home that `npm run build:sandboxes` completes. */
export const kafkaHome = join(projectRoot, 'sandboxes', 'kafka');

/** How to format a disk and start a broker on it: ours or Apache's. */
export interface BrokerLauncher {
  readonly name: string;
  format(config: string): { status: number | null; stderr: string };
  start(config: string): ChildProcess;
}

/** Ours, by the scripts that a user runs. */
export const brokerlab: BrokerLauncher = {
  name: 'Brokerlab',
  format(config) {
    const script = join(kafkaHome, 'bin', 'kafka-storage.sh');
    const args = [script, 'format', '-t', clusterId, '-c', config];
    return spawnSync(process.execPath, args, { encoding: 'utf8' });
  },
  start(config) {
    return spawn(process.execPath, [join(kafkaHome, 'bin', 'kafka-server-start.sh'), config]);
  },
};

export function apacheKafkaLauncher(kafka: ApacheKafka): BrokerLauncher {
  return {
    name: 'Apache Kafka 3.8.0',
    format: (config) =>
      kafka.run('kafka.tools.StorageTool', ['format', '-t', clusterId, '-c', config]),
    start: (config) => kafka.start('kafka.Kafka', [config]),
  };
}

/** One node, broker and controller, as a process of its own with a disk of its own. */
export class BrokerProcess {
  readonly bootstrap: string;
  readonly logDir: string;
  /** From the start of the process to "Kafka Server started", the last time, in ms. */
  startMs = 0;
  readonly #launcher: BrokerLauncher;
  readonly #folder: string;
  #child: ChildProcess | undefined;
  #output = '';

  private constructor(launcher: BrokerLauncher, folder: string, port: number) {
    this.#launcher = launcher;
    this.#folder = folder;
    this.bootstrap = `localhost:${port}`;
    this.logDir = join(folder, 'logs');
  }

  /** Formats a fresh disk and starts; `properties` are laid over the configuration. */
  static async start(
    launcher: BrokerLauncher = brokerlab,
    properties: Readonly<Record<string, string>> = {},
  ): Promise<BrokerProcess> {
    const port = await freePort();
    const config = { ...combinedNode(port, await freePort()), ...properties };
    const broker = BrokerProcess.format(launcher, port, config);
    await broker.restart();
    return broker;
  }

  /** Formats a fresh disk for a node with this configuration (without `log.dirs`), and does not start it. */
  static format(
    launcher: BrokerLauncher,
    port: number,
    properties: Readonly<Record<string, string>>,
  ): BrokerProcess {
    const folder = mkdtempSync(join(tmpdir(), 'brokerlab-'));
    const broker = new BrokerProcess(launcher, folder, port);
    const config = { 'log.dirs': broker.logDir, ...properties };
    writeFileSync(broker.configFile, toProperties(config));
    const formatted = launcher.format(broker.configFile);
    if (formatted.status !== 0) {
      throw new BrokerProcessError(`${launcher.name}: format failed: ${formatted.stderr}`);
    }
    return broker;
  }

  get configFile(): string {
    return join(this.#folder, 'server.properties');
  }

  /** What it has printed since its last start, the end of it at least. */
  get output(): string {
    return this.#output;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Starts the process (again) on the same disk, or another's process, and waits until it says that it has started. */
  async restart(launcher = this.#launcher): Promise<void> {
    const startedAt = performance.now();
    const child = launcher.start(this.configFile);
    this.#child = child;
    await this.#untilStarted(child);
    this.startMs = performance.now() - startedAt;
  }

  /** Ends the process and waits for it; answers its exit status (null when a signal ended it). */
  kill(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
      return Promise.resolve(child?.exitCode ?? null);
    }
    return new Promise((resolve) => {
      child.once('exit', (status) => resolve(status));
      child.kill(signal);
    });
  }

  async dispose(): Promise<void> {
    const timer = setTimeout(() => this.#child?.kill('SIGKILL'), 15_000);
    await this.kill('SIGTERM');
    clearTimeout(timer);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Resident memory now and at its peak, in bytes (Linux). */
  memory(): { residentBytes: number; peakBytes: number } {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    const bytes = (key: string) =>
      Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) * 1024;
    return { residentBytes: bytes('VmRSS'), peakBytes: bytes('VmHWM') };
  }

  /** Time on CPU so far, user and system, in seconds (Linux). */
  cpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }

  #untilStarted(child: ChildProcess): Promise<void> {
    this.#output = '';
    return new Promise((resolve, reject) => {
      const settle = (error?: BrokerProcessError) => {
        clearTimeout(timer);
        child.off('exit', onExit);
        if (error === undefined) resolve();
        else reject(error);
      };
      const fail = (why: string) =>
        settle(new BrokerProcessError(`${this.#launcher.name}: ${why}\n${this.#output}`));
      const onExit = (status: number | null) => fail(`ended with status ${status}`);
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        fail(`not started within ${startDeadlineMs} ms`);
      }, startDeadlineMs);
      child.once('exit', onExit);
      const onData = (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString()).slice(-outputKept);
        if (this.#output.includes(startedLine)) settle();
      };
      child.stdout?.on('data', onData);
      child.stderr?.on('data', onData);
    });
  }
}

export class BrokerProcessError extends Error {
  override readonly name = 'BrokerProcessError';
}

function combinedNode(port: number, controllerPort: number): Record<string, string> {
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@localhost:${controllerPort}`,
    listeners: `PLAINTEXT://:${port},CONTROLLER://:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://localhost:${port}`,
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
  };
}

function toProperties(config: Readonly<Record<string, string>>): string {
  return Object.entries(config)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}
