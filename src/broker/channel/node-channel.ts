import type { Disposable } from '../../base/disposable.ts';
import type { SocketAddress } from '../../base/network.ts';
import type { ApiCall } from '../../client/api-calls.ts';
import { BrokerConnection } from '../../client/broker-connection.ts';
import { DisconnectedError } from '../../client/client-errors.ts';
import type { ClientPorts } from '../../client/client-ports.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../../protocol/schema.ts';

export interface NodeChannelOptions {
  /** Where the node listens now; asked before each connect, because metadata may move it. */
  readonly address: () => SocketAddress | undefined;
  readonly clientId: string;
  /** A request that takes longer closes the connection, and all others on it fail with it. */
  readonly requestTimeoutMs: number;
}

/** `socket.connection.setup.timeout.ms` is for clients; between nodes a dead peer is given up sooner. */
const setupTimeoutMsMax = 10_000;
/** `reconnect.backoff.ms` */
const reconnectBackoffMs = 50;

/**
 * Requests from this node to one other, over one connection that is made when it is needed and made anew
 * when it broke (Kafka's `InterBrokerSendThread`). Requests are pipelined; nothing is sent twice: whoever
 * asked hears that the connection broke and decides.
 */
export class NodeChannel implements Disposable {
  readonly #ports: ClientPorts;
  readonly #options: NodeChannelOptions;
  #connecting: Promise<BrokerConnection> | undefined;
  #connection: BrokerConnection | undefined;
  #retryAtMs = Number.NEGATIVE_INFINITY;
  #isDisposed = false;

  constructor(ports: ClientPorts, options: NodeChannelOptions) {
    this.#ports = ports;
    this.#options = options;
  }

  /** Rejects with NetworkError, DisconnectedError, TimeoutError, UnsupportedVersionError or DecodeError. */
  async send<Q extends MessageSchema, S extends MessageSchema>(
    call: ApiCall<Q, S>,
    message: MessageInput<Q>,
    timeoutMs?: number,
  ): Promise<MessageOf<S>> {
    const connection = await this.#connected();
    return await connection.send(call, message, timeoutMs);
  }

  /** The connection, to learn the versions the node speaks. Rejects as `send`. */
  connected(): Promise<BrokerConnection> {
    return this.#connected();
  }

  /** Gives up the connection; the next request makes a new one. */
  reset(): void {
    this.#connection?.dispose();
    this.#connection = undefined;
  }

  dispose(): void {
    this.#isDisposed = true;
    this.reset();
  }

  #connected(): Promise<BrokerConnection> {
    if (this.#connection?.isOpen) return Promise.resolve(this.#connection);
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #connect(): Promise<BrokerConnection> {
    const { address, clientId, requestTimeoutMs } = this.#options;
    const target = address();
    if (this.#isDisposed) throw new DisconnectedError('the channel is closed');
    if (target === undefined) throw new DisconnectedError('the node is not known');
    const nowMs = this.#ports.clock.monotonicMs();
    if (nowMs < this.#retryAtMs) throw new DisconnectedError('the node was not there just now');
    this.#retryAtMs = nowMs + reconnectBackoffMs;
    const setupTimeoutMs = Math.min(requestTimeoutMs, setupTimeoutMsMax);
    const options = { address: target, clientId, requestTimeoutMs, setupTimeoutMs };
    const connection = await BrokerConnection.open(this.#ports, options);
    if (this.#isDisposed) {
      connection.dispose();
      throw new DisconnectedError('the channel is closed');
    }
    this.#connection = connection;
    return connection;
  }
}
