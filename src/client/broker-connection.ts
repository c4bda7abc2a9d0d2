import type { Disposable } from '../base/disposable.ts';
import type { Connection, NetworkError, SocketAddress } from '../base/network.ts';
import { DecodeError } from '../protocol/errors.ts';
import { FrameError, FrameSplitter } from '../protocol/frame-splitter.ts';
import { correlationIdOf, decodeResponse, encodeRequest } from '../protocol/frames.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../protocol/schema.ts';
import { type ApiCall, apiVersionsCall, type VersionRange } from './api-calls.ts';
import { DisconnectedError, TimeoutError, UnsupportedVersionError } from './client-errors.ts';
import type { ClientPorts } from './client-ports.ts';

export interface BrokerConnectionOptions {
  readonly address: SocketAddress;
  readonly clientId: string;
  /** `request.timeout.ms`: a request that takes longer closes the connection, as in Kafka. */
  readonly requestTimeoutMs: number;
  /** `socket.connection.setup.timeout.ms` */
  readonly setupTimeoutMs: number;
}

interface PendingRequest {
  readonly correlationId: number;
  readonly deadlineMs: number;
  complete(frame: Uint8Array): void;
  fail(error: Error): void;
}

/** A larger answer than this is no Kafka broker's. */
const maxResponseBytes = 0x7fff_ffff;
const unsupportedVersion = 35;

/** One connection to one broker: requests are pipelined, answers come back in their order. */
export class BrokerConnection implements Disposable {
  readonly address: SocketAddress;
  /** Bytes written and read so far, for metrics. */
  sentBytes = 0;
  receivedBytes = 0;
  readonly #ports: ClientPorts;
  readonly #options: BrokerConnectionOptions;
  readonly #connection: Connection;
  readonly #splitter = new FrameSplitter(maxResponseBytes);
  readonly #pending = new Map<number, PendingRequest>();
  readonly #closeListeners = new Set<() => void>();
  readonly #drainListeners = new Set<() => void>();
  #versions: ReadonlyMap<number, VersionRange> = new Map();
  #nextCorrelationId = 0;
  #isOpen = true;
  #isWritable = true;
  #timer: Disposable | undefined;

  private constructor(
    ports: ClientPorts,
    options: BrokerConnectionOptions,
    connection: Connection,
  ) {
    this.#ports = ports;
    this.#options = options;
    this.#connection = connection;
    this.address = options.address;
    connection.start({
      onData: (chunk) => this.#onData(chunk),
      onDrain: () => this.#onDrain(),
      onEnd: () => this.#close(new DisconnectedError('the broker ended the connection')),
      onClose: (error) => this.#close(disconnected(error)),
    });
  }

  /** Connects and asks what the broker speaks. Rejects with NetworkError or a ClientError. */
  static async open(
    ports: ClientPorts,
    options: BrokerConnectionOptions,
  ): Promise<BrokerConnection> {
    const { address, setupTimeoutMs } = options;
    const socket = await ports.network.connect(address, { timeoutMs: setupTimeoutMs });
    const connection = new BrokerConnection(ports, options, socket);
    try {
      await connection.#negotiate();
    } catch (error) {
      connection.dispose();
      throw error;
    }
    return connection;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** False while the socket's buffer is above its high-water mark: stop until `onWritable`. */
  get isWritable(): boolean {
    return this.#isWritable;
  }

  /** Requests that wait for their answers. */
  get inFlightCount(): number {
    return this.#pending.size;
  }

  /** What the broker serves, by API key. */
  get versions(): ReadonlyMap<number, VersionRange> {
    return this.#versions;
  }

  onClosed(listener: () => void): void {
    this.#closeListeners.add(listener);
  }

  onWritable(listener: () => void): void {
    this.#drainListeners.add(listener);
  }

  /** The highest version both sides speak. Throws UnsupportedVersionError. */
  versionOf(call: ApiCall<MessageSchema, MessageSchema>): number {
    const version = this.tryVersionOf(call);
    if (version !== undefined) return version;
    const api = call.name;
    throw new UnsupportedVersionError(
      `The node does not support ${api} in any version from ${call.minVersion} to ${call.maxVersion}`,
    );
  }

  tryVersionOf(call: ApiCall<MessageSchema, MessageSchema>): number | undefined {
    const served = this.#versions.get(call.request.apiKey ?? -1);
    if (served === undefined) return undefined;
    const version = Math.min(call.maxVersion, served.max);
    return Math.max(call.minVersion, served.min) <= version ? version : undefined;
  }

  /** Rejects with DisconnectedError, TimeoutError, UnsupportedVersionError or DecodeError. */
  send<Q extends MessageSchema, S extends MessageSchema>(
    call: ApiCall<Q, S>,
    message: MessageInput<Q>,
    timeoutMs = this.#options.requestTimeoutMs,
  ): Promise<MessageOf<S>> {
    return new Promise((resolve, reject) => {
      const handler = { onResponse: resolve, onError: reject };
      try {
        this.sendCallback(call, message, { ...handler, timeoutMs });
      } catch (error) {
        reject(error);
      }
    });
  }

  /** As `send`, without a promise: for the hot path. Throws where `send` rejects at once. */
  sendCallback<Q extends MessageSchema, S extends MessageSchema>(
    call: ApiCall<Q, S>,
    message: MessageInput<Q>,
    handler: {
      readonly timeoutMs?: number;
      onResponse(response: MessageOf<S>): void;
      onError(error: Error): void;
    },
  ): void {
    const version = this.versionOf(call);
    const timeoutMs = handler.timeoutMs ?? this.#options.requestTimeoutMs;
    const correlationId = this.#write(call.request, version, message);
    this.#pending.set(correlationId, {
      correlationId,
      deadlineMs: this.#ports.clock.monotonicMs() + timeoutMs,
      complete: (frame) => handler.onResponse(decodeResponse(call.response, version, frame)),
      fail: (error) => handler.onError(error),
    });
    this.#armTimer();
  }

  /** For what the broker does not answer: Produce with acks=0. */
  sendWithoutResponse<Q extends MessageSchema>(
    call: ApiCall<Q, MessageSchema>,
    message: MessageInput<Q>,
  ): void {
    this.#write(call.request, this.versionOf(call), message);
  }

  dispose(): void {
    this.#close(new DisconnectedError('the connection was closed'));
  }

  #write<Q extends MessageSchema>(schema: Q, apiVersion: number, message: MessageInput<Q>): number {
    if (!this.#isOpen) throw new DisconnectedError('the connection is closed');
    const correlationId = this.#nextCorrelationId;
    this.#nextCorrelationId = (correlationId + 1) & 0x7fff_ffff;
    const { clientId } = this.#options;
    const chunks = encodeRequest(schema, { apiVersion, correlationId, clientId }, message);
    for (const chunk of chunks) this.sentBytes += chunk.byteLength;
    this.#isWritable = this.#connection.write(chunks);
    return correlationId;
  }

  async #negotiate(): Promise<void> {
    const first = apiVersionsCall.maxVersion;
    this.#versions = new Map([[18, { min: 0, max: first }]]);
    const message = { clientSoftwareName: 'brokerlab', clientSoftwareVersion: '3.8.0' };
    let response = await this.send(apiVersionsCall, message);
    if (response.errorCode === unsupportedVersion) {
      // KIP-511: an older broker answers in version 0 and says what it speaks.
      this.#versions = new Map([[18, { min: 0, max: 0 }]]);
      response = await this.send(apiVersionsCall, {});
    }
    if (response.errorCode !== 0) {
      throw new UnsupportedVersionError(`ApiVersions failed with error ${response.errorCode}`);
    }
    this.#versions = new Map(
      response.apiKeys.map((api) => [api.apiKey, { min: api.minVersion, max: api.maxVersion }]),
    );
  }

  #onData(chunk: Uint8Array): void {
    this.receivedBytes += chunk.byteLength;
    try {
      for (const frame of this.#splitter.push(chunk)) this.#onFrame(frame);
    } catch (error) {
      if (!(error instanceof FrameError || error instanceof DecodeError)) throw error;
      this.#close(error);
    }
  }

  #onFrame(frame: Uint8Array): void {
    const correlationId = correlationIdOf(frame);
    const [first] = this.#pending.values();
    if (first?.correlationId !== correlationId) {
      const reason = `answer ${correlationId} came where ${first?.correlationId ?? 'none'} was due`;
      throw new DecodeError(reason, { start: 0, end: 4 });
    }
    this.#pending.delete(correlationId);
    try {
      first.complete(frame);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      first.fail(error);
      throw error;
    }
  }

  #onDrain(): void {
    this.#isWritable = true;
    for (const listener of this.#drainListeners) listener();
  }

  /** One timer a connection: it looks at the soonest deadline again when it fires. */
  #armTimer(): void {
    if (this.#timer !== undefined) return;
    let soonestMs = Number.POSITIVE_INFINITY;
    for (const { deadlineMs } of this.#pending.values()) {
      soonestMs = Math.min(soonestMs, deadlineMs);
    }
    if (soonestMs === Number.POSITIVE_INFINITY) return;
    const delayMs = Math.max(0, Math.ceil(soonestMs - this.#ports.clock.monotonicMs()));
    this.#timer = this.#ports.scheduler.after(delayMs, () => {
      this.#timer = undefined;
      const nowMs = this.#ports.clock.monotonicMs();
      const isLate = [...this.#pending.values()].some((each) => each.deadlineMs <= nowMs);
      if (isLate) this.#close(new TimeoutError('The request timed out.'));
      else this.#armTimer();
    });
  }

  #close(error: Error): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#timer?.dispose();
    this.#connection.dispose();
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const request of pending) request.fail(error);
    for (const listener of this.#closeListeners) listener();
  }
}

function disconnected(error: NetworkError | undefined): DisconnectedError {
  const reason = error === undefined ? 'the connection was closed' : error.message;
  return new DisconnectedError(reason, { cause: error });
}
