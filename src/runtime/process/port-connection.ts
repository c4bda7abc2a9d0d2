import { assert } from '../../base/assert.ts';
import {
  type Connection,
  type ConnectionHandler,
  NetworkError,
  type SocketAddress,
} from '../../base/network.ts';
import type { Scheduler } from '../../base/scheduler.ts';
import { type Port, wrapPort } from '../port.ts';
import type { LinkState, OpenConnection } from '../system-calls.ts';
import type { Outbox, Outgoing } from './outbox.ts';

/** Bytes that may be on their way to a receiver that has not taken them: a TCP window. */
const windowBytes = 1_048_576;
/** A receiver grants new credit when it has taken this much. */
const creditStepBytes = windowBytes / 4;
/** A chunk of at least this size that spans its buffer travels by itself; others are copied together. */
const travelsAloneBytes = 65_536;
/** No more than this is copied together. */
const packetBytesMax = 262_144;

/** What travels on a connection's channel: bytes, credit, the end of a direction, the end of it all. */
type Packet = ArrayBuffer | number | 'end' | 'close' | 'reset';

/** One end of a connection over a message channel. Bytes go from worker to worker, not by the kernel. */
export class PortConnection implements Connection, Outgoing {
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
  /** The kernel's; both ends have the same. */
  readonly number: number;
  /** Whether this end has connected. */
  readonly isClient: boolean;
  readonly #port: Port;
  readonly #scheduler: Scheduler;
  readonly #outbox: Outbox;
  readonly #onClosed: () => void;
  /** While the frame inspector is open: gets a look at each packet that leaves. */
  tap: PacketTap | undefined;
  #handler: ConnectionHandler | undefined;
  #link: LinkState;
  /** Written in this turn, or no credit for it yet. */
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #creditBytes = windowBytes;
  #takenBytes = 0;
  #isPaused = false;
  #isHeldBack = false;
  #isEnding = false;
  #isRemoteEnded = false;
  #isClosed = false;
  #needsDrain = false;
  /** Received while paused. */
  #received: Packet[] = [];
  /** What a cut or slow link has not let through. */
  #held: Packet[] = [];
  #holdTimer = false;

  constructor(
    opened: OpenConnection,
    isClient: boolean,
    process: ConnectionProcess,
    onClosed: () => void,
  ) {
    this.number = opened.connection;
    this.isClient = isClient;
    this.local = opened.local;
    this.remote = opened.remote;
    this.#link = opened.link;
    this.#scheduler = process.scheduler;
    this.#outbox = process.outbox;
    this.#onClosed = onClosed;
    this.#port = wrapPort(opened.port);
  }

  get bufferedBytes(): number {
    return this.#waitingBytes;
  }

  start(handler: ConnectionHandler): void {
    assert(this.#handler === undefined, 'a connection has one handler');
    this.#handler = handler;
    this.#port.onMessage((packet) => this.#receive(packet as Packet));
  }

  write(chunks: readonly Uint8Array[]): boolean {
    if (this.#isClosed || this.#isEnding) return true;
    for (const chunk of chunks) {
      if (chunk.length === 0) continue;
      this.#waiting.push(chunk);
      this.#waitingBytes += chunk.length;
    }
    this.#outbox.addConnection(this);
    if (this.#waitingBytes <= this.#creditBytes) return true;
    this.#needsDrain = true;
    return false;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#scheduler.soon(() => this.#deliver());
  }

  /** As pause and resume, by the process's host. */
  setHeld(isHeld: boolean): void {
    this.#isHeldBack = isHeld;
    if (!isHeld) this.#scheduler.soon(() => this.#deliver());
  }

  end(): void {
    if (this.#isClosed || this.#isEnding) return;
    this.#isEnding = true;
    this.#outbox.addConnection(this);
  }

  dispose(): void {
    if (this.#isClosed) return;
    this.#outbox.send();
    if (this.#isClosed) return;
    this.#send(0 < this.#waitingBytes ? 'reset' : 'close');
    this.#close();
  }

  /** The peer's process has ended: what it had sent is delivered first. */
  peerIsGone(): void {
    this.#scheduler.soon(() => this.#scheduler.soon(() => this.#receive('reset')));
  }

  setLink(link: LinkState): void {
    this.#link = link;
    this.#releaseHeld();
  }

  #receive(packet: Packet): void {
    if (this.#isClosed) return;
    if (typeof packet === 'number') {
      this.#creditBytes += packet;
      this.#outbox.sendFiles();
      this.sendPending();
    } else if (this.#isPaused || this.#isHeldBack || 0 < this.#received.length)
      this.#received.push(packet);
    else this.#handle(packet);
  }

  #deliver(): void {
    while (!this.#isPaused && !this.#isHeldBack && !this.#isClosed) {
      const packet = this.#received.shift();
      if (packet === undefined) return;
      this.#handle(packet);
    }
  }

  #handle(packet: Packet): void {
    if (packet instanceof ArrayBuffer) this.#take(packet);
    else if (packet === 'reset') {
      this.#close(new NetworkError('ECONNRESET', 'Connection reset by peer'));
    } else {
      this.#endRemote();
      if (packet === 'close') this.#close();
    }
  }

  #take(bytes: ArrayBuffer): void {
    this.#takenBytes += bytes.byteLength;
    if (creditStepBytes <= this.#takenBytes) {
      this.#send(this.#takenBytes);
      this.#takenBytes = 0;
    }
    this.#outbox.sendSoonAfter(() => this.#handler?.onData(new Uint8Array(bytes)));
  }

  #endRemote(): void {
    if (this.#isRemoteEnded) return;
    this.#isRemoteEnded = true;
    this.#handler?.onEnd?.();
    this.#closeWhenBothEnded();
  }

  /** Sends as much of what waits as there is credit for. */
  sendPending(): void {
    if (this.#isClosed) return;
    for (;;) {
      const count = this.#countOfNextPacket();
      if (count === 0) break;
      const packet = toPacket(this.#waiting.splice(0, count));
      this.#waitingBytes -= packet.byteLength;
      this.#creditBytes -= packet.byteLength;
      this.#send(packet);
    }
    if (0 < this.#waitingBytes) return;
    if (this.#needsDrain) {
      this.#needsDrain = false;
      this.#handler?.onDrain?.();
    }
    if (this.#isEnding && this.#waitingBytes === 0) this.#sendEnd();
  }

  /** How many of the waiting chunks make up the next packet; 0 when there is nothing or no credit for it. */
  #countOfNextPacket(): number {
    let count = 0;
    let bytes = 0;
    for (const chunk of this.#waiting) {
      const total = bytes + chunk.length;
      // A chunk larger than the window goes when the window is empty.
      if (this.#creditBytes < Math.min(total, windowBytes)) break;
      if (0 < count && (packetBytesMax < total || travelsAlone(chunk))) break;
      count += 1;
      bytes = total;
      if (travelsAlone(chunk)) break;
    }
    return count;
  }

  #hasSentEnd = false;

  #sendEnd(): void {
    if (this.#hasSentEnd) return;
    this.#hasSentEnd = true;
    this.#send('end');
    this.#closeWhenBothEnded();
  }

  #closeWhenBothEnded(): void {
    if (this.#hasSentEnd && this.#isRemoteEnded) this.#close();
  }

  #send(packet: Packet): void {
    if (!this.#link.isCut && this.#link.delayMs === 0 && this.#held.length === 0) {
      this.#post(packet);
      return;
    }
    this.#held.push(packet);
    this.#releaseHeld();
  }

  /** Lets held packets go in order, each after the link's delay. Simplified: the delay starts anew for a packet that was held by a cut. */
  #releaseHeld(): void {
    if (this.#link.isCut || this.#holdTimer || this.#held.length === 0) return;
    if (this.#link.delayMs === 0) {
      for (const packet of this.#held.splice(0)) this.#post(packet);
      if (this.#isClosed) this.#port.close();
      return;
    }
    this.#holdTimer = true;
    const batch = this.#held.length;
    this.#scheduler.after(this.#link.delayMs, () => {
      this.#holdTimer = false;
      if (!this.#link.isCut) for (const packet of this.#held.splice(0, batch)) this.#post(packet);
      if (this.#isClosed && this.#held.length === 0) this.#port.close();
      this.#releaseHeld();
    });
  }

  #post(packet: Packet): void {
    if (packet instanceof ArrayBuffer) {
      this.tap?.take(packet, this.#link.delayMs);
      this.#port.post(packet, [packet]);
    } else this.#port.post(packet);
  }

  #close(error?: NetworkError): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#received = [];
    if (this.#held.length === 0) this.#port.close();
    this.#onClosed();
    this.#handler?.onClose(error);
  }
}

/** Looks at packets as they leave, and keeps none of their buffers. */
export interface PacketTap {
  take(packet: ArrayBuffer, agoMs: number): void;
}

/** What a connection needs of its process. */
export interface ConnectionProcess {
  readonly scheduler: Scheduler;
  readonly outbox: Outbox;
}

function travelsAlone(chunk: Uint8Array): boolean {
  return travelsAloneBytes <= chunk.length && chunk.length === chunk.buffer.byteLength;
}

/** A lone chunk that spans its buffer moves as it is; the rest is copied together once. */
function toPacket(chunks: readonly Uint8Array[]): ArrayBuffer {
  const [first] = chunks;
  if (first && chunks.length === 1 && ownsItsBuffer(first)) return first.buffer;
  let length = 0;
  for (const chunk of chunks) length += chunk.length;
  const result = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    result.set(chunk, at);
    at += chunk.length;
  }
  return result.buffer;
}

function ownsItsBuffer(chunk: Uint8Array): chunk is Uint8Array<ArrayBuffer> {
  return chunk.buffer instanceof ArrayBuffer && chunk.length === chunk.buffer.byteLength;
}
