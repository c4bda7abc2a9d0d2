import { CorruptRecordError } from './record-errors.ts';

export interface RecordHeader {
  readonly key: string;
  readonly value: Uint8Array | null;
}

export interface DecodedRecord {
  readonly offset: number;
  /** Milliseconds since the epoch, -1 for none. */
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
}

export interface RecordsSource {
  /** The records, decompressed. */
  readonly bytes: Uint8Array;
  readonly recordCount: number;
  readonly baseOffset: number;
  readonly baseTimestamp: number;
  /** -1 when each record has its own timestamp. */
  readonly logAppendTime: number;
}

/** length, attributes, timestamp delta, offset delta, key length, value length, header count: a byte each. */
const recordSizeMinBytes = 7;
const noHeaders: readonly RecordHeader[] = [];
const utf8 = new TextDecoder();

/** Decodes records (DefaultRecord) one after another. Every length is checked before it is believed. */
export class RecordIterator implements IterableIterator<DecodedRecord, undefined> {
  readonly #bytes: Uint8Array;
  readonly #source: RecordsSource;
  #position = 0;
  #left: number;

  constructor(source: RecordsSource) {
    const { bytes, recordCount } = source;
    if (recordCount < 0 || bytes.length < recordCount * recordSizeMinBytes) {
      throw new CorruptRecordError(`${recordCount} records do not fit into ${bytes.length} bytes`);
    }
    this.#bytes = bytes;
    this.#source = source;
    this.#left = recordCount;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<DecodedRecord, undefined> {
    if (this.#left === 0) {
      this.#expectEnd();
      return { done: true, value: undefined };
    }
    this.#left--;
    return { done: false, value: this.#record() };
  }

  /**
   * Checks the form of all records that are left, without making anything of them: what a broker does with
   * a producer's batch. Throws CorruptRecordError.
   */
  verifyRest(): void {
    for (let delta = this.#source.recordCount - this.#left; 0 < this.#left; delta++, this.#left--) {
      const length = this.#varint();
      const end = this.#position + length;
      if (length < recordSizeMinBytes - 1 || this.#bytes.length < end) {
        throw new CorruptRecordError(`a record of ${length} bytes does not fit into its batch`);
      }
      this.#position++;
      this.#varlong();
      if (this.#varint() !== delta) {
        throw new CorruptRecordError(`record ${delta} of a batch has another offset delta`);
      }
      this.#skipField(end);
      this.#skipField(end);
      for (let headers = this.#varint(); headers !== 0; headers--) {
        if (headers < 0) throw new CorruptRecordError('a record has a negative number of headers');
        this.#skipField(end);
        this.#skipField(end);
      }
      if (this.#position !== end) {
        throw new CorruptRecordError(`a record ends at byte ${this.#position} instead of ${end}`);
      }
    }
    this.#expectEnd();
  }

  #skipField(end: number): void {
    const length = this.#varint();
    if (length < -1 || end < this.#position + length) {
      throw new CorruptRecordError(`a field of ${length} bytes does not fit into its record`);
    }
    if (0 < length) this.#position += length;
  }

  #record(): DecodedRecord {
    const length = this.#varint();
    const end = this.#position + length;
    if (length < recordSizeMinBytes - 1 || this.#bytes.length < end) {
      throw new CorruptRecordError(
        `a record of ${length} bytes does not fit into the ${this.#bytes.length - this.#position} left`,
      );
    }
    this.#position++; // attributes: unused in v2
    const timestampDelta = this.#varlong();
    const offset = this.#source.baseOffset + this.#varint();
    const key = this.#nullableBytes(end);
    const value = this.#nullableBytes(end);
    const headers = this.#headers(end);
    if (this.#position !== end) {
      throw new CorruptRecordError(`a record ends at byte ${this.#position} instead of ${end}`);
    }
    const { logAppendTime, baseTimestamp } = this.#source;
    const timestamp = logAppendTime < 0 ? baseTimestamp + timestampDelta : logAppendTime;
    return { offset, timestamp, key, value, headers };
  }

  #headers(end: number): readonly RecordHeader[] {
    const count = this.#varint();
    if (count === 0) return noHeaders;
    // A header takes at least two bytes: its key's length and its value's.
    if (count < 0 || end - this.#position < 2 * count) {
      throw new CorruptRecordError(`${count} headers do not fit into a record`);
    }
    const headers: RecordHeader[] = [];
    for (let i = 0; i < count; i++) {
      const key = this.#nullableBytes(end);
      if (key === null) throw new CorruptRecordError('a record header has no key');
      headers.push({ key: utf8.decode(key), value: this.#nullableBytes(end) });
    }
    return headers;
  }

  #nullableBytes(end: number): Uint8Array | null {
    const length = this.#varint();
    if (length === -1) return null;
    const start = this.#position;
    if (length < 0 || end < start + length) {
      throw new CorruptRecordError(`a field of ${length} bytes does not fit into its record`);
    }
    this.#position = start + length;
    return this.#bytes.subarray(start, start + length);
  }

  /** Zigzag, at most 32 bits. */
  #varint(): number {
    const bytes = this.#bytes;
    let position = this.#position;
    let raw = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = bytes[position++];
      if (byte === undefined) throw new CorruptRecordError('the records end within a number');
      raw |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.#position = position;
        return (raw >>> 1) ^ -(raw & 1);
      }
    }
    throw new CorruptRecordError('a varint is longer than five bytes');
  }

  /** Zigzag, at most 64 bits; a result beyond the safe integers is refused. */
  #varlong(): number {
    const bytes = this.#bytes;
    let position = this.#position;
    let raw = 0;
    let scale = 1;
    for (let length = 0; length < 10; length++) {
      const byte = bytes[position++];
      if (byte === undefined) throw new CorruptRecordError('the records end within a number');
      raw += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte < 0x80) {
        this.#position = position;
        if (!Number.isSafeInteger(raw)) throw new CorruptRecordError('a timestamp is too large');
        return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
      }
    }
    throw new CorruptRecordError('a varlong is longer than ten bytes');
  }

  #expectEnd(): void {
    if (this.#position === this.#bytes.length) return;
    const extra = this.#bytes.length - this.#position;
    throw new CorruptRecordError(`${extra} bytes follow the last record of a batch`);
  }
}
