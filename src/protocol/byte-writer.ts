import { EncodeError } from './errors.ts';
import { writeUuid } from './uuid.ts';

const utf8 = new TextEncoder();
/** From here on bytes are handed over as a chunk of their own instead of being copied. */
const SEPARATE_CHUNK_BYTES = 1024;

/** Writes Kafka's primitive types into a growing list of chunks. */
export class ByteWriter {
  #buffer: Uint8Array;
  #view: DataView;
  #position = 0;
  #chunkStart = 0;
  #closedBytes = 0;
  readonly #chunks: Uint8Array[] = [];

  constructor(sizeHint = 256) {
    this.#buffer = new Uint8Array(sizeHint);
    this.#view = new DataView(this.#buffer.buffer);
  }

  /** Bytes written so far. */
  get size(): number {
    return this.#closedBytes + this.#position - this.#chunkStart;
  }

  int8(value: number): void {
    if ((value << 24) >> 24 !== value) outOfRange('int8', value);
    const at = this.#grow(1);
    this.#view.setInt8(at, value);
  }

  int16(value: number): void {
    if ((value << 16) >> 16 !== value) outOfRange('int16', value);
    const at = this.#grow(2);
    this.#view.setInt16(at, value);
  }

  uint16(value: number): void {
    if ((value & 0xffff) !== value) outOfRange('uint16', value);
    const at = this.#grow(2);
    this.#view.setUint16(at, value);
  }

  int32(value: number): void {
    if ((value | 0) !== value) outOfRange('int32', value);
    const at = this.#grow(4);
    this.#view.setInt32(at, value);
  }

  uint32(value: number): void {
    if (value >>> 0 !== value) outOfRange('uint32', value);
    const at = this.#grow(4);
    this.#view.setUint32(at, value);
  }

  float64(value: number): void {
    const at = this.#grow(8);
    this.#view.setFloat64(at, value);
  }

  /** A safe integer, or a bigint where all 64 bits count. */
  int64(value: number | bigint): void {
    if (typeof value === 'bigint') {
      if (BigInt.asIntN(64, value) !== value) outOfRange('int64', value);
      const at = this.#grow(8);
      this.#view.setBigInt64(at, value);
      return;
    }
    if (!Number.isSafeInteger(value)) outOfRange('int64', value);
    const start = this.#grow(8);
    this.#view.setInt32(start, Math.floor(value / 4_294_967_296));
    this.#view.setUint32(start + 4, value >>> 0);
  }

  unsignedVarint(value: number): void {
    let rest = value;
    while (0x7f < rest) {
      const at = this.#grow(1);
      this.#buffer[at] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    const at = this.#grow(1);
    this.#buffer[at] = rest;
  }

  uuid(value: string): void {
    const start = this.#grow(16);
    if (!writeUuid(value, this.#buffer, start)) throw new EncodeError(`'${value}' is no uuid`);
  }

  /** The text as UTF-8, after its length as `writeLength` writes it. */
  string(value: string, writeLength: (writer: ByteWriter, bytes: number) => void): void {
    const length = value.length;
    if (length <= 64 && isAscii(value)) {
      writeLength(this, length);
      const start = this.#grow(length);
      const buffer = this.#buffer;
      for (let i = 0; i < length; i++) buffer[start + i] = value.charCodeAt(i);
      return;
    }
    const encoded = utf8.encode(value);
    writeLength(this, encoded.byteLength);
    this.bytes(encoded);
  }

  /** Copies a few bytes; takes many as a chunk of their own, which must then not change. */
  bytes(value: Uint8Array): void {
    if (value.byteLength < SEPARATE_CHUNK_BYTES) {
      const start = this.#grow(value.byteLength);
      this.#buffer.set(value, start);
      return;
    }
    this.#closeChunk();
    this.#chunks.push(value);
    this.#closedBytes += value.byteLength;
  }

  /** All chunks in order; the writer is finished then. */
  chunks(): Uint8Array[] {
    this.#closeChunk();
    return this.#chunks;
  }

  #closeChunk(): void {
    if (this.#position === this.#chunkStart) return;
    this.#chunks.push(this.#buffer.subarray(this.#chunkStart, this.#position));
    this.#closedBytes += this.#position - this.#chunkStart;
    this.#chunkStart = this.#position;
  }

  #grow(length: number): number {
    const start = this.#position;
    if (this.#buffer.byteLength < start + length) return this.#reallocate(length);
    this.#position = start + length;
    return start;
  }

  #reallocate(length: number): number {
    const open = this.#buffer.subarray(this.#chunkStart, this.#position);
    const grown = new Uint8Array(Math.max(2 * this.#buffer.byteLength, open.byteLength + length));
    grown.set(open);
    this.#buffer = grown;
    this.#view = new DataView(grown.buffer);
    this.#chunkStart = 0;
    this.#position = open.byteLength + length;
    return open.byteLength;
  }
}

/** The chunks as one array; a single chunk is returned as it is. */
export function joinChunks(chunks: readonly Uint8Array[]): Uint8Array {
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) return only;
  const joined = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let position = 0;
  for (const chunk of chunks) {
    joined.set(chunk, position);
    position += chunk.byteLength;
  }
  return joined;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (0x80 <= text.charCodeAt(i)) return false;
  return true;
}

function outOfRange(type: string, value: number | bigint): never {
  throw new EncodeError(`${value} does not fit ${type}`);
}
