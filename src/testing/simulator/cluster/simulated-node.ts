import type { Logger } from '../../../base/logger.ts';
import type { Random } from '../../../base/random.ts';
import type { ReplicationRules } from '../../../broker/replication-rules.ts';
import { type RunningBroker, startBroker } from '../../../broker/start-broker.ts';
import { encodeBootstrapCheckpoint } from '../../../controller/bootstrap.ts';
import { SeededRandom } from '../../../host/virtual/seeded-random.ts';
import type { VirtualClock } from '../../../host/virtual/virtual-clock.ts';
import type { VirtualNetwork } from '../../../host/virtual/virtual-network.ts';
import { VirtualProcess } from '../../../host/virtual/virtual-process.ts';
import type { VirtualScheduler } from '../../../host/virtual/virtual-scheduler.ts';
import { noCodecs } from '../../../protocol/records/compression.ts';
import { writeMetaProperties } from '../../../storage/meta-properties.ts';
import { Disk } from '../disk.ts';
import { directoryIdOf, formatVoters } from '../dynamic-voters.ts';
import { MachineClock } from '../machine-clock.ts';
import type { Traits } from '../simulation.ts';
import { workerName } from '../story.ts';

export interface SimulatedNodeOptions {
  readonly id: number;
  readonly nodes: number;
  readonly traits: Traits;
  readonly clock: VirtualClock;
  readonly scheduler: VirtualScheduler;
  readonly network: VirtualNetwork;
  readonly random: Random;
  readonly replicationRules: ReplicationRules | undefined;
  /** The process has ended, or could not start, by itself. */
  readonly onEnd: (node: SimulatedNode, error: unknown) => void;
}

export interface PowerLoss {
  /** Some of what was not flushed may be there all the same. */
  readonly luck: Random | undefined;
  readonly keepsPartitions: boolean;
}

const logDir = '/kafka-logs';
const metadataFolder = `${logDir}/__cluster_metadata-0`;
const clusterId = 'MkU3OEVBNTcwNTJENDM2Qk';
/** 3.8-IV0 */
const metadataVersion = 20;
/** The last lines of a node's log, for the story of a node that gives up. */
const LOG_LINES_MAX = 200;

/** A machine `worker<id>` with a disk and a Kafka process, broker and controller, on it. */
export class SimulatedNode {
  readonly id: number;
  readonly name: string;
  readonly disk: Disk;
  readonly clock: MachineClock;
  readonly logLines: string[] = [];
  readonly #options: SimulatedNodeOptions;
  #process: VirtualProcess | undefined;
  #broker: RunningBroker | undefined;
  lives = 0;

  constructor(options: SimulatedNodeOptions) {
    const { id, clock, scheduler, random, network } = options;
    this.#options = options;
    this.id = id;
    this.name = workerName(id);
    this.clock = new MachineClock(clock);
    this.disk = new Disk(this.clock, scheduler, random);
    network.host(this.name);
  }

  get isRunning(): boolean {
    return this.#process !== undefined;
  }

  /** Undefined while it starts, and when it does not run. */
  get broker(): RunningBroker | undefined {
    return this.#broker;
  }

  /** As `kafka-storage.sh format` does. */
  async format(): Promise<void> {
    const { files } = this.disk;
    await files.makeDirectory(logDir);
    await files.flushDirectory('/');
    const meta = { version: 1, clusterId, nodeId: this.id, directoryId: directoryIdOf(this.id) };
    await writeMetaProperties(files, logDir, meta, this.clock.nowMs());
    const file = files.create(`${logDir}/bootstrap.checkpoint`);
    file.write(0, [encodeBootstrapCheckpoint(metadataVersion, this.clock.nowMs())]);
    await file.flush();
    await file.close();
    const { traits } = this.#options;
    if (traits.hasDynamicVoters) await formatVoters(files, metadataFolder, this.#allIds());
    await files.flushDirectory(logDir);
  }

  start(): void {
    const { scheduler, network, random, replicationRules, onEnd } = this.#options;
    const process = new VirtualProcess({
      scheduler,
      clock: this.clock,
      files: this.disk.files,
      network: network.host(this.name),
    });
    this.#process = process;
    this.lives++;
    this.disk.hasBeenFull = false;
    const ports = {
      files: process.files,
      network: process.network,
      clock: process.clock,
      scheduler: process.scheduler,
      random: new SeededRandom(random.uint32()),
      logger: this.#logger(),
      codecs: noCodecs,
      ...(replicationRules === undefined ? {} : { replicationRules }),
    };
    const end = (error: unknown) => {
      if (this.#process === process) onEnd(this, error);
    };
    startBroker(ports, this.#properties()).then((broker) => {
      if (!process.isAlive) return;
      // One whose disk fails while it starts ends by itself, and was no broker.
      if (broker.addresses.has('PLAINTEXT')) this.#broker = broker;
      broker.ended.then((how) => end(how), end);
    }, end);
  }

  /** The process dies; what it wrote stays with the operating system. */
  kill(): void {
    this.#process?.kill();
    this.#process = undefined;
    this.#broker = undefined;
    this.#options.network.crash(this.name);
  }

  /**
   * The machine loses power: of the metadata log and the votes only what was flushed is left. The logs of
   * partitions may keep what was written, as if the operating system had had the time.
   */
  powerOff({ luck, keepsPartitions }: PowerLoss): void {
    this.kill();
    const isKept = (folder: string) => keepsPartitions && folder !== metadataFolder;
    this.disk.files.crash({ luck, isKept });
  }

  /** A controlled shutdown; the process ends by itself. */
  stop(): void {
    const process = this.#process;
    const broker = this.#broker;
    process?.run(() => {
      broker?.stop().catch(() => undefined);
    });
  }

  pause(): void {
    this.#process?.pause();
  }

  resume(): void {
    this.#process?.resume();
  }

  #logger(): Logger {
    return {
      log: (level, source, message, error) => {
        if (level !== 'ERROR' && level !== 'FATAL' && level !== 'WARN') return;
        const suffix = error instanceof Error ? ` ${error.stack}` : '';
        this.logLines.push(`${level} ${source} ${message}${suffix}`);
        if (LOG_LINES_MAX < this.logLines.length) this.logLines.shift();
      },
    };
  }

  #allIds(): readonly number[] {
    return Array.from({ length: this.#options.nodes }, (_, index) => index + 1);
  }

  #properties(): Readonly<Record<string, string>> {
    const { id, traits } = this.#options;
    const ids = this.#allIds();
    return {
      'process.roles': 'broker,controller',
      'node.id': `${id}`,
      ...(traits.hasDynamicVoters
        ? { 'controller.quorum.bootstrap.servers': ids.map((each) => `worker${each}:9093`).join() }
        : { 'controller.quorum.voters': ids.map((each) => `${each}@worker${each}:9093`).join() }),
      listeners: `PLAINTEXT://:9092,CONTROLLER://worker${id}:9093`,
      'advertised.listeners': `PLAINTEXT://worker${id}:9092`,
      'inter.broker.listener.name': 'PLAINTEXT',
      'controller.listener.names': 'CONTROLLER',
      'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
      'log.dirs': logDir,
      'offsets.topic.num.partitions': '2',
      'offsets.topic.replication.factor': '3',
      'group.initial.rebalance.delay.ms': '0',
      'min.insync.replicas': '2',
      'auto.create.topics.enable': 'false',
      // Shorter than Kafka's, so that more happens in a minute.
      'replica.lag.time.max.ms': '5000',
      'broker.session.timeout.ms': '4000',
      'broker.heartbeat.interval.ms': '1000',
      // Small, so that logs roll and snapshots are made.
      'log.segment.bytes': '65536',
      'metadata.log.max.record.bytes.between.snapshots': '8000',
      'metadata.max.retention.bytes': '0',
    };
  }
}
