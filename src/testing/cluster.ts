import type { Logger } from '../base/logger.ts';
import type { BrokerPorts } from '../broker/broker-ports.ts';
import { type RunningBroker, startBroker } from '../broker/start-broker.ts';
import { encodeBootstrapCheckpoint } from '../controller/bootstrap.ts';
import { MemoryFileSystem } from '../host/virtual/memory-file-system.ts';
import { SeededRandom } from '../host/virtual/seeded-random.ts';
import { VirtualClock } from '../host/virtual/virtual-clock.ts';
import { VirtualNetwork } from '../host/virtual/virtual-network.ts';
import { VirtualScheduler } from '../host/virtual/virtual-scheduler.ts';
import { type CompressionCodecs, noCodecs } from '../protocol/records/compression.ts';
import { writeMetaProperties } from '../storage/meta-properties.ts';

export interface TestClusterOptions {
  /** Laid over the defaults of a combined node. */
  readonly properties?: Readonly<Record<string, string>>;
  readonly seed?: number;
  readonly codecs?: CompressionCodecs;
  /** Log lines, as `LEVEL source message`. */
  readonly onLog?: (line: string) => void;
}

const clusterId = 'MkU3OEVBNTcwNTJENDM2Qk';
const logDir = '/kafka-logs';
const host = 'worker1';
/** Older lines are forgotten. */
const logLinesMax = 20_000;
/** 3.8-IV0 */
const metadataVersion = 20;

/**
 * A broker on the virtual host: memory files, virtual network, time that stands still until `advance`.
 * Everything else happens as the test awaits, so nothing ever sleeps.
 */
export class TestCluster {
  readonly clock: VirtualClock;
  readonly scheduler: VirtualScheduler;
  readonly network: VirtualNetwork;
  readonly files: MemoryFileSystem;
  readonly bootstrap = `${host}:9092`;
  readonly logLines: string[] = [];
  readonly #options: TestClusterOptions;
  readonly #ports: BrokerPorts;
  #broker: RunningBroker | undefined;

  constructor(options: TestClusterOptions = {}) {
    this.#options = options;
    this.clock = new VirtualClock();
    this.scheduler = new VirtualScheduler(this.clock, { settle: nextImmediate });
    this.network = new VirtualNetwork(this.scheduler);
    this.files = new MemoryFileSystem({ clock: this.clock });
    this.#ports = {
      files: this.files,
      network: this.network.host(host),
      clock: this.clock,
      scheduler: this.scheduler,
      random: new SeededRandom(options.seed ?? 1),
      logger: this.#logger(),
      codecs: options.codecs ?? noCodecs,
    };
  }

  get broker(): RunningBroker {
    if (this.#broker === undefined) throw new TestClusterError('the broker is not running');
    return this.#broker;
  }

  /** Ports of a client's machine on the same network; `name` puts it there. */
  client(name = 'client') {
    const { clock, scheduler } = this;
    return { network: this.network.host(name), clock, scheduler, random: new SeededRandom(7) };
  }

  /** Formats the disk as `kafka-storage.sh format` does. */
  async format(): Promise<void> {
    const { files, clock } = this;
    await files.makeDirectory(logDir);
    const meta = { version: 1, clusterId, nodeId: 1, directoryId: 'YFNSu1SAtBpJ6pQLm0oRFg' };
    await writeMetaProperties(files, logDir, meta, clock.nowMs());
    const file = files.create(`${logDir}/bootstrap.checkpoint`);
    file.write(0, [encodeBootstrapCheckpoint(metadataVersion, clock.nowMs())]);
    await file.close();
  }

  /** Starts the broker on what is on the disk. */
  async start(): Promise<RunningBroker> {
    this.#broker = await this.run(startBroker(this.#ports, this.properties()));
    return this.#broker;
  }

  /** A controlled shutdown. */
  async stop(): Promise<void> {
    await this.run(this.broker.stop());
    this.#broker = undefined;
  }

  /** The process dies: connections reset, what was written stays, nothing is said to anybody. */
  async crash(): Promise<void> {
    this.network.crash(host);
    this.#broker = undefined;
    await this.scheduler.settle();
  }

  /** Awaits something; lets time go by from timer to timer where nothing else can happen. */
  run<T>(work: Promise<T>, withinMs = 60_000): Promise<T> {
    return this.scheduler.runUntil(work, withinMs);
  }

  properties(): Readonly<Record<string, string>> {
    return {
      'process.roles': 'broker,controller',
      'node.id': '1',
      'controller.quorum.voters': `1@${host}:9093`,
      listeners: 'PLAINTEXT://:9092,CONTROLLER://:9093',
      'advertised.listeners': `PLAINTEXT://${host}:9092`,
      'controller.listener.names': 'CONTROLLER',
      'inter.broker.listener.name': 'PLAINTEXT',
      'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
      'log.dirs': logDir,
      'offsets.topic.replication.factor': '1',
      'group.initial.rebalance.delay.ms': '0',
      ...this.#options.properties,
    };
  }

  #logger(): Logger {
    return {
      log: (level, source, message, error) => {
        const suffix = error instanceof Error ? ` ${error.stack}` : '';
        const line = `${level} ${source} ${message}${suffix}`;
        this.logLines.push(line);
        if (logLinesMax < this.logLines.length) this.logLines.splice(0, logLinesMax / 2);
        this.#options.onLog?.(line);
      },
    };
  }
}

export class TestClusterError extends Error {
  override readonly name = 'TestClusterError';
}

/** A formatted disk and a running broker. */
export async function startTestCluster(options: TestClusterOptions = {}): Promise<TestCluster> {
  const cluster = new TestCluster(options);
  await cluster.format();
  await cluster.start();
  return cluster;
}

/** By then every promise that waits for nothing outside has settled. */
function nextImmediate(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
