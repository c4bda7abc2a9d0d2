import type { Disposable } from '../base/disposable.ts';
import type { Connection, Listener, Network, SocketAddress } from '../base/network.ts';
import type { BrokerPorts } from './broker-ports.ts';
import { ClientConnection } from './client-connection.ts';
import type { FrameRouter } from './request-router.ts';

export interface SocketServerLimits {
  readonly frameBytesMax: number;
  readonly connectionsMax: number;
  readonly connectionsPerAddressMax: number;
  readonly idleMs: number;
}

export interface ListenerOptions {
  readonly name: string;
  /** As Kafka's log has it. */
  readonly listenerType: 'BROKER' | 'CONTROLLER';
  readonly address: SocketAddress;
  readonly router: FrameRouter;
}

const source = 'kafka.network.SocketServer';
const selectorSource = 'org.apache.kafka.common.network.Selector';
const idleSweepMsMax = 60_000;

/** The listeners of a node and the connections that came over them. */
export class SocketServer implements Disposable {
  readonly #ports: Pick<BrokerPorts, 'network' | 'clock' | 'scheduler' | 'logger'>;
  readonly #limits: SocketServerLimits;
  readonly #nodeId: number;
  readonly #listeners: Listener[] = [];
  readonly #connections = new Set<ClientConnection>();
  readonly #perAddress = new Map<string, number>();
  #sweep: Disposable | undefined;
  #nextIndex = 0;
  #isStopped = false;

  constructor(ports: BrokerPorts, limits: SocketServerLimits, nodeId: number) {
    this.#ports = ports;
    this.#limits = limits;
    this.#nodeId = nodeId;
    this.#scheduleSweep();
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Rejects with NetworkError where the address cannot be had. Answers the address with its real port. */
  async listen(options: ListenerOptions): Promise<SocketAddress> {
    const listener = await (this.#ports.network as Network).listen(options.address, (connection) =>
      this.#accept(connection, options),
    );
    this.#listeners.push(listener);
    this.#log(
      'INFO',
      `${this.#prefix(options)} Created data-plane acceptor and processors for endpoint : ListenerName(${options.name})`,
    );
    const { host, port } = listener.address;
    this.#ports.logger.log(
      'INFO',
      'kafka.network.DataPlaneAcceptor',
      `Awaiting socket connections on ${host === '' ? '0.0.0.0' : host}:${port}.`,
    );
    return listener.address;
  }

  /** Takes no more connections; those that are there go on until `dispose`. */
  stopAccepting(): void {
    this.#isStopped = true;
    for (const listener of this.#listeners.splice(0)) listener.dispose();
  }

  dispose(): void {
    this.stopAccepting();
    this.#sweep?.dispose();
    for (const connection of [...this.#connections]) connection.close();
  }

  #accept(connection: Connection, options: ListenerOptions): void {
    const { host } = connection.remote;
    const refusal = this.#refusalFor(host);
    if (refusal !== null) {
      connection.start({ onData: () => undefined, onClose: () => undefined });
      this.#log('INFO', `${this.#prefix(options)} Rejected connection from /${host}, ${refusal}.`);
      connection.dispose();
      return;
    }
    const { local, remote } = connection;
    const client = new ClientConnection(connection, {
      router: options.router,
      scheduler: this.#ports.scheduler,
      listenerName: options.name,
      connectionId: `${local.host}:${local.port}-${remote.host}:${remote.port}-${this.#nextIndex++}`,
      frameBytesMax: this.#limits.frameBytesMax,
      nowMs: () => this.#ports.clock.monotonicMs(),
      log: (level, message, error) => {
        this.#ports.logger.log(level, selectorSource, `${this.#prefix(options)} ${message}`, error);
      },
      onClosed: (closed) => this.#forget(closed, host),
    });
    this.#connections.add(client);
    this.#perAddress.set(host, (this.#perAddress.get(host) ?? 0) + 1);
    client.start();
  }

  #refusalFor(host: string): string | null {
    const { connectionsMax, connectionsPerAddressMax } = this.#limits;
    if (this.#isStopped) return 'the server is shutting down';
    if (connectionsMax <= this.#connections.size) {
      return `broker already has the configured maximum of ${connectionsMax} connections`;
    }
    if (connectionsPerAddressMax <= (this.#perAddress.get(host) ?? 0)) {
      return `address already has the configured maximum of ${connectionsPerAddressMax} connections`;
    }
    return null;
  }

  #forget(connection: ClientConnection, host: string): void {
    if (!this.#connections.delete(connection)) return;
    const count = (this.#perAddress.get(host) ?? 1) - 1;
    if (count === 0) this.#perAddress.delete(host);
    else this.#perAddress.set(host, count);
  }

  #scheduleSweep(): void {
    const delayMs = Math.max(Math.min(this.#limits.idleMs / 2, idleSweepMsMax), 1);
    this.#sweep = this.#ports.scheduler.after(delayMs, () => {
      const limitMs = this.#ports.clock.monotonicMs() - this.#limits.idleMs;
      for (const connection of [...this.#connections]) {
        if (!connection.isBusy && connection.lastActiveMs < limitMs) connection.close();
      }
      this.#scheduleSweep();
    });
  }

  #prefix({ listenerType }: ListenerOptions): string {
    return `[SocketServer listenerType=${listenerType}, nodeId=${this.#nodeId}]`;
  }

  #log(level: 'INFO' | 'WARN', message: string): void {
    this.#ports.logger.log(level, source, message);
  }
}
