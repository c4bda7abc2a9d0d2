import type { Disposable } from '../base/disposable.ts';
import { NetworkError, type SocketAddress } from '../base/network.ts';
import { sleep } from '../base/scheduler.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../protocol/schema.ts';
import type { ApiCall } from './api-calls.ts';
import { BrokerConnection } from './broker-connection.ts';
import type { CommonConfig } from './client-config.ts';
import { ClientError, ClosedError, DisconnectedError, TimeoutError } from './client-errors.ts';
import { ClientMetadata } from './client-metadata.ts';
import { type ClientPorts, loggerOf } from './client-ports.ts';

interface NodeState {
  readonly address: SocketAddress;
  connection: BrokerConnection | undefined;
  connecting: Promise<BrokerConnection> | undefined;
  failures: number;
  /** Not to be connected to before this moment. */
  notBeforeMs: number;
}

/** The connections to a cluster and what is known of it (Kafka's NetworkClient and Metadata). */
export class ClusterClient implements Disposable {
  readonly ports: ClientPorts;
  readonly config: CommonConfig;
  readonly metadata: ClientMetadata;
  /** Begins each log line, such as `[Producer clientId=producer-1] `. */
  readonly logPrefix: string;
  readonly #nodes = new Map<number, NodeState>();
  readonly #openListeners = new Set<(nodeId: number, connection: BrokerConnection) => void>();
  readonly #abort = new AbortController();
  #nextBootstrap = 0;
  #isClosed = false;

  constructor(ports: ClientPorts, config: CommonConfig, logPrefix: string) {
    this.ports = ports;
    this.config = config;
    this.logPrefix = logPrefix;
    this.metadata = new ClientMetadata(this);
    this.#nextBootstrap = ports.random.uint32();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Bytes over all connections so far; those of closed ones are not counted any more. */
  get openConnections(): readonly BrokerConnection[] {
    return [...this.#nodes.values()].flatMap(({ connection }) => connection ?? []);
  }

  /** Called for each new connection to a broker. */
  onConnected(listener: (nodeId: number, connection: BrokerConnection) => void): void {
    this.#openListeners.add(listener);
  }

  /** The open connection to a broker, if there is one. */
  openConnectionTo(nodeId: number): BrokerConnection | undefined {
    return this.#nodes.get(nodeId)?.connection;
  }

  /** The connection to a broker, made if need be, after the back-off. Rejects with a ClientError. */
  connectionTo(nodeId: number): Promise<BrokerConnection> {
    const state = this.#stateOf(nodeId);
    if (state === undefined) {
      return Promise.reject(new DisconnectedError(`broker ${nodeId} is not known`));
    }
    if (state.connection !== undefined) return Promise.resolve(state.connection);
    state.connecting ??= this.#connect(nodeId, state).finally(() => {
      state.connecting = undefined;
    });
    return state.connecting;
  }

  /** Any open connection, else one to a broker that is known, else to a bootstrap server. Rejects with a ClientError. */
  async anyConnection(): Promise<BrokerConnection> {
    const open = [...this.#nodes].flatMap(([nodeId, { connection }]) =>
      nodeId < coordinatorIdsFrom ? (connection ?? []) : [],
    );
    const idle = open.toSorted((a, b) => a.inFlightCount - b.inFlightCount)[0];
    if (idle !== undefined) return idle;
    const known = [...this.metadata.brokers.keys()];
    const bootstrap = this.config.bootstrapServers.map((_, i) => -1 - i);
    let lastError: unknown;
    for (const nodeId of [...rotate(known, this.#nextBootstrap++), ...bootstrap]) {
      try {
        return await this.connectionTo(nodeId);
      } catch (error) {
        if (!(error instanceof ClientError)) throw error;
        lastError = error;
      }
    }
    throw new DisconnectedError('no broker can be reached', { cause: lastError });
  }

  async sendTo<Q extends MessageSchema, S extends MessageSchema>(
    nodeId: number,
    call: ApiCall<Q, S>,
    message: MessageInput<Q>,
    timeoutMs?: number,
  ): Promise<MessageOf<S>> {
    const connection = await this.connectionTo(nodeId);
    return connection.send(call, message, timeoutMs);
  }

  async sendToAny<Q extends MessageSchema, S extends MessageSchema>(
    call: ApiCall<Q, S>,
    message: MessageInput<Q>,
  ): Promise<MessageOf<S>> {
    const connection = await this.anyConnection();
    return connection.send(call, message);
  }

  /**
   * Calls `attempt` until it does not fail with a retriable error, with growing pauses. Rejects with
   * TimeoutError(`timeoutMessage`) when `timeoutMs` have passed, caused by the last failure.
   */
  async retry<T>(timeoutMs: number, timeoutMessage: string, attempt: () => Promise<T>): Promise<T> {
    const deadlineMs = this.ports.clock.monotonicMs() + timeoutMs;
    for (let failures = 0; ; failures++) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof ClientError && error.isRetriable)) throw error;
        if (this.#isClosed) throw new ClosedError('The client is closed.', { cause: error });
        const leftMs = deadlineMs - this.ports.clock.monotonicMs();
        if (leftMs <= 0) throw new TimeoutError(timeoutMessage, { cause: error });
        await this.pause(Math.min(leftMs, this.backoffMs(failures)));
      }
    }
  }

  /** Exponential, from `retry.backoff.ms` to `retry.backoff.max.ms`, give or take 20 % (KIP-580). */
  backoffMs(failures: number): number {
    const { retryBackoffMs, retryBackoffMaxMs } = this.config;
    return this.#jitter(Math.min(retryBackoffMaxMs, retryBackoffMs * 2 ** Math.min(failures, 30)));
  }

  /** Waits, or less when the client is closed. */
  pause(delayMs: number): Promise<void> {
    return sleep(this.ports.scheduler, Math.max(0, delayMs), this.#abort.signal);
  }

  dispose(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#abort.abort();
    for (const state of this.#nodes.values()) state.connection?.dispose();
    this.#nodes.clear();
  }

  async #connect(nodeId: number, state: NodeState): Promise<BrokerConnection> {
    const { clock } = this.ports;
    await this.#waitForBackoff(state.notBeforeMs - clock.monotonicMs());
    if (this.#isClosed) throw new ClosedError('The client is closed.');
    try {
      const connection = await this.#open(state.address);
      if (this.#isClosed) {
        connection.dispose();
        throw new ClosedError('The client is closed.');
      }
      state.connection = connection;
      state.failures = 0;
      connection.onClosed(() => this.#onClosed(nodeId, state));
      for (const listener of this.#openListeners) listener(nodeId, connection);
      return connection;
    } catch (error) {
      this.#backOff(state);
      if (!(error instanceof NetworkError)) throw error;
      const { host, port } = state.address;
      this.#warn(
        `Connection to node ${nodeId} (${host}:${port}) could not be established. Node may not be available.`,
      );
      throw new DisconnectedError(error.message, { cause: error });
    }
  }

  #open(address: SocketAddress): Promise<BrokerConnection> {
    const { clientId, requestTimeoutMs, setupTimeoutMs } = this.config;
    const options = { address, clientId, requestTimeoutMs, setupTimeoutMs };
    return BrokerConnection.open(this.ports, options);
  }

  #waitForBackoff(delayMs: number): Promise<void> {
    return delayMs <= 0 ? Promise.resolve() : this.pause(delayMs);
  }

  #onClosed(nodeId: number, state: NodeState): void {
    state.connection = undefined;
    this.#backOff(state);
    if (!this.#isClosed) this.#log('INFO', `Node ${nodeId} disconnected.`);
    // A broker that went away may have left its leadership to another.
    this.metadata.markStale();
  }

  #backOff(state: NodeState): void {
    const { reconnectBackoffMs, reconnectBackoffMaxMs } = this.config;
    const backoffMs = Math.min(reconnectBackoffMaxMs, reconnectBackoffMs * 2 ** state.failures);
    state.failures = Math.min(30, state.failures + 1);
    state.notBeforeMs = this.ports.clock.monotonicMs() + this.#jitter(backoffMs);
  }

  #jitter(delayMs: number): number {
    return delayMs * (0.8 + (0.4 * this.ports.random.uint32()) / 2 ** 32);
  }

  /** Negative ids are bootstrap servers. */
  #stateOf(nodeId: number): NodeState | undefined {
    const address = this.#addressOf(nodeId);
    if (address === undefined || this.#isClosed) return undefined;
    const known = this.#nodes.get(nodeId);
    const isSame = known?.address.host === address.host && known.address.port === address.port;
    if (known !== undefined && isSame) return known;
    known?.connection?.dispose();
    const state: NodeState = {
      address: { host: address.host, port: address.port },
      connection: undefined,
      connecting: undefined,
      failures: 0,
      notBeforeMs: 0,
    };
    this.#nodes.set(nodeId, state);
    return state;
  }

  #addressOf(nodeId: number): SocketAddress | undefined {
    if (nodeId < 0) return this.config.bootstrapServers[-1 - nodeId];
    const { brokers } = this.metadata;
    return brokers.get(nodeId) ?? brokers.get(coordinatorConnectionId(nodeId));
  }

  #warn(message: string): void {
    this.#log('WARN', message);
  }

  #log(level: 'INFO' | 'WARN', message: string): void {
    const source = 'org.apache.kafka.clients.NetworkClient';
    loggerOf(this.ports).log(level, source, this.logPrefix + message);
  }
}

/** No broker has so large an id. */
const coordinatorIdsFrom = 0x4000_0000;

/**
 * A second connection to a broker has an id of its own, counted down from the largest, as in Kafka's
 * consumer: requests that wait for others (JoinGroup) must not hold up fetches. Its own inverse.
 */
export function coordinatorConnectionId(nodeId: number): number {
  return 0x7fff_ffff - nodeId;
}

function rotate<T>(items: readonly T[], by: number): readonly T[] {
  const at = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}
