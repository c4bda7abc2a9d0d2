import type { RandomAccessFile } from '../base/file-system.ts';
import { readInt64, writeInt64 } from '../protocol/records/batch-layout.ts';

const timeIndexEntryBytes = 12;
const pendingEntriesMax = 256;
const entriesAtFirst = 16;

export interface TimestampOffset {
  readonly timestamp: number;
  readonly offset: number;
}

/**
 * A segment's `.timeindex` (kafka.log.TimeIndex): the largest timestamp so far and the last offset of the
 * batch that has it. Timestamps and offsets both grow from entry to entry. Written behind, as the offset index.
 */
export class TimeIndex {
  readonly #baseOffset: number;
  readonly #file: RandomAccessFile;
  #timestamps = new Float64Array(entriesAtFirst);
  #offsets = new Int32Array(entriesAtFirst);
  #count = 0;
  #writtenCount = 0;

  constructor(baseOffset: number, file: RandomAccessFile) {
    this.#baseOffset = baseOffset;
    this.#file = file;
  }

  get entryCount(): number {
    return this.#count;
  }

  get sizeBytes(): number {
    return this.#count * timeIndexEntryBytes;
  }

  /** The last entry; no timestamp (-1) at the base offset when there is none. */
  get last(): TimestampOffset {
    return this.#at(this.#count - 1);
  }

  /** Adds an entry when the timestamp is larger than the last one's. */
  maybeAppend(timestamp: number, offset: number): void {
    const last = this.last;
    if (timestamp <= last.timestamp || (0 < this.#count && offset <= last.offset)) return;
    if (this.#offsets.length <= this.#count) this.#grow();
    this.#timestamps[this.#count] = timestamp;
    this.#offsets[this.#count] = offset - this.#baseOffset;
    this.#count++;
    if (pendingEntriesMax <= this.#count - this.#writtenCount) this.writePending();
  }

  /** The last entry whose timestamp is at most `timestamp`. */
  lookup(timestamp: number): TimestampOffset {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#timestamps[middle] as number) <= timestamp) low = middle + 1;
      else high = middle;
    }
    return this.#at(low - 1);
  }

  truncateTo(offset: number): void {
    while (0 < this.#count && offset <= this.last.offset) this.#count--;
    this.#cutFile();
  }

  clear(): void {
    this.#count = 0;
    this.#cutFile();
  }

  writePending(): void {
    const pending = this.#count - this.#writtenCount;
    if (pending === 0) return;
    const bytes = new Uint8Array(pending * timeIndexEntryBytes);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < pending; i++) {
      const entry = this.#writtenCount + i;
      writeInt64(view, i * timeIndexEntryBytes, this.#timestamps[entry] as number);
      view.setInt32(i * timeIndexEntryBytes + 8, this.#offsets[entry] as number);
    }
    this.#file.write(this.#writtenCount * timeIndexEntryBytes, [bytes]);
    this.#writtenCount = this.#count;
  }

  async flush(): Promise<void> {
    this.writePending();
    await this.#file.flush();
  }

  async close(): Promise<void> {
    this.writePending();
    await this.#file.close();
  }

  /** Forgets what the file holds, read or not. */
  discard(): void {
    this.#count = 0;
    this.#writtenCount = 0;
    this.#file.truncate(0);
  }

  async abandon(): Promise<void> {
    await this.#file.close();
  }

  /** Reads the file into memory. Answers false, and stays empty, when it cannot be this segment's. */
  async load(): Promise<boolean> {
    const sizeBytes = this.#file.sizeBytes;
    if (sizeBytes % timeIndexEntryBytes !== 0) return false;
    const bytes = await this.#file.read(0, sizeBytes);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const count = bytes.length / timeIndexEntryBytes;
    const timestamps = new Float64Array(Math.max(count, entriesAtFirst));
    const offsets = new Int32Array(Math.max(count, entriesAtFirst));
    for (let i = 0; i < count; i++) {
      const timestamp = readInt64(view, i * timeIndexEntryBytes);
      const offset = view.getInt32(i * timeIndexEntryBytes + 8);
      const isFirst = i === 0;
      if (offset < 0 || (!isFirst && offset <= (offsets[i - 1] as number))) return false;
      if (timestamp < 0 || (!isFirst && timestamp <= (timestamps[i - 1] as number))) return false;
      timestamps[i] = timestamp;
      offsets[i] = offset;
    }
    this.#timestamps = timestamps;
    this.#offsets = offsets;
    this.#count = count;
    this.#writtenCount = count;
    return true;
  }

  #grow(): void {
    const timestamps = new Float64Array(2 * this.#timestamps.length);
    timestamps.set(this.#timestamps);
    const offsets = new Int32Array(2 * this.#offsets.length);
    offsets.set(this.#offsets);
    this.#timestamps = timestamps;
    this.#offsets = offsets;
  }

  #cutFile(): void {
    if (this.#writtenCount <= this.#count) return;
    this.#writtenCount = this.#count;
    this.#file.truncate(this.sizeBytes);
  }

  #at(entry: number): TimestampOffset {
    if (entry < 0) return { timestamp: -1, offset: this.#baseOffset };
    return {
      timestamp: this.#timestamps[entry] as number,
      offset: this.#baseOffset + (this.#offsets[entry] as number),
    };
  }
}
