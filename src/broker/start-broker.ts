import { assert } from '../base/assert.ts';
import type { SocketAddress } from '../base/network.ts';
import type { ApiSpec } from '../protocol/api.ts';
import { compressionTypes } from '../protocol/records/compression.ts';
import { assembleServices, startLogTicks } from './broker-assembly.ts';
import { BrokerLifecycle } from './broker-lifecycle.ts';
import type { BrokerPorts } from './broker-ports.ts';
import type { BrokerServices } from './broker-services.ts';
import { ConfigException } from './config-exception.ts';
import { KafkaConfig } from './kafka-config.ts';
import type { EndPoint } from './listener-config.ts';
import { checkLogDirs } from './log-dirs-check.ts';
import { type QuorumNode, startQuorumNode } from './quorum-node.ts';
import { registrationOf } from './registration.ts';
import { type Interceptor, RequestRouter } from './request-router.ts';
import { routes } from './routes.ts';
import { SocketServer } from './socket-server.ts';

/** A node that answers clients. */
export interface RunningBroker {
  readonly nodeId: number;
  readonly clusterId: string;
  /** Where each listener listens, with its real port; by listener name. */
  readonly addresses: ReadonlyMap<string, SocketAddress>;
  readonly services: BrokerServices;
  /** Clients connected now, to all listeners. */
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
const groupSource = 'kafka.coordinator.group.GroupCoordinator';

type Properties = ReadonlyMap<string, string> | Readonly<Record<string, string>>;

/**
 * Starts a node as `server.properties` says. Rejects with ConfigException, LogDirsError, FileError or
 * NetworkError, with Kafka's messages where Kafka has them.
 */
export async function startBroker(
  ports: BrokerPorts,
  properties: Properties,
): Promise<RunningBroker> {
  const config = new KafkaConfig(toMap(properties));
  requireCombined(config);
  const { clusterId, directoryIds } = await checkLogDirs(
    ports.files,
    config.logDirs,
    config.nodeId,
  );
  const node = new KafkaNode(ports, config, clusterId);
  try {
    await node.start([...directoryIds.values()]);
  } catch (error) {
    await node.abandon();
    throw error;
  }
  return node;
}

function toMap(properties: Properties): ReadonlyMap<string, string> {
  return properties instanceof Map ? properties : new Map(Object.entries(properties));
}

/** Simplified: brokers and controllers in processes of their own come with the quorum of three. */
function requireCombined(config: KafkaConfig): void {
  if (config.isBroker && config.isController && config.voters.length === 1) return;
  throw new ConfigException(
    'Only a node that is broker and controller of its own (process.roles=broker,controller with one voter) can be started so far.',
  );
}

class KafkaNode implements RunningBroker {
  readonly nodeId: number;
  readonly clusterId: string;
  readonly addresses = new Map<string, SocketAddress>();
  readonly ended: Promise<'stopped' | 'failed'>;
  readonly #ports: BrokerPorts;
  readonly #config: KafkaConfig;
  #end: (how: 'stopped' | 'failed') => void = () => undefined;
  #quorum: QuorumNode | undefined;
  #lifecycle: BrokerLifecycle | undefined;
  #services: BrokerServices | undefined;
  #sockets: SocketServer | undefined;
  #ticks: { dispose(): void } | undefined;
  #brokerRouter: RequestRouter | undefined;
  #controllerRouter: RequestRouter | undefined;
  #stopping: Promise<void> | undefined;

  constructor(ports: BrokerPorts, config: KafkaConfig, clusterId: string) {
    this.#ports = ports;
    this.#config = config;
    this.nodeId = config.nodeId;
    this.clusterId = clusterId;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  get services(): BrokerServices {
    assert(this.#services !== undefined, 'a started node has its services');
    return this.#services;
  }

  get connectionCount(): number {
    return this.#sockets?.connectionCount ?? 0;
  }

  async start(directoryIds: readonly string[]): Promise<void> {
    const ports = this.#ports;
    const config = this.#config;
    const { nodeId, clusterId } = this;
    prepareCodecs(ports);
    this.#log(brokerSource, `[BrokerServer id=${nodeId}] Transition from SHUTDOWN to STARTING`);
    const quorum = await startQuorumNode(ports, config, { clusterId, onFault: this.#fail });
    this.#quorum = quorum;
    const { controller } = quorum;
    const lifecycle = new BrokerLifecycle({
      controller,
      scheduler: ports.scheduler,
      logger: ports.logger,
      heartbeatIntervalMs: config.number('broker.heartbeat.interval.ms'),
      shutdownTimeoutMs: config.number('broker.session.timeout.ms'),
    });
    this.#lifecycle = lifecycle;
    const services = await assembleServices({
      ports,
      config,
      clusterId,
      controller,
      quorum: quorum.quorum,
      brokerEpoch: () => lifecycle.brokerEpoch,
      apisOf: (listenerName) => this.#apisOf(listenerName),
      onLogDirFailure: (logDir) => this.#fail(new Error(`log dir ${logDir} failed`)),
    });
    this.#services = services;
    this.#log(groupSource, `[GroupCoordinator ${nodeId}]: Starting up.`);
    this.#log(groupSource, `[GroupCoordinator ${nodeId}]: Startup complete.`);
    await this.#listen(services);
    controller.onImage((image, delta) => services.replicas.apply(image, delta));
    const previousBrokerEpoch = services.replicas.logs.previousBrokerEpoch;
    const addresses = this.addresses;
    const identity = { clusterId, directoryIds, previousBrokerEpoch, addresses };
    await lifecycle.start(registrationOf(config, ports.random, identity));
    await services.replicas.caughtUp();
    this.#ticks = startLogTicks(services);
    this.#log(brokerSource, `[BrokerServer id=${nodeId}] Transition from STARTING to STARTED`);
    this.#log('org.apache.kafka.common.utils.AppInfoParser', 'Kafka version: 3.8.0');
    this.#log(source, `[KafkaRaftServer nodeId=${nodeId}] Kafka Server started`);
  }

  intercept(apiKey: number, interceptor: Interceptor | undefined): void {
    this.#brokerRouter?.intercept(apiKey, interceptor);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop().then(() => this.#end('stopped'));
    return this.#stopping;
  }

  /** Lets go of everything at once, as a process that dies, but with its files closed. */
  async abandon(): Promise<void> {
    this.#ticks?.dispose();
    this.#lifecycle?.dispose();
    this.#sockets?.dispose();
    this.#services?.groups.dispose();
    this.#services?.replicas.dispose();
    await this.#quorum?.close();
  }

  async #stop(): Promise<void> {
    const { nodeId } = this;
    this.#log(brokerSource, `[BrokerServer id=${nodeId}] Transition from STARTED to SHUTTING_DOWN`);
    this.#log(brokerSource, `[BrokerServer id=${nodeId}] shutting down`);
    await this.#lifecycle?.stop();
    this.#sockets?.stopAccepting();
    this.#ticks?.dispose();
    this.#log(groupSource, `[GroupCoordinator ${nodeId}]: Shutting down.`);
    this.#services?.groups.dispose();
    this.#log(groupSource, `[GroupCoordinator ${nodeId}]: Shutdown complete.`);
    this.#services?.replicas.dispose();
    this.#sockets?.dispose();
    await this.#services?.replicas.caughtUp();
    await this.#services?.replicas.logs.shutdown(this.#lifecycle?.brokerEpoch);
    await this.#quorum?.close();
    this.#log(brokerSource, `[BrokerServer id=${nodeId}] shut down completed`);
    this.#log(
      brokerSource,
      `[BrokerServer id=${nodeId}] Transition from SHUTTING_DOWN to SHUTDOWN`,
    );
  }

  async #listen(services: BrokerServices): Promise<void> {
    const config = this.#config;
    const brokerRouter = new RequestRouter('broker', routes, services);
    const controllerRouter = new RequestRouter('controller', routes, services);
    this.#brokerRouter = brokerRouter;
    this.#controllerRouter = controllerRouter;
    const sockets = new SocketServer(
      this.#ports,
      {
        frameBytesMax: config.number('socket.request.max.bytes'),
        connectionsMax: config.number('max.connections'),
        connectionsPerAddressMax: config.number('max.connections.per.ip'),
        idleMs: config.number('connections.max.idle.ms'),
      },
      this.nodeId,
    );
    this.#sockets = sockets;
    await this.#open(config.controllerListeners, 'CONTROLLER', controllerRouter);
    await this.#open(config.brokerListeners, 'BROKER', brokerRouter);
  }

  async #open(
    endPoints: readonly EndPoint[],
    listenerType: 'BROKER' | 'CONTROLLER',
    router: RequestRouter,
  ): Promise<void> {
    for (const { listenerName: name, host, port } of endPoints) {
      const options = { name, listenerType, address: { host, port }, router };
      const address = await this.#sockets?.listen(options);
      if (address !== undefined) this.addresses.set(name, address);
    }
  }

  #apisOf(listenerName: string): readonly ApiSpec[] {
    const isController = this.#config.controllerListeners.some(
      (endPoint) => endPoint.listenerName === listenerName,
    );
    return (isController ? this.#controllerRouter : this.#brokerRouter)?.apis ?? [];
  }

  /** The node can no longer do its part: everything is let go, and whoever started it is told. */
  readonly #fail = (error: unknown): void => {
    if (this.#stopping !== undefined) return;
    this.#ports.logger.log('FATAL', source, 'The node cannot go on and ends', error);
    this.#stopping = this.abandon().then(
      () => this.#end('failed'),
      () => this.#end('failed'),
    );
  };

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
