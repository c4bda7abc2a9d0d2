import { assert } from '../../base/assert.ts';
import {
  type Connection,
  type ConnectionHandler,
  NetworkError,
  type SocketAddress,
} from '../../base/network.ts';
import type { Scheduler } from '../../base/scheduler.ts';

/** What a connection asks of the network that it runs over. */
export interface Link {
  isCut(from: string, to: string): boolean;
  delayMsBetween(from: string, to: string): number;
}

/** As of Node's sockets: more than this waiting and `write` asks for patience. */
const highWaterMarkBytes = 65_536;

type Event =
  | { readonly kind: 'data'; readonly chunk: Uint8Array }
  | { readonly kind: 'end' }
  | { readonly kind: 'close'; readonly error: NetworkError | undefined };

/** Both ends of a new connection; the client's first. */
export function connectionPair(
  link: Link,
  scheduler: Scheduler,
  addresses: { readonly client: SocketAddress; readonly server: SocketAddress },
): [VirtualConnection, VirtualConnection] {
  const { client, server } = addresses;
  const near = new VirtualConnection(link, scheduler, { local: client, remote: server });
  const far = new VirtualConnection(link, scheduler, { local: server, remote: client });
  near.peer = far;
  far.peer = near;
  return [near, far];
}

/** One end. It keeps what the peer has sent until its own handler may have it: that is the back-pressure. */
export class VirtualConnection implements Connection {
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
  peer: VirtualConnection | undefined;
  onClosed: () => void = () => {};
  readonly #link: Link;
  readonly #scheduler: Scheduler;
  #handler: ConnectionHandler | undefined;
  /** What has arrived here or is on its way here; nothing overtakes. */
  readonly #incoming: { readonly event: Event; hasArrived: boolean }[] = [];
  #incomingBytes = 0;
  #isScheduled = false;
  #isPaused = false;
  #isClosed = false;
  #hasEnded = false;
  #hasPeerEnded = false;
  #wantsDrain = false;

  constructor(
    link: Link,
    scheduler: Scheduler,
    addresses: { readonly local: SocketAddress; readonly remote: SocketAddress },
  ) {
    this.#link = link;
    this.#scheduler = scheduler;
    this.local = addresses.local;
    this.remote = addresses.remote;
  }

  get isStarted(): boolean {
    return this.#handler !== undefined || this.#isClosed;
  }

  get bufferedBytes(): number {
    return this.peer?.pendingBytes ?? 0;
  }

  /** Bytes sent to this end that its handler has not seen. */
  get pendingBytes(): number {
    return this.#incomingBytes;
  }

  start(handler: ConnectionHandler): void {
    assert(this.#handler === undefined, 'a connection is started once');
    this.#handler = handler;
    this.deliver();
  }

  write(chunks: readonly Uint8Array[]): boolean {
    if (this.#isClosed) return true;
    assert(!this.#hasEnded, 'nothing is written after end');
    for (const chunk of chunks) {
      if (0 < chunk.length) this.peer?.receive({ kind: 'data', chunk });
    }
    if (this.bufferedBytes <= highWaterMarkBytes) return true;
    this.#wantsDrain = true;
    return false;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.deliver();
  }

  end(): void {
    if (this.#isClosed || this.#hasEnded) return;
    this.#hasEnded = true;
    this.peer?.receive({ kind: 'end' });
    if (this.#hasPeerEnded) this.#close(undefined);
  }

  dispose(): void {
    if (this.#isClosed) return;
    const error = new NetworkError('ECONNRESET', 'the peer has closed the connection');
    this.peer?.receive({ kind: 'close', error: this.#hasEnded ? undefined : error });
    this.#close(undefined);
  }

  /** The connection breaks: what was on its way is lost, and this end hears of it at once. */
  reset(): void {
    this.#close(new NetworkError('ECONNRESET', 'the connection was reset'));
  }

  /** Called by the peer: the event is on its way here. */
  receive(event: Event): void {
    if (this.#isClosed) return;
    const delayMs = this.#link.delayMsBetween(this.remote.host, this.local.host);
    const incoming = { event, hasArrived: delayMs === 0 };
    this.#incoming.push(incoming);
    if (event.kind === 'data') this.#incomingBytes += event.chunk.length;
    if (incoming.hasArrived) {
      this.deliver();
      return;
    }
    this.#scheduler.after(delayMs, () => {
      incoming.hasArrived = true;
      this.deliver();
    });
  }

  /** Hands over what has arrived, in a turn of its own, if nothing holds it back. */
  deliver(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#scheduler.soon(() => {
      this.#isScheduled = false;
      while (this.#canDeliver()) this.#deliverNext();
      this.peer?.notifyDrain();
    });
  }

  notifyDrain(): void {
    if (!this.#wantsDrain || this.#isClosed || 0 < this.bufferedBytes) return;
    this.#wantsDrain = false;
    this.#handler?.onDrain?.();
  }

  #canDeliver(): boolean {
    const next = this.#incoming[0];
    if (this.#isClosed || this.#handler === undefined || next?.hasArrived !== true) return false;
    if (this.#link.isCut(this.remote.host, this.local.host)) return false;
    return !this.#isPaused || next.event.kind === 'close';
  }

  #deliverNext(): void {
    const event = this.#incoming.shift()?.event;
    assert(event !== undefined, 'what has arrived is there');
    if (event.kind === 'data') {
      this.#incomingBytes -= event.chunk.length;
      this.#handler?.onData(event.chunk);
    } else if (event.kind === 'end') {
      this.#hasPeerEnded = true;
      this.#handler?.onEnd?.();
      if (this.#hasEnded) this.#close(undefined);
    } else {
      this.#close(event.error);
    }
  }

  /** The last event goes out in a turn of its own, as on every host. */
  #close(error: NetworkError | undefined): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#incoming.length = 0;
    this.#incomingBytes = 0;
    this.onClosed();
    this.#scheduler.soon(() => this.#handler?.onClose(error));
  }
}
