import { CorruptRecordError } from './record-errors.ts';

/** Output of a decompressor: grows as needed, up to a limit. */
export class GrowingBytes {
  readonly #maxBytes: number;
  #bytes: Uint8Array;
  #length = 0;

  constructor(expectedBytes: number, maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#bytes = new Uint8Array(Math.min(expectedBytes, maxBytes));
  }

  get length(): number {
    return this.#length;
  }

  /** Room for `extraBytes` more: the buffer to write into, from `length` on. */
  reserve(extraBytes: number): Uint8Array {
    const needed = this.#length + extraBytes;
    if (this.#bytes.length < needed) {
      const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    return this.#bytes;
  }

  /** Takes bytes as written that `reserve` made room for. Throws CorruptRecordError beyond the limit. */
  advanceTo(length: number): void {
    if (this.#maxBytes < length) throw tooLong(this.#maxBytes);
    this.#length = length;
  }

  append(bytes: Uint8Array): void {
    if (this.#maxBytes < this.#length + bytes.length) throw tooLong(this.#maxBytes);
    this.reserve(bytes.length).set(bytes, this.#length);
    this.#length += bytes.length;
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}

export function tooLong(maxBytes: number): CorruptRecordError {
  return new CorruptRecordError(
    `decompressed records are longer than the ${maxBytes} bytes allowed`,
  );
}
