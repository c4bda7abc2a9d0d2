import { assert } from '../base/assert.ts';
import type { SocketAddress } from '../base/network.ts';
import { sleep } from '../base/scheduler.ts';
import { compressionTypes } from '../protocol/records/compression.ts';
import type { BrokerPorts } from './broker-ports.ts';
import { BrokerServer } from './broker-server.ts';
import type { BrokerServices } from './broker-services.ts';
import { type ControllerRequests, openControllerRequests } from './controller-requests.ts';
import { ControllerServer } from './controller-server.ts';
import { KafkaConfig } from './kafka-config.ts';
import { type CheckedLogDirs, checkLogDirs } from './log-dirs-check.ts';
import { openQuorumNode, type QuorumNode, untilCaughtUp } from './quorum-node.ts';
import type { Interceptor } from './request-router.ts';
import { ControllerStartupError, StartupError } from './startup-error.ts';

/** A node that answers: a broker, a controller, or both. */
export interface RunningBroker {
  readonly nodeId: number;
  readonly clusterId: string;
  /** Where each listener listens, with its real port; by listener name. */
  readonly addresses: ReadonlyMap<string, SocketAddress>;
  /** The broker's part; a node that is only a controller has none. */
  readonly services: BrokerServices;
  /** This node's replica of the metadata. */
  readonly quorum: QuorumNode;
  /** Clients and nodes connected now, to all listeners. */
  readonly connectionCount: number;
  /** Settles when the node has ended: after `stop`, or because it cannot go on. */
  readonly ended: Promise<'stopped' | 'failed'>;
  /** Answers an API in the broker's place (null: as usual), for tests and experiments. */
  intercept(apiKey: number, interceptor: Interceptor | undefined): void;
  /** A controlled shutdown: takes leave, flushes, closes. May be called more than once. */
  stop(): Promise<void>;
}

const source = 'kafka.server.KafkaRaftServer';
const brokerSource = 'kafka.server.BrokerServer';

/** As long as a broker's heartbeat interval: within it those that leave are heard. */
const othersLeaveMsMax = 2_000;

type Properties = ReadonlyMap<string, string> | Readonly<Record<string, string>>;

/**
 * Starts a node as `server.properties` says; resolves when clients see it, which takes a quorum. Rejects with
 * ConfigException, LogDirsError, FileError or StartupError, with Kafka's messages where
 * Kafka has them. When `signal` aborts, a start that waits ends early and the node stops.
 */
export async function startBroker(
  ports: BrokerPorts,
  properties: Properties,
  signal: AbortSignal = new AbortController().signal,
): Promise<RunningBroker> {
  const config = new KafkaConfig(toMap(properties));
  const directories = [...new Set([...config.logDirs, config.metadataLogDir])];
  const logDirs = await checkLogDirs(ports.files, directories, config.nodeId);
  const node = new KafkaNode(ports, config, logDirs);
  const stop = () => {
    node.stop().catch((error: unknown) => {
      ports.logger.log('ERROR', source, 'Fatal error during shutdown', error);
    });
  };
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    await node.start();
  } catch (error) {
    await node.abandon();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
  return node;
}

function toMap(properties: Properties): ReadonlyMap<string, string> {
  return properties instanceof Map ? properties : new Map(Object.entries(properties));
}

class KafkaNode implements RunningBroker {
  readonly nodeId: number;
  readonly clusterId: string;
  readonly addresses = new Map<string, SocketAddress>();
  readonly ended: Promise<'stopped' | 'failed'>;
  readonly #ports: BrokerPorts;
  readonly #config: KafkaConfig;
  readonly #directoryIds: ReadonlyMap<string, string>;
  readonly #ending = new AbortController();
  #end: (how: 'stopped' | 'failed') => void = () => undefined;
  #quorum: QuorumNode | undefined;
  #requests: ControllerRequests | undefined;
  #controllerServer: ControllerServer | undefined;
  #brokerServer: BrokerServer | undefined;
  #starting: Promise<void> = Promise.resolve();
  #stopping: Promise<void> | undefined;
  #hasFailed = false;

  constructor(ports: BrokerPorts, config: KafkaConfig, logDirs: CheckedLogDirs) {
    this.#ports = ports;
    this.#config = config;
    this.nodeId = config.nodeId;
    this.clusterId = logDirs.clusterId;
    // The metadata log may have a directory of its own, where no partitions are.
    this.#directoryIds = new Map(
      config.logDirs.map((dir) => [dir, logDirs.directoryIds.get(dir) ?? '']),
    );
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  get services(): BrokerServices {
    const services = this.#brokerServer?.services;
    assert(services !== undefined, 'a node that has started as a broker has its services');
    return services;
  }

  get quorum(): QuorumNode {
    assert(this.#quorum !== undefined, 'a started node has its metadata log');
    return this.#quorum;
  }

  get connectionCount(): number {
    const brokers = this.#brokerServer?.connectionCount ?? 0;
    return brokers + (this.#controllerServer?.connectionCount ?? 0);
  }

  start(): Promise<void> {
    this.#starting = this.#start();
    return this.#starting;
  }

  intercept(apiKey: number, interceptor: Interceptor | undefined): void {
    this.#brokerServer?.router?.intercept(apiKey, interceptor);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop().then(
      () => (this.#hasFailed ? this.#letGo() : this.#end('stopped')),
      async (error: unknown) => {
        await this.#letGo();
        throw error;
      },
    );
    return this.#stopping;
  }

  /** Lets go of everything at once, as a process that dies, but with its files closed. */
  async abandon(): Promise<void> {
    this.#ending.abort();
    this.#brokerServer?.abandon();
    this.#requests?.dispose();
    this.#controllerServer?.dispose();
    await this.#quorum?.close();
  }

  async #start(): Promise<void> {
    const ports = this.#ports;
    const config = this.#config;
    const { clusterId } = this;
    prepareCodecs(ports);
    const quorum = await openQuorumNode(ports, config, { clusterId, onFault: this.#fail });
    this.#quorum = quorum;
    const requests = openControllerRequests(ports, config, quorum);
    this.#requests = requests;
    if (config.isController) await this.#startController(quorum, requests);
    await quorum.start();
    this.#controllerServer?.register();
    if (config.isBroker) await this.#startBroker(quorum, requests);
    if (this.#ending.signal.aborted) return;
    this.#log('org.apache.kafka.common.utils.AppInfoParser', 'Kafka version: 3.8.0');
    this.#log(source, `[KafkaRaftServer nodeId=${this.nodeId}] Kafka Server started`);
  }

  async #startController(quorum: QuorumNode, requests: ControllerRequests): Promise<void> {
    const { clusterId } = this;
    const options = { clusterId, quorum, activeController: requests.controller };
    this.#controllerServer = new ControllerServer(this.#ports, this.#config, options);
    const listening = this.#controllerServer.listen();
    const logged = listening.catch((error: unknown) => {
      this.#logFatal('kafka.server.ControllerServer', '[ControllerServer', error);
      throw error instanceof StartupError ? new ControllerStartupError(error) : error;
    });
    for (const [name, address] of await logged) this.addresses.set(name, address);
  }

  async #startBroker(quorum: QuorumNode, requests: ControllerRequests): Promise<void> {
    const { nodeId, clusterId } = this;
    const { signal } = this.#ending;
    this.#log(brokerSource, `[BrokerServer id=${nodeId}] Transition from SHUTDOWN to STARTING`);
    const broker = new BrokerServer(this.#ports, this.#config, {
      clusterId,
      directoryIds: this.#directoryIds,
      controller: requests.controller,
      quorum: requests.quorum,
      onLogDirFailure: (logDir) => this.#fail(new Error(`log dir ${logDir} failed`)),
    });
    this.#brokerServer = broker;
    signal.addEventListener('abort', () => broker.cancelStart());
    await broker.start(untilCaughtUp(quorum, signal)).catch((error: unknown) => {
      this.#logFatal(brokerSource, '[BrokerServer', error);
      const message = `[BrokerServer id=${nodeId}] Fatal error during broker startup. Prepare to shutdown`;
      this.#ports.logger.log('ERROR', brokerSource, message, error);
      throw error;
    });
    for (const [name, address] of broker.addresses) this.addresses.set(name, address);
    if (signal.aborted) return;
    this.#log(brokerSource, `[BrokerServer id=${nodeId}] Transition from STARTING to STARTED`);
  }

  async #stop(): Promise<void> {
    const { nodeId } = this;
    const isRunning = await this.#isStarted();
    if (this.#brokerServer !== undefined) {
      const prefix = `[BrokerServer id=${nodeId}]`;
      const state = isRunning ? 'STARTED' : 'STARTING';
      this.#log(brokerSource, `${prefix} Transition from ${state} to SHUTTING_DOWN`);
      this.#log(brokerSource, `${prefix} shutting down`);
      await this.#brokerServer.stop();
      if (this.#hasFailed) return;
      this.#log(brokerSource, `${prefix} shut down completed`);
      this.#log(brokerSource, `${prefix} Transition from SHUTTING_DOWN to SHUTDOWN`);
    }
    this.#ending.abort();
    this.#requests?.dispose();
    await this.#letOthersLeave();
    await this.#quorum?.close();
    this.#controllerServer?.dispose();
  }

  /** Brokers that are leaving as well need the quorum for it: a voter goes after them, if they are quick. */
  async #letOthersLeave(): Promise<void> {
    const quorum = this.#quorum;
    if (quorum?.controller === undefined) return;
    const { clock, scheduler } = this.#ports;
    const deadlineMs = clock.monotonicMs() + othersLeaveMsMax;
    const isNeeded = () =>
      quorum.raft.quorum.leaderAndEpoch.leaderId !== undefined &&
      [...quorum.metadata.image.brokers.values()].some(
        ({ brokerId, fenced, inControlledShutdown }) =>
          brokerId !== this.nodeId && inControlledShutdown && !fenced,
      );
    while (isNeeded() && clock.monotonicMs() < deadlineMs) await sleep(scheduler, 50);
  }

  /** A start that is under way ends early. */
  async #isStarted(): Promise<boolean> {
    let isDone = false;
    const done = this.#starting.then(
      () => {
        isDone = true;
      },
      () => undefined,
    );
    // Settled already, if it is.
    await undefined;
    await undefined;
    if (isDone) return true;
    this.#ending.abort();
    await done;
    return false;
  }

  /**
   * The node can no longer do its part: everything is let go, and whoever started it is told. As Kafka halts while
   * it shuts down, so does this cut a stop short: what that waits for may never come from a quorum that has failed.
   */
  readonly #fail = (error: unknown): void => {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#ports.logger.log('FATAL', source, 'The node cannot go on and ends', error);
    const gone = this.#letGo();
    this.#stopping ??= gone;
  };

  async #letGo(): Promise<void> {
    await this.abandon().catch(() => undefined);
    this.#end('failed');
  }

  #logFatal(logSource: string, prefix: string, error: unknown): void {
    if (!(error instanceof StartupError)) return;
    const message = `${prefix} id=${this.nodeId}] ${error.message}`;
    this.#ports.logger.log('ERROR', logSource, message, error.cause);
  }

  #log(logSource: string, message: string): void {
    this.#ports.logger.log('INFO', logSource, message);
  }
}

/**
 * Codecs load in the background: most brokers never decompress anything.
 * Simplified: zstd is not loaded ahead, it may be large. Where the host has none, a topic with
 * `compression.type=zstd` stores its records in zstd frames that hold them as they are.
 */
function prepareCodecs({ codecs, logger }: BrokerPorts): void {
  for (const type of compressionTypes) {
    if (type === 'zstd') continue;
    codecs.prepare(type).catch((error: unknown) => {
      logger.log('WARN', source, `The codec ${type} is not available`, error);
    });
  }
}
