import type { Connection, Network, SocketAddress } from '../base/network.ts';
import { FrameSplitter } from '../protocol/frame-splitter.ts';
import { correlationIdOf, decodeResponse, encodeRequest } from '../protocol/frames.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../protocol/schema.ts';

interface Waiting {
  readonly schema: MessageSchema;
  readonly version: number;
  readonly resolve: (message: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A connection on which a test speaks the protocol, request by request. */
export class WireClient {
  readonly #connection: Connection;
  readonly #waiting = new Map<number, Waiting>();
  readonly #splitter = new FrameSplitter();
  #nextId = 1;
  isClosed = false;

  private constructor(connection: Connection) {
    this.#connection = connection;
    connection.start({
      onData: (chunk) => {
        for (const frame of this.#splitter.push(chunk)) this.#onFrame(frame);
      },
      onClose: () => this.#onClose(),
      onEnd: () => this.#onClose(),
    });
  }

  static async connect(network: Network, address: SocketAddress): Promise<WireClient> {
    return new WireClient(await network.connect(address));
  }

  /** Sends a request and resolves with its response; rejects when the connection closes first. */
  send<const Q extends MessageSchema, const R extends MessageSchema>(
    api: { readonly request: Q; readonly response: R; readonly version: number },
    message: MessageInput<Q>,
  ): Promise<MessageOf<R>> {
    const correlationId = this.#nextId++;
    const header = { apiVersion: api.version, correlationId, clientId: 'test' };
    const answered = new Promise<MessageOf<R>>((resolve, reject) => {
      this.#waiting.set(correlationId, {
        schema: api.response,
        version: api.version,
        resolve: resolve as (message: unknown) => void,
        reject,
      });
    });
    this.#connection.write(encodeRequest(api.request, header, message));
    return answered;
  }

  /** Bytes as they are. */
  write(bytes: Uint8Array): void {
    this.#connection.write([bytes]);
  }

  close(): void {
    this.#connection.dispose();
    this.#onClose();
  }

  #onFrame(frame: Uint8Array): void {
    const id = correlationIdOf(frame);
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.resolve(decodeResponse(waiting.schema, waiting.version, frame));
  }

  #onClose(): void {
    this.isClosed = true;
    for (const { reject } of this.#waiting.values())
      reject(new WireClosedError('connection closed'));
    this.#waiting.clear();
  }
}

export class WireClosedError extends Error {
  override readonly name = 'WireClosedError';
}
