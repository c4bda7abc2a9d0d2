import type { Connection, NetworkError } from '../base/network.ts';
import type { Scheduler } from '../base/scheduler.ts';
import { DecodeError } from '../protocol/errors.ts';
import { FrameError, FrameSplitter } from '../protocol/frame-splitter.ts';
import { decodeRequestHeader } from '../protocol/frames.ts';
import type { ClientInfo } from './request-context.ts';
import type { FrameRouter, Reply } from './request-router.ts';

export interface ClientConnectionOptions {
  readonly router: FrameRouter;
  readonly scheduler: Scheduler;
  readonly listenerName: string;
  readonly connectionId: string;
  readonly frameBytesMax: number;
  nowMs(): number;
  /** Why the server closes a connection. */
  log(level: 'INFO' | 'WARN' | 'ERROR', message: string, error?: unknown): void;
  onClosed(connection: ClientConnection): void;
}

/** Requests that may wait behind the one in work before the peer is told to stop sending. */
const waitingFramesMax = 16;
const waitingBytesMax = 4_194_304;
/** Requests of one connection answered in one turn of the event loop, at most. */
const turnMs = 8;
/** Produce requests of one connection that may wait for followers at the same time. */
const unsentMax = 16;
const produceApiKey = 0;

/** A request whose answer is not sent yet; `reply` is missing while it is worked on. */
interface Unsent {
  readonly isProduce: boolean;
  reply: Reply | undefined;
}

/**
 * One client's connection. Requests are answered one after another, in their order, as Kafka does by
 * muting the channel; what comes meanwhile waits in a short queue and then in the network. Only Produce requests
 * are taken up while earlier ones still wait for followers (acks=all): their records are in the log in the order
 * in which they came, and the answers keep it too.
 */
export class ClientConnection implements ClientInfo {
  readonly connectionId: string;
  readonly clientHost: string;
  readonly listenerName: string;
  softwareName = 'unknown';
  softwareVersion = 'unknown';
  lastActiveMs: number;
  readonly #connection: Connection;
  readonly #options: ClientConnectionOptions;
  readonly #splitter: FrameSplitter;
  readonly #closeCallbacks = new Set<() => void>();
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  /** In the order of requests. */
  readonly #unsent: Unsent[] = [];
  #isYielding = false;
  #isBlocked = false;
  #isPaused = false;
  #isClosed = false;

  constructor(connection: Connection, options: ClientConnectionOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#splitter = new FrameSplitter(options.frameBytesMax);
    this.connectionId = options.connectionId;
    this.listenerName = options.listenerName;
    this.clientHost = `/${connection.remote.host}`;
    this.lastActiveMs = options.nowMs();
  }

  /** Called in the turn in which the connection was handed over. */
  start(): void {
    this.#connection.start({
      onData: (chunk) => this.#onData(chunk),
      onDrain: () => {
        this.#isBlocked = false;
        this.#work();
      },
      onEnd: () => this.close(),
      onClose: (error) => this.#onClose(error),
    });
  }

  /** Whether a request is in work or waits. */
  get isBusy(): boolean {
    return this.#isYielding || 0 < this.#unsent.length || 0 < this.#waiting.length;
  }

  onClose(callback: () => void): () => void {
    if (this.#isClosed) {
      callback();
      return () => undefined;
    }
    this.#closeCallbacks.add(callback);
    return () => {
      this.#closeCallbacks.delete(callback);
    };
  }

  close(): void {
    if (this.#isClosed) return;
    this.#onClose();
    this.#connection.dispose();
  }

  #onData(chunk: Uint8Array): void {
    if (this.#isClosed) return;
    this.lastActiveMs = this.#options.nowMs();
    try {
      for (const frame of this.#splitter.push(chunk)) {
        this.#waiting.push(frame);
        this.#waitingBytes += frame.byteLength;
      }
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.#reject(error.message);
      return;
    }
    this.#work();
    const isFull = waitingFramesMax < this.#waiting.length || waitingBytesMax < this.#waitingBytes;
    if (isFull && !this.#isPaused && !this.#isClosed) {
      this.#isPaused = true;
      this.#connection.pause();
    }
  }

  /** Answers what waits, until a request has to wait itself, the peer does not read, or the turn gets long. */
  #work(): void {
    if (this.#isYielding) return;
    const startedMs = this.#options.nowMs();
    while (!this.#isClosed && !this.#isBlocked && this.#mayTakeNext()) {
      const frame = this.#waiting.shift();
      if (frame === undefined) break;
      this.#waitingBytes -= frame.byteLength;
      const reply = this.#answer(frame);
      if (reply instanceof Promise) this.#await(reply, isProduce(frame));
      else if (this.#unsent.length === 0) this.#send(reply);
      else this.#unsent.push({ isProduce: true, reply });
      if (turnMs < this.#options.nowMs() - startedMs && 0 < this.#waiting.length) {
        this.#yield();
        return;
      }
    }
    this.#resumeIfRoom();
  }

  #mayTakeNext(): boolean {
    const last = this.#unsent.at(-1);
    if (last === undefined) return true;
    const [next] = this.#waiting;
    const areProduce = last.isProduce && next !== undefined && isProduce(next);
    return areProduce && this.#unsent.length < unsentMax;
  }

  #yield(): void {
    this.#isYielding = true;
    this.#options.scheduler.soon(() => {
      this.#isYielding = false;
      this.#work();
    });
  }

  #await(reply: Promise<Reply>, ofProduce: boolean): void {
    const unsent: Unsent = { isProduce: ofProduce, reply: undefined };
    this.#unsent.push(unsent);
    reply.then(
      (settled) => {
        unsent.reply = settled;
        this.#sendInOrder();
        this.#work();
      },
      (error: unknown) => {
        this.#options.log(
          'ERROR',
          `Exception while processing request from ${this.connectionId}`,
          error,
        );
        this.close();
      },
    );
  }

  #sendInOrder(): void {
    for (;;) {
      const reply = this.#unsent[0]?.reply;
      if (reply === undefined) return;
      this.#unsent.shift();
      this.#send(reply);
    }
  }

  #answer(frame: Uint8Array): Reply | Promise<Reply> {
    try {
      return this.#options.router.route(decodeRequestHeader(frame), frame, this);
    } catch (error) {
      if (error instanceof DecodeError) return { kind: 'close', reason: describe(error, frame) };
      this.#options.log(
        'ERROR',
        `Exception while processing request from ${this.connectionId}`,
        error,
      );
      return { kind: 'close', reason: 'the request could not be processed' };
    }
  }

  #send(reply: Reply): void {
    if (this.#isClosed || reply.kind === 'nothing') return;
    if (reply.kind === 'close') {
      this.#reject(reply.reason);
      return;
    }
    this.lastActiveMs = this.#options.nowMs();
    if (!this.#connection.write(reply.chunks)) this.#isBlocked = true;
  }

  #resumeIfRoom(): void {
    if (!this.#isPaused || this.#isClosed || this.#isBlocked || 0 < this.#waiting.length) return;
    this.#isPaused = false;
    this.#connection.resume();
  }

  #reject(reason: string): void {
    this.#options.log(
      'WARN',
      `Unexpected error from ${this.clientHost} (channelId=${this.connectionId}); closing connection: ${reason}`,
    );
    this.close();
  }

  #onClose(error?: NetworkError): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#unsent.length = 0;
    if (error !== undefined) {
      this.#options.log(
        'INFO',
        `Connection with ${this.clientHost} disconnected: ${error.message}`,
      );
    }
    for (const callback of [...this.#closeCallbacks]) callback();
    this.#closeCallbacks.clear();
    this.#options.onClosed(this);
  }
}

function isProduce(frame: Uint8Array): boolean {
  return frame[0] === 0 && frame[1] === produceApiKey;
}

/** The field's path is in the message; the bytes are shown as hexadecimal. */
function describe(error: DecodeError, frame: Uint8Array): string {
  const shown = frame.subarray(error.start, Math.min(error.end, error.start + 16));
  const hex = Array.from(shown, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return `the request cannot be decoded: ${error.message}: ${hex}`;
}
