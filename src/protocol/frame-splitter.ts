import { joinChunks } from './byte-writer.ts';

/** Kafka's default of socket.request.max.bytes. */
const MAX_FRAME_BYTES_DEFAULT = 104_857_600;

const SIZE_BYTES = 4;
const HTTP_METHODS: ReadonlySet<string> = new Set(['GET ', 'POST', 'HEAD']);

export type FrameErrorKind = 'http' | 'negative-size' | 'too-large';

/** The stream holds no frames that we take; the connection is to be closed. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
  readonly kind: FrameErrorKind;

  constructor(kind: FrameErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/**
 * Splits a byte stream into frames. A frame that lies within one chunk is a view of it; one
 * that spans chunks is copied once, when it is complete, so a peer that only announces a large
 * frame makes us allocate nothing. Chunks must not be changed by the caller afterwards.
 */
export class FrameSplitter {
  readonly #maxFrameBytes: number;
  readonly #sizeField = new Uint8Array(SIZE_BYTES);
  #sizeFieldBytes = 0;
  /** Size of the frame that is being collected; -1 until its size field is complete. */
  #frameBytes = -1;
  #parts: Uint8Array[] = [];
  #partBytes = 0;

  constructor(maxFrameBytes: number = MAX_FRAME_BYTES_DEFAULT) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  /** Whether the stream stands between two frames, where it may end without loss. */
  get isBetweenFrames(): boolean {
    return this.#sizeFieldBytes === 0;
  }

  /** The frames that this chunk completes, without their sizes. Throws FrameError. */
  push(chunk: Uint8Array): Uint8Array[] {
    const frames: Uint8Array[] = [];
    let position = 0;
    while (position < chunk.byteLength) {
      position =
        this.#frameBytes < 0 ? this.#takeSize(chunk, position) : this.#take(chunk, position);
      if (this.#partBytes === this.#frameBytes) frames.push(this.#finishFrame());
    }
    return frames;
  }

  #takeSize(chunk: Uint8Array, start: number): number {
    const part = chunk.subarray(start, start + SIZE_BYTES - this.#sizeFieldBytes);
    this.#sizeField.set(part, this.#sizeFieldBytes);
    this.#sizeFieldBytes += part.byteLength;
    if (this.#sizeFieldBytes === SIZE_BYTES) this.#frameBytes = this.#checkedSize();
    return start + part.byteLength;
  }

  #take(chunk: Uint8Array, start: number): number {
    const part = chunk.subarray(start, start + this.#frameBytes - this.#partBytes);
    this.#parts.push(part);
    this.#partBytes += part.byteLength;
    return start + part.byteLength;
  }

  #checkedSize(): number {
    const size = new DataView(this.#sizeField.buffer).getInt32(0);
    const text = String.fromCharCode(...this.#sizeField);
    if (HTTP_METHODS.has(text)) {
      throw new FrameError('http', `the peer speaks HTTP ('${text.trim()} …') on a Kafka port`);
    }
    if (size < 0) throw new FrameError('negative-size', `frame size ${size} is negative`);
    if (this.#maxFrameBytes < size) {
      const limit = `${this.#maxFrameBytes} (socket.request.max.bytes)`;
      throw new FrameError('too-large', `frame of ${size} bytes is larger than ${limit}`);
    }
    return size;
  }

  #finishFrame(): Uint8Array {
    const frame = joinChunks(this.#parts);
    this.#parts = [];
    this.#partBytes = 0;
    this.#sizeFieldBytes = 0;
    this.#frameBytes = -1;
    return frame;
  }
}
