import type { Logger } from '../base/logger.ts';
import { type RunningBroker, startBroker } from '../broker/start-broker.ts';
import { encodeBootstrapCheckpoint } from '../controller/bootstrap.ts';
import type { MemoryFileSystem } from '../host/virtual/memory-file-system.ts';
import { SeededRandom } from '../host/virtual/seeded-random.ts';
import type { VirtualClock } from '../host/virtual/virtual-clock.ts';
import type { VirtualNetwork } from '../host/virtual/virtual-network.ts';
import { VirtualProcess } from '../host/virtual/virtual-process.ts';
import type { VirtualScheduler } from '../host/virtual/virtual-scheduler.ts';
import type { CompressionCodecs } from '../protocol/records/compression.ts';
import { uuidFromRandomBytes } from '../protocol/uuid.ts';
import { writeMetaProperties } from '../storage/meta-properties.ts';

export interface ClusterNodeOptions {
  readonly id: number;
  readonly host: string;
  readonly clock: VirtualClock;
  readonly scheduler: VirtualScheduler;
  readonly network: VirtualNetwork;
  readonly files: MemoryFileSystem;
  readonly seed: number;
  readonly codecs: CompressionCodecs;
  readonly logger: Logger;
  readonly properties: Readonly<Record<string, string>>;
}

const clusterId = 'MkU3OEVBNTcwNTJENDM2Qk';
/** 3.8-IV0 */
const metadataVersion = 20;

/** One machine of a test cluster, `worker<id>`, and the Kafka process on it. */
export class ClusterNode {
  readonly id: number;
  readonly host: string;
  readonly files: MemoryFileSystem;
  readonly properties: Readonly<Record<string, string>>;
  readonly #options: ClusterNodeOptions;
  #life: VirtualProcess | undefined;
  #broker: RunningBroker | undefined;
  #lives = 0;
  #starting = new AbortController();

  constructor(options: ClusterNodeOptions) {
    this.#options = options;
    this.id = options.id;
    this.host = options.host;
    this.files = options.files;
    this.properties = options.properties;
    // On the network from now on: others get a refusal and no unknown host.
    options.network.host(this.host);
  }

  /** Undefined while the process has not started, or is no more. */
  get broker(): RunningBroker | undefined {
    return this.#broker;
  }

  get isRunning(): boolean {
    return this.#life !== undefined;
  }

  /** The process, to pause it. */
  get life(): VirtualProcess | undefined {
    return this.#life;
  }

  /** Formats the disk as `kafka-storage.sh format` does. */
  async format(): Promise<void> {
    const { clock } = this.#options;
    const { files, id } = this;
    const random = new SeededRandom(1_000 + id);
    const logDirs = this.properties['log.dirs']?.split(',') ?? [];
    for (const logDir of logDirs) {
      await files.makeDirectory(logDir);
      const directoryId = uuidFromRandomBytes(random.bytes(16)) ?? '';
      const meta = { version: 1, clusterId, nodeId: id, directoryId };
      await writeMetaProperties(files, logDir, meta, clock.nowMs());
    }
    const file = files.create(`${logDirs[0]}/bootstrap.checkpoint`);
    file.write(0, [encodeBootstrapCheckpoint(metadataVersion, clock.nowMs())]);
    await file.close();
  }

  /** Begins a process on what is on the disk. Resolves when it has started, which takes a quorum. */
  async start(): Promise<RunningBroker> {
    const { scheduler, clock, network, seed, codecs, logger } = this.#options;
    const { files } = this;
    const life = new VirtualProcess({
      scheduler,
      clock,
      files,
      network: network.host(this.host),
    });
    this.#life = life;
    this.#lives++;
    const random = new SeededRandom(seed + 1_000 * this.id + 100_000 * (this.#lives - 1));
    const { files: ownFiles, network: ownNetwork, scheduler: ownScheduler } = life;
    const ports = {
      files: ownFiles,
      network: ownNetwork,
      scheduler: ownScheduler,
      clock,
      random,
      logger,
      codecs,
    };
    this.#starting = new AbortController();
    const broker = await startBroker(ports, this.properties, this.#starting.signal);
    if (this.#life === life) this.#broker = broker;
    return broker;
  }

  /** Stops a process that waits for a quorum; its start resolves, and the node ends. */
  cancelStart(): void {
    this.#starting.abort();
  }

  /** A controlled shutdown. */
  async stop(): Promise<void> {
    await this.#broker?.stop();
    this.#life?.kill();
    this.#broker = undefined;
    this.#life = undefined;
  }

  /** The process dies: connections reset, what was written stays, nothing is said to anybody. */
  crash(): void {
    this.#life?.kill();
    this.#options.network.crash(this.host);
    this.#broker = undefined;
    this.#life = undefined;
  }
}
