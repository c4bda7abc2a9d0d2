import type { SocketAddress } from '../base/network.ts';
import type { Controller } from '../controller/controller.ts';
import { assembleServices, startLogTicks } from './broker-assembly.ts';
import { BrokerLifecycle } from './broker-lifecycle.ts';
import type { BrokerPorts } from './broker-ports.ts';
import type { BrokerServices } from './broker-services.ts';
import type { KafkaConfig } from './kafka-config.ts';
import { type NodeListeners, openListeners } from './node-listeners.ts';
import type { QuorumRequests } from './quorum-requests.ts';
import { registrationOf } from './registration.ts';
import { RequestRouter } from './request-router.ts';
import { brokerRoutes } from './routes.ts';

export interface BrokerServerOptions {
  readonly clusterId: string;
  /** By log dir. */
  readonly directoryIds: ReadonlyMap<string, string>;
  /** The active controller, wherever it is. */
  readonly controller: Controller;
  /** The metadata quorum, wherever it is led. */
  readonly quorum: QuorumRequests;
  onLogDirFailure(logDir: string): void;
}

/** The broker's part of a node (Kafka's `BrokerServer`): logs, listeners, registration and heartbeats. */
export class BrokerServer {
  readonly #ports: BrokerPorts;
  readonly #config: KafkaConfig;
  readonly #options: BrokerServerOptions;
  readonly #lifecycle: BrokerLifecycle;
  #services: BrokerServices | undefined;
  #router: RequestRouter<BrokerServices> | undefined;
  #listeners: NodeListeners | undefined;
  #ticks: { dispose(): void } | undefined;
  #isCancelled = false;
  #isAbandoned = false;

  constructor(ports: BrokerPorts, config: KafkaConfig, options: BrokerServerOptions) {
    this.#ports = ports;
    this.#config = config;
    this.#options = options;
    this.#lifecycle = new BrokerLifecycle({
      ...ports,
      brokerId: config.nodeId,
      controller: options.controller,
      heartbeatIntervalMs: config.number('broker.heartbeat.interval.ms'),
      registrationTimeoutMs: config.number('initial.broker.registration.timeout.ms'),
      shutdownTimeoutMs: config.number('broker.session.timeout.ms'),
      offlineLogDirs: () => this.#services?.replicas.directories.offlineDirectoryIds ?? [],
    });
  }

  /** Undefined until the logs are open. */
  get services(): BrokerServices | undefined {
    return this.#services;
  }

  get router(): RequestRouter<BrokerServices> | undefined {
    return this.#router;
  }

  get connectionCount(): number {
    return this.#listeners?.sockets.connectionCount ?? 0;
  }

  /** Where each listener listens, once it does. */
  get addresses(): ReadonlyMap<string, SocketAddress> {
    return this.#listeners?.addresses ?? new Map();
  }

  /**
   * Waits for the metadata (`caughtUp`), recovers the logs, listens, registers, and waits until the controller shows this broker to clients.
   * Rejects with FileError or StartupError; ends early after `abandon`.
   */
  async start(caughtUp: Promise<void>): Promise<void> {
    await this.#lifecycle.await(caughtUp);
    if (this.#isCancelled) return;
    const { clusterId, controller, quorum, directoryIds } = this.#options;
    const services = await assembleServices({
      ports: this.#ports,
      config: this.#config,
      clusterId,
      controller,
      quorum,
      brokerEpoch: () => this.#lifecycle.brokerEpoch,
      apisOf: () => this.#router?.apis ?? [],
      directoryIds,
      onLogDirFailure: this.#options.onLogDirFailure,
    });
    this.#services = services;
    this.#logGroups('Starting up.');
    this.#logGroups('Startup complete.');
    const router = new RequestRouter(brokerRoutes, services);
    this.#router = router;
    this.#listeners = await openListeners(this.#ports, this.#config, {
      listenerType: 'BROKER',
      endPoints: this.#config.brokerListeners,
      router,
    });
    controller.onImage((image, delta) => services.replicas.apply(image, delta));
    const { addresses } = this.#listeners;
    const { previousBrokerEpoch } = services.replicas.logs;
    const identity = {
      clusterId,
      directoryIds: [...directoryIds.values()],
      previousBrokerEpoch,
      addresses,
    };
    await this.#lifecycle.start(registrationOf(this.#config, this.#ports.random, identity));
    await services.replicas.caughtUp();
    this.#ticks = startLogTicks(services);
  }

  /** Ends a start that is under way: it resolves soon, with the broker unusable. */
  cancelStart(): void {
    this.#isCancelled = true;
    this.#lifecycle.dispose();
  }

  /**
   * A controlled shutdown: the controller moves leadership away, then everything is flushed and closed. Ends early
   * after `abandon`. Rejects with FileError.
   */
  async stop(): Promise<void> {
    await this.#lifecycle.stop();
    if (this.#isAbandoned) return;
    this.#listeners?.sockets.stopAccepting();
    this.#ticks?.dispose();
    this.#logGroups('Shutting down.');
    this.#services?.groups.dispose();
    this.#logGroups('Shutdown complete.');
    this.#services?.replicas.dispose();
    this.#listeners?.sockets.dispose();
    await this.#services?.replicas.caughtUp();
    await this.#services?.replicas.logs.shutdown(this.#lifecycle.brokerEpoch);
  }

  /** Lets go of everything at once. */
  abandon(): void {
    this.#isAbandoned = true;
    this.#ticks?.dispose();
    this.#lifecycle.dispose();
    this.#listeners?.sockets.dispose();
    this.#services?.groups.dispose();
    this.#services?.replicas.dispose();
  }

  #logGroups(message: string): void {
    const { nodeId } = this.#config;
    const source = 'kafka.coordinator.group.GroupCoordinator';
    this.#ports.logger.log('INFO', source, `[GroupCoordinator ${nodeId}]: ${message}`);
  }
}
