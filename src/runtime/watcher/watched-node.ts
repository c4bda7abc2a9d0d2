import { NetworkError } from '../../base/network.ts';
import type { ApiCall } from '../../client/api-calls.ts';
import { BrokerConnection } from '../../client/broker-connection.ts';
import { ClientError } from '../../client/client-errors.ts';
import type { ClientPorts } from '../../client/client-ports.ts';
import { DecodeError } from '../../protocol/errors.ts';
import { FrameError } from '../../protocol/frame-splitter.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../../protocol/schema.ts';
import type { NodeKind, WatchTarget } from './cluster-report.ts';

const requestTimeoutMs = 1_500;
const metadataApiKey = 3;
const describeQuorumApiKey = 55;
/** What is no Kafka node is left alone for a while. */
const otherBackoffMs = 10_000;
const refusedBackoffMs = 200;

/** One listener of a machine: a connection that is made again when it breaks, and what answered there. */
export class WatchedNode {
  readonly target: WatchTarget;
  kind: NodeKind | undefined;
  /** Told when an open connection is lost: the moment in which a killed process is missed. */
  onLost: (() => void) | undefined;
  readonly #ports: ClientPorts;
  #connection: BrokerConnection | undefined;
  #connecting: Promise<BrokerConnection | undefined> | undefined;
  #notBeforeMs = Number.NEGATIVE_INFINITY;
  #isDisposed = false;

  constructor(ports: ClientPorts, target: WatchTarget) {
    this.#ports = ports;
    this.target = target;
  }

  get isAnswering(): boolean {
    return this.#connection !== undefined;
  }

  /** Connects if need be; answers whether it is there. */
  async reach(): Promise<boolean> {
    return (await this.#open()) !== undefined;
  }

  /** The answer, or undefined where none came: not there, too late, not spoken there. */
  async ask<Q extends MessageSchema, S extends MessageSchema>(
    call: ApiCall<Q, S>,
    message: MessageInput<Q>,
  ): Promise<MessageOf<S> | undefined> {
    const connection = await this.#open();
    if (connection?.tryVersionOf(call) === undefined) return undefined;
    try {
      return await connection.send(call, message);
    } catch (error) {
      if (!isOfThePeer(error)) throw error;
      return undefined;
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#connection?.dispose();
  }

  #open(): Promise<BrokerConnection | undefined> {
    if (this.#connection !== undefined) return Promise.resolve(this.#connection);
    if (this.#ports.clock.monotonicMs() < this.#notBeforeMs) return Promise.resolve(undefined);
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #connect(): Promise<BrokerConnection | undefined> {
    const { machine, port } = this.target;
    const options = {
      address: { host: machine, port },
      clientId: 'cluster-panel',
      requestTimeoutMs,
      setupTimeoutMs: requestTimeoutMs,
    };
    try {
      const connection = await BrokerConnection.open(this.#ports, options);
      if (this.#isDisposed) connection.dispose();
      this.kind = kindOf(connection);
      this.#connection = connection;
      connection.onClosed(() => this.#lose());
      return connection;
    } catch (error) {
      if (!isOfThePeer(error)) throw error;
      if (!(error instanceof NetworkError) && this.kind === undefined) this.kind = 'other';
      const backoffMs = this.kind === 'other' ? otherBackoffMs : refusedBackoffMs;
      this.#notBeforeMs = this.#ports.clock.monotonicMs() + backoffMs;
      return undefined;
    }
  }

  #lose(): void {
    this.#connection = undefined;
    if (!this.#isDisposed) this.onLost?.();
  }
}

/** By the APIs that it serves, as a client tells them apart. */
function kindOf({ versions }: BrokerConnection): NodeKind {
  if (versions.has(metadataApiKey)) return 'broker';
  return versions.has(describeQuorumApiKey) ? 'controller' : 'other';
}

function isOfThePeer(error: unknown): boolean {
  return (
    error instanceof NetworkError ||
    error instanceof ClientError ||
    error instanceof DecodeError ||
    error instanceof FrameError
  );
}
