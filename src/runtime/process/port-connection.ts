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

/** Bytes that may be on their way to a receiver that has not taken them: a TCP window. */
const windowBytes = 1_048_576;
/** A receiver grants new credit when it has taken this much. */
const creditStepBytes = windowBytes / 4;
/** A chunk of at least this size travels by itself; smaller ones are copied together. */
const travelsAloneBytes = 65_536;

/** What travels on a connection's channel: bytes, credit, the end of a direction, the end of it all. */
type Packet = ArrayBuffer | number | 'end' | 'close' | 'reset';

/** One end of a connection over a message channel. Bytes go from worker to worker, not by the kernel. */
export class PortConnection implements Connection {
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
  readonly #port: Port;
  readonly #scheduler: Scheduler;
  readonly #onClosed: () => void;
  #handler: ConnectionHandler | undefined;
  #link: LinkState;
  /** Written, and no credit for it yet. */
  #waiting: Uint8Array<ArrayBuffer>[] = [];
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

  constructor(opened: OpenConnection, scheduler: Scheduler, onClosed: () => void) {
    this.local = opened.local;
    this.remote = opened.remote;
    this.#link = opened.link;
    this.#scheduler = scheduler;
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
    for (const packet of packetsOf(chunks)) {
      if (this.#waiting.length === 0 && packet.length <= this.#creditBytes) this.#sendBytes(packet);
      else {
        this.#waiting.push(packet);
        this.#waitingBytes += packet.length;
      }
    }
    this.#sendWaiting();
    if (0 < this.#waitingBytes) this.#needsDrain = true;
    return this.#waitingBytes === 0;
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
    this.#sendWaiting();
  }

  dispose(): void {
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
      this.#sendWaiting();
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
    this.#handler?.onData(new Uint8Array(bytes));
  }

  #endRemote(): void {
    if (this.#isRemoteEnded) return;
    this.#isRemoteEnded = true;
    this.#handler?.onEnd?.();
    this.#closeWhenBothEnded();
  }

  #sendWaiting(): void {
    for (;;) {
      const packet = this.#waiting[0];
      // A packet larger than the window goes when the window is empty.
      if (!packet || this.#creditBytes < Math.min(packet.length, windowBytes)) break;
      this.#waiting.shift();
      this.#waitingBytes -= packet.length;
      this.#sendBytes(packet);
    }
    if (0 < this.#waitingBytes) return;
    if (this.#needsDrain) {
      this.#needsDrain = false;
      this.#handler?.onDrain?.();
    }
    if (this.#isEnding && this.#waitingBytes === 0) this.#sendEnd();
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

  #sendBytes(bytes: Uint8Array<ArrayBuffer>): void {
    this.#creditBytes -= bytes.length;
    this.#send(bytes.buffer);
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
    if (packet instanceof ArrayBuffer) this.#port.post(packet, [packet]);
    else this.#port.post(packet);
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

/** The chunks in buffers of their own: a chunk that spans its buffer moves as it is if it is large, the rest is copied once. */
function packetsOf(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer>[] {
  const packets: Uint8Array<ArrayBuffer>[] = [];
  let group: Uint8Array[] = [];
  let groupBytes = 0;
  const finishGroup = () => {
    if (0 < groupBytes) packets.push(joined(group, groupBytes));
    group = [];
    groupBytes = 0;
  };
  for (const chunk of chunks) {
    if (ownsItsBuffer(chunk) && (chunks.length === 1 || travelsAloneBytes <= chunk.length)) {
      finishGroup();
      if (0 < chunk.length) packets.push(chunk);
      continue;
    }
    if (windowBytes < groupBytes + chunk.length) finishGroup();
    group.push(chunk);
    groupBytes += chunk.length;
  }
  finishGroup();
  return packets;
}

function ownsItsBuffer(chunk: Uint8Array): chunk is Uint8Array<ArrayBuffer> {
  return chunk.buffer instanceof ArrayBuffer && chunk.length === chunk.buffer.byteLength;
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    result.set(chunk, at);
    at += chunk.length;
  }
  return result;
}
