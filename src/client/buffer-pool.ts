/**
 * `buffer.memory`: counts what unsent batches hold, and keeps buffers of `batch.size` for reuse, since a
 * fresh buffer costs page faults (Kafka's BufferPool).
 */
export class BufferPool {
  readonly totalBytes: number;
  readonly #poolableBytes: number;
  readonly #free: Uint8Array<ArrayBuffer>[] = [];
  readonly #freeMax: number;
  #usedBytes = 0;

  constructor(totalBytes: number, batchSizeBytes: number) {
    this.totalBytes = totalBytes;
    // One byte more than a batch can fill, so that a host sees a view and leaves the buffer to us.
    this.#poolableBytes = batchSizeBytes + 1;
    this.#freeMax = Math.max(8, Math.min(256, Math.floor(4_194_304 / this.#poolableBytes)));
  }

  get availableBytes(): number {
    return Math.max(0, this.totalBytes - this.#usedBytes);
  }

  hasRoomFor(bytes: number): boolean {
    return this.#usedBytes + bytes <= this.totalBytes;
  }

  /** Counts `bytes` as held; the buffer is at least as long. */
  take(bytes: number): Uint8Array<ArrayBuffer> {
    this.#usedBytes += bytes;
    if (this.#poolableBytes <= bytes) return new Uint8Array(bytes + 1);
    return this.#free.pop() ?? new Uint8Array(this.#poolableBytes);
  }

  /** Ends the holding of `bytes`. With `buffer` its memory is used again: nobody may read it any more. */
  give(bytes: number, buffer?: Uint8Array): void {
    this.#usedBytes -= bytes;
    if (buffer?.buffer instanceof ArrayBuffer === false || buffer === undefined) return;
    if (buffer.buffer.byteLength !== this.#poolableBytes) return;
    if (this.#freeMax <= this.#free.length) return;
    this.#free.push(new Uint8Array(buffer.buffer as ArrayBuffer));
  }
}
