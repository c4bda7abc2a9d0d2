import { DecodeError } from './errors.ts';
import { uuidToString } from './uuid.ts';

// ignoreBOM keeps a leading U+FEFF, as Java's decoder does.
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Reads Kafka's primitive types from bytes; whatever does not fit is a DecodeError. */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  /** The next byte. */
  position: number;
  /** The byte after the last one that may be read. */
  end: number;

  constructor(bytes: Uint8Array, position = 0) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.position = position;
    this.end = bytes.byteLength;
  }

  get remaining(): number {
    return this.end - this.position;
  }

  int8(): number {
    return this.#view.getInt8(this.#take(1, 'int8'));
  }

  int16(): number {
    return this.#view.getInt16(this.#take(2, 'int16'));
  }

  uint16(): number {
    return this.#view.getUint16(this.#take(2, 'uint16'));
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4, 'int32'));
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4, 'uint32'));
  }

  float64(): number {
    return this.#view.getFloat64(this.#take(8, 'float64'));
  }

  /** An int64 that is a safe integer, as all that Kafka counts are; a larger one is an error. */
  int64(): number {
    const start = this.#take(8, 'int64');
    const high = this.#view.getInt32(start);
    const value = high * 4_294_967_296 + this.#view.getUint32(start + 4);
    if (high < -0x200000 || 0x1fffff < high || !Number.isSafeInteger(value)) {
      const exact = this.#view.getBigInt64(start);
      throw new DecodeError(`int64 ${exact} is beyond 2^53`, { start, end: start + 8 });
    }
    return value;
  }

  bigInt64(): bigint {
    return this.#view.getBigInt64(this.#take(8, 'int64'));
  }

  /** Java's UNSIGNED_VARINT: at most five bytes; lengths, counts and tags, so below 2^31. */
  unsignedVarint(): number {
    const start = this.position;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (this.end <= this.position) this.#fail('varint is cut off', start);
      const byte = this.bytes[this.position++] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (value < 0) this.#fail('varint is beyond 2^31', start);
        return value;
      }
    }
    return this.#fail('varint is longer than 5 bytes', start);
  }

  uuid(): string {
    return uuidToString(this.bytes, this.#take(16, 'uuid'));
  }

  /** `length` bytes as UTF-8; malformed sequences become U+FFFD, as in Java. */
  string(length: number): string {
    const start = this.#take(length, 'string');
    if (length <= 24) {
      const text = this.#ascii(start, start + length);
      if (text !== undefined) return text;
    }
    return utf8.decode(this.bytes.subarray(start, start + length));
  }

  /** A view of the next `length` bytes, no copy. */
  view(length: number): Uint8Array {
    const start = this.#take(length, 'bytes');
    return this.bytes.subarray(start, start + length);
  }

  #ascii(start: number, end: number): string | undefined {
    let text = '';
    for (let i = start; i < end; i++) {
      const byte = this.bytes[i] ?? 0;
      if (0x80 <= byte) return undefined;
      text += String.fromCharCode(byte);
    }
    return text;
  }

  #take(length: number, what: string): number {
    const start = this.position;
    if (this.end - start < length) {
      const reason = `${what} of ${length} bytes exceeds the ${this.end - start} bytes left`;
      throw new DecodeError(reason, { start, end: this.end });
    }
    this.position = start + length;
    return start;
  }

  #fail(reason: string, start: number): never {
    throw new DecodeError(reason, { start, end: this.position });
  }
}
