import type { RandomAccessFile } from '../base/file-system.ts';

const offsetIndexEntryBytes = 8;
/** Entries that may wait in memory: an index is rebuilt after a crash, so it need not be written at every append. */
const pendingEntriesMax = 256;
const entriesAtFirst = 16;

export interface OffsetPosition {
  readonly offset: number;
  readonly position: number;
}

/**
 * A segment's `.index` (kafka.log.OffsetIndex): every so many bytes, the last offset of a batch and the
 * position at which that batch starts. In memory as it is on disk; written behind.
 */
export class OffsetIndex {
  readonly #baseOffset: number;
  readonly #file: RandomAccessFile;
  /** Pairs of offset, relative to the base, and position. */
  #entries = new Int32Array(2 * entriesAtFirst);
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
    return this.#count * offsetIndexEntryBytes;
  }

  /** The last entry; the base offset at position 0 when there is none. */
  get last(): OffsetPosition {
    return this.#at(this.#count - 1);
  }

  append(offset: number, position: number): void {
    if (this.#entries.length <= 2 * this.#count) this.#entries = doubled(this.#entries);
    this.#entries[2 * this.#count] = offset - this.#baseOffset;
    this.#entries[2 * this.#count + 1] = position;
    this.#count++;
    if (pendingEntriesMax <= this.#count - this.#writtenCount) this.writePending();
  }

  /** The last entry whose offset is at most `offset`; the start of the segment when there is none. */
  lookup(offset: number): OffsetPosition {
    const relative = offset - this.#baseOffset;
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[2 * middle] as number) <= relative) low = middle + 1;
      else high = middle;
    }
    return this.#at(low - 1);
  }

  /** Forgets entries from `offset` on. */
  truncateTo(offset: number): void {
    while (0 < this.#count && offset <= this.last.offset) this.#count--;
    this.#cutFile();
  }

  clear(): void {
    this.#count = 0;
    this.#cutFile();
  }

  /** Writes what waits in memory. */
  writePending(): void {
    const pending = this.#count - this.#writtenCount;
    if (pending === 0) return;
    const bytes = new Uint8Array(pending * offsetIndexEntryBytes);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < 2 * pending; i++) {
      view.setInt32(4 * i, this.#entries[2 * this.#writtenCount + i] as number);
    }
    this.#file.write(this.#writtenCount * offsetIndexEntryBytes, [bytes]);
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

  /** Closes without writing: the file is about to go. */
  async abandon(): Promise<void> {
    await this.#file.close();
  }

  /**
   * Reads the file into memory. Answers false, and stays empty, when it cannot be this segment's index:
   * odd length, offsets or positions that do not grow or leave the log's `logSizeBytes`.
   */
  async load(logSizeBytes: number): Promise<boolean> {
    const sizeBytes = this.#file.sizeBytes;
    if (sizeBytes % offsetIndexEntryBytes !== 0) return false;
    const bytes = await this.#file.read(0, sizeBytes);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const count = bytes.length / offsetIndexEntryBytes;
    const entries = new Int32Array(2 * Math.max(count, entriesAtFirst));
    for (let i = 0; i < 2 * count; i++) entries[i] = view.getInt32(4 * i);
    if (!isGrowing(entries, count, logSizeBytes)) return false;
    this.#entries = entries;
    this.#count = count;
    this.#writtenCount = count;
    return true;
  }

  #cutFile(): void {
    if (this.#writtenCount <= this.#count) return;
    this.#writtenCount = this.#count;
    this.#file.truncate(this.sizeBytes);
  }

  #at(entry: number): OffsetPosition {
    if (entry < 0) return { offset: this.#baseOffset, position: 0 };
    return {
      offset: this.#baseOffset + (this.#entries[2 * entry] as number),
      position: this.#entries[2 * entry + 1] as number,
    };
  }
}

function doubled(entries: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(entries.length * 2);
  larger.set(entries);
  return larger;
}

function isGrowing(entries: Int32Array, count: number, logSizeBytes: number): boolean {
  let offsetBefore = -1;
  let positionBefore = -1;
  for (let i = 0; i < count; i++) {
    const offset = entries[2 * i] as number;
    const position = entries[2 * i + 1] as number;
    if (offset <= offsetBefore || position <= positionBefore || logSizeBytes <= position)
      return false;
    offsetBefore = offset;
    positionBefore = position;
  }
  return true;
}
