import { assert } from '../base/assert.ts';
import type { SocketAddress } from '../base/network.ts';
import type { Controller } from '../controller/controller.ts';
import type { BrokerPorts } from './broker-ports.ts';
import { ControllerRegistration } from './controller-registration.ts';
import type { ControllerServices } from './controller-services.ts';
import type { KafkaConfig } from './kafka-config.ts';
import { type NodeListeners, openListeners } from './node-listeners.ts';
import type { QuorumNode } from './quorum-node.ts';
import { localQuorumRequests } from './quorum-requests.ts';
import { controllerRegistrationOf } from './registration.ts';
import { RequestRouter } from './request-router.ts';
import { controllerRoutes } from './routes.ts';

export interface ControllerServerOptions {
  readonly clusterId: string;
  readonly quorum: QuorumNode;
  /** The active controller, wherever it is. */
  readonly activeController: Controller;
}

/** The controller's part of a node: its listeners, and its registration with the active controller. */
export class ControllerServer {
  readonly router: RequestRouter<ControllerServices>;
  readonly #ports: BrokerPorts;
  readonly #config: KafkaConfig;
  readonly #options: ControllerServerOptions;
  #listeners: NodeListeners | undefined;
  #registration: ControllerRegistration | undefined;

  constructor(ports: BrokerPorts, config: KafkaConfig, options: ControllerServerOptions) {
    this.#ports = ports;
    this.#config = config;
    this.#options = options;
    this.router = new RequestRouter(controllerRoutes, this.#services());
  }

  get connectionCount(): number {
    return this.#listeners?.sockets.connectionCount ?? 0;
  }

  /** From now on the other nodes are heard. Rejects with StartupError. */
  async listen(): Promise<ReadonlyMap<string, SocketAddress>> {
    const { nodeId } = this.#config;
    const { logger } = this.#ports;
    logger.log('INFO', source, `[ControllerServer id=${nodeId}] Starting controller`);
    this.#listeners = await openListeners(this.#ports, this.#config, {
      listenerType: 'CONTROLLER',
      endPoints: this.#config.controllerListeners,
      router: this.router,
    });
    return this.#listeners.addresses;
  }

  /** Announces this process to the active controller, as soon as there is one. */
  register(): void {
    const { scheduler, logger, random } = this.#ports;
    const addresses = this.#listeners?.addresses ?? new Map();
    const { activeController: controller, quorum } = this.#options;
    const { nodeId, endpoints } = quorum.raft.quorum;
    this.#registration = new ControllerRegistration(
      { controller, scheduler, logger },
      controllerRegistrationOf(nodeId, random, endpoints, addresses),
    );
  }

  dispose(): void {
    this.#registration?.dispose();
    this.#listeners?.sockets.dispose();
  }

  #services(): ControllerServices {
    const { clusterId, quorum } = this.#options;
    assert(quorum.controller !== undefined, 'a node with a controller server is a controller');
    return {
      ...this.#ports,
      nodeId: this.#config.nodeId,
      clusterId,
      config: this.#config,
      controller: quorum.controller,
      quorum: localQuorumRequests(quorum.raft),
      raft: quorum.raft,
      apisOf: () => this.router.apis,
      caughtUp: () => Promise.resolve(),
      forwarded: (frame, client) => this.router.forwarded(frame, client),
    };
  }
}

const source = 'kafka.server.ControllerServer';
