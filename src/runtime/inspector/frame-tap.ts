import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { Scheduler } from '../../base/scheduler.ts';
import type { Port } from '../port.ts';
import { keptFrameBytesMax, type TapBatch, type TapFrame, type TapLoss } from './tap-messages.ts';

const sendEveryMs = 50;
/** So much is copied at once, and so much each second: a run at full speed is sampled, not slowed. */
const burst = { frames: 400, bytes: 2_097_152 };
const perSecond = { frames: 400, bytes: 2_097_152 };
const otherBytesMax = 4_096;
const sizeFieldBytes = 4;
const frameBytesMax = 104_857_600;
const httpStarts: ReadonlySet<number> = new Set(
  ['GET ', 'POST', 'HEAD', 'PUT ', 'HTTP'].map((word) =>
    [...word].reduce((number, letter) => number * 256 + letter.charCodeAt(0), 0),
  ),
);

/** A process's copies of the frames that it sends, on their way to the inspector. */
export class ProcessTap implements Disposable {
  readonly #port: Port;
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;
  #frames: TapFrame[] = [];
  #lost = new Map<number, { frames: number; bytes: number }>();
  #timer: Disposable | undefined;
  #left = { ...burst };
  #filledAtMs: number;

  constructor(port: Port, clock: Clock, scheduler: Scheduler) {
    this.#port = port;
    this.#clock = clock;
    this.#scheduler = scheduler;
    this.#filledAtMs = clock.monotonicMs();
  }

  /** What one end of a connection sends; `isFromStart` when no byte has passed yet. */
  direction(connection: number, isFromClient: boolean, isFromStart: boolean): DirectionTap {
    return new DirectionTap(this, { connection, isFromClient }, isFromStart);
  }

  nowMs(): number {
    return this.#clock.nowMs();
  }

  /** Whether so many more bytes may be copied. */
  take(bytes: number): boolean {
    const nowMs = this.#clock.monotonicMs();
    const seconds = (nowMs - this.#filledAtMs) / 1_000;
    this.#filledAtMs = nowMs;
    const frames = Math.min(burst.frames, this.#left.frames + seconds * perSecond.frames);
    const allowed = Math.min(burst.bytes, this.#left.bytes + seconds * perSecond.bytes);
    const isTaken = 1 <= frames && bytes <= allowed;
    this.#left = isTaken
      ? { frames: frames - 1, bytes: allowed - bytes }
      : { frames, bytes: allowed };
    return isTaken;
  }

  add(frame: TapFrame): void {
    this.#frames.push(frame);
    this.#sendSoon();
  }

  lose(connection: number, frames: number, bytes: number): void {
    const known = this.#lost.get(connection) ?? { frames: 0, bytes: 0 };
    this.#lost.set(connection, { frames: known.frames + frames, bytes: known.bytes + bytes });
    this.#sendSoon();
  }

  flush(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    if (this.#frames.length === 0 && this.#lost.size === 0) return;
    const lost: TapLoss[] = [...this.#lost].map(([connection, loss]) => ({ connection, ...loss }));
    const batch: TapBatch = { frames: this.#frames, lost };
    this.#frames = [];
    this.#lost = new Map();
    this.#port.post(
      batch,
      batch.frames.map(({ bytes }) => bytes.buffer),
    );
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#frames = [];
    this.#port.close();
  }

  #sendSoon(): void {
    this.#timer ??= this.#scheduler.after(sendEveryMs, () => this.flush());
  }
}

/** Finds the frames in what one end sends. Packets are cut anywhere; a tap may begin in the middle of one. */
export class DirectionTap {
  readonly #tap: ProcessTap;
  readonly #of: { readonly connection: number; readonly isFromClient: boolean };
  #state: 'seeking' | 'frames' | 'other';
  readonly #sizeField = new Uint8Array(sizeFieldBytes);
  #sizeFieldFilled = 0;
  #frame: CollectedFrame | undefined;

  constructor(
    tap: ProcessTap,
    of: { readonly connection: number; readonly isFromClient: boolean },
    isFromStart: boolean,
  ) {
    this.#tap = tap;
    this.#of = of;
    this.#state = isFromStart ? 'frames' : 'seeking';
  }

  /** `agoMs`: when it was sent, where a slow link has held it until now. */
  take(packet: ArrayBuffer, agoMs: number): void {
    const bytes = new Uint8Array(packet);
    if (this.#state === 'seeking' && isWholeFrames(bytes)) this.#state = 'frames';
    if (this.#state === 'seeking') this.#tap.lose(this.#of.connection, 0, bytes.length);
    else if (this.#state === 'other') this.#keepOther(bytes, agoMs);
    else this.#split(bytes, agoMs);
  }

  #split(bytes: Uint8Array<ArrayBuffer>, agoMs: number): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#frame === undefined) at = this.#takeSize(bytes, at);
      if (this.#state === 'other') {
        this.#keepOther(bytes, agoMs);
        return;
      }
      if (this.#frame === undefined) return;
      at += this.#frame.take(bytes.subarray(at));
      if (this.#frame.isComplete) this.#finish(this.#frame, agoMs);
    }
  }

  #takeSize(bytes: Uint8Array, at: number): number {
    const part = bytes.subarray(at, at + sizeFieldBytes - this.#sizeFieldFilled);
    this.#sizeField.set(part, this.#sizeFieldFilled);
    this.#sizeFieldFilled += part.length;
    if (this.#sizeFieldFilled < sizeFieldBytes) return at + part.length;
    this.#sizeFieldFilled = 0;
    const size = new DataView(this.#sizeField.buffer).getInt32(0);
    if (isFrameSize(size)) {
      const kept = Math.min(size, keptFrameBytesMax);
      this.#frame = new CollectedFrame(size, this.#tap.take(kept) ? kept : undefined);
    } else this.#state = 'other';
    return at + part.length;
  }

  #finish({ sizeBytes, kept }: CollectedFrame, agoMs: number): void {
    this.#frame = undefined;
    if (kept === undefined) this.#tap.lose(this.#of.connection, 1, sizeBytes);
    else this.#add(kept, { sizeBytes, agoMs, isOther: false });
  }

  #keepOther(bytes: Uint8Array, agoMs: number): void {
    const length = Math.min(bytes.length, otherBytesMax);
    if (!this.#tap.take(length)) this.#tap.lose(this.#of.connection, 1, bytes.length);
    else this.#add(bytes.slice(0, length), { sizeBytes: bytes.length, agoMs, isOther: true });
  }

  #add(
    bytes: Uint8Array,
    frame: { readonly sizeBytes: number; readonly agoMs: number; readonly isOther: boolean },
  ): void {
    const { sizeBytes, agoMs, isOther } = frame;
    const atMs = this.#tap.nowMs() - agoMs;
    this.#tap.add({
      ...this.#of,
      atMs,
      sizeBytes,
      bytes: bytes as Uint8Array<ArrayBuffer>,
      isOther,
    });
  }
}

/** A frame whose bytes come in parts; what exceeds the limit is counted only. */
class CollectedFrame {
  readonly sizeBytes: number;
  readonly kept: Uint8Array<ArrayBuffer> | undefined;
  #seenBytes = 0;

  constructor(sizeBytes: number, keptBytes: number | undefined) {
    this.sizeBytes = sizeBytes;
    this.kept = keptBytes === undefined ? undefined : new Uint8Array(keptBytes);
  }

  get isComplete(): boolean {
    return this.#seenBytes === this.sizeBytes;
  }

  /** Answers how many of the bytes are this frame's. */
  take(bytes: Uint8Array): number {
    const length = Math.min(bytes.length, this.sizeBytes - this.#seenBytes);
    const room = (this.kept?.length ?? 0) - this.#seenBytes;
    if (0 < room) this.kept?.set(bytes.subarray(0, Math.min(length, room)), this.#seenBytes);
    this.#seenBytes += length;
    return length;
  }
}

function isFrameSize(size: number): boolean {
  return 0 <= size && size <= frameBytesMax && !httpStarts.has(size);
}

/** A packet that is whole frames from its first byte to its last is taken for just that. */
function isWholeFrames(bytes: Uint8Array<ArrayBuffer>): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  while (at + sizeFieldBytes <= bytes.length) {
    const size = view.getInt32(at);
    if (!isFrameSize(size) || size < sizeFieldBytes) return false;
    at += sizeFieldBytes + size;
  }
  return at === bytes.length && 0 < at;
}
