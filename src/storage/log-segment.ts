import type { FileSystem, RandomAccessFile } from '../base/file-system.ts';
import { deletedSuffix, type LogFileSuffix, logFileName } from './log-file-names.ts';
import { OffsetIndex } from './offset-index.ts';
import { TimeIndex } from './time-index.ts';

/** What a segment must know of bytes that are appended to it. */
export interface AppendSummary {
  readonly firstBatchLastOffset: number;
  readonly lastOffset: number;
  readonly maxTimestamp: number;
  /** The last offset of the batch with the largest timestamp. */
  readonly offsetOfMaxTimestamp: number;
  /** Of the first batch: the age of a segment is counted from it. */
  readonly firstTimestamp: number;
}

export interface SegmentFiles {
  readonly log: RandomAccessFile;
  readonly index: RandomAccessFile;
  readonly timeIndex: RandomAccessFile;
}

const segmentSuffixes: readonly LogFileSuffix[] = ['.log', '.index', '.timeindex'];
/** Offsets within a segment are int32, relative to its base. */
const relativeOffsetMax = 2_147_483_647;

/** One `.log` file with its two indexes (kafka.log.LogSegment). Appends only; the owner decides when to roll. */
export class LogSegment {
  readonly baseOffset: number;
  readonly log: RandomAccessFile;
  readonly offsetIndex: OffsetIndex;
  readonly timeIndex: TimeIndex;
  readonly createdAtMs: number;
  /** -1 while no record has a timestamp. */
  maxTimestamp = -1;
  offsetOfMaxTimestamp: number;
  /** Of the first batch; undefined until it is known. */
  firstTimestamp: number | undefined;
  /** When it last changed; what retention goes by when no record has a timestamp. */
  modifiedAtMs: number;
  #sizeBytes: number;
  #bytesSinceIndexEntry = 0;

  constructor(baseOffset: number, files: SegmentFiles, nowMs: number) {
    this.baseOffset = baseOffset;
    this.log = files.log;
    this.offsetIndex = new OffsetIndex(baseOffset, files.index);
    this.timeIndex = new TimeIndex(baseOffset, files.timeIndex);
    this.createdAtMs = nowMs;
    this.modifiedAtMs = nowMs;
    this.offsetOfMaxTimestamp = baseOffset;
    this.#sizeBytes = files.log.sizeBytes;
  }

  static create(files: FileSystem, folder: string, baseOffset: number, nowMs: number): LogSegment {
    const create = (suffix: LogFileSuffix) =>
      files.create(`${folder}/${logFileName(baseOffset, suffix)}`);
    const log = create('.log');
    const segmentFiles = { log, index: create('.index'), timeIndex: create('.timeindex') };
    return new LogSegment(baseOffset, segmentFiles, nowMs);
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** What `retention.ms` and lookups by time go by. */
  get largestTimestamp(): number {
    return 0 <= this.maxTimestamp ? this.maxTimestamp : this.modifiedAtMs;
  }

  canHoldOffset(offset: number): boolean {
    return offset - this.baseOffset <= relativeOffsetMax;
  }

  isIndexFull(segmentIndexBytes: number): boolean {
    return (
      segmentIndexBytes < this.offsetIndex.sizeBytes + 8 ||
      segmentIndexBytes < this.timeIndex.sizeBytes + 12
    );
  }

  /** One write to the log; an index entry every `indexIntervalBytes`, which waits in memory. Throws FileError. */
  append(bytes: Uint8Array, summary: AppendSummary, indexIntervalBytes: number): void {
    const position = this.#sizeBytes;
    this.log.write(position, [bytes]);
    this.#sizeBytes = position + bytes.length;
    this.firstTimestamp ??= summary.firstTimestamp;
    this.#note(summary, position, indexIntervalBytes);
    this.#bytesSinceIndexEntry += bytes.length;
  }

  /** While recovering: takes a batch that is in the log already into the indexes. */
  index(
    summary: AppendSummary,
    at: { position: number; sizeBytes: number },
    indexIntervalBytes: number,
  ): void {
    this.firstTimestamp ??= summary.firstTimestamp;
    this.#note(summary, at.position, indexIntervalBytes);
    this.#bytesSinceIndexEntry += at.sizeBytes;
  }

  #note(summary: AppendSummary, position: number, indexIntervalBytes: number): void {
    if (this.maxTimestamp < summary.maxTimestamp) {
      this.maxTimestamp = summary.maxTimestamp;
      this.offsetOfMaxTimestamp = summary.offsetOfMaxTimestamp;
    }
    if (this.#bytesSinceIndexEntry <= indexIntervalBytes) return;
    this.offsetIndex.append(summary.firstBatchLastOffset, position);
    this.timeIndex.maybeAppend(this.maxTimestamp, this.offsetOfMaxTimestamp);
    this.#bytesSinceIndexEntry = 0;
  }

  /** The segment gets no more appends, or the process ends: its largest timestamp goes into the index. */
  sealIndexes(): void {
    this.timeIndex.maybeAppend(this.maxTimestamp, this.offsetOfMaxTimestamp);
    this.offsetIndex.writePending();
    this.timeIndex.writePending();
  }

  /** Takes the largest timestamp over from the time index after it was loaded. */
  adoptTimeIndex(): void {
    const { timestamp, offset } = this.timeIndex.last;
    this.maxTimestamp = timestamp;
    this.offsetOfMaxTimestamp = offset;
  }

  /** Empties the indexes for a scan that fills them again. */
  resetIndexes(): void {
    this.offsetIndex.clear();
    this.timeIndex.clear();
    this.maxTimestamp = -1;
    this.offsetOfMaxTimestamp = this.baseOffset;
    this.firstTimestamp = undefined;
    this.#bytesSinceIndexEntry = 0;
  }

  /** Cuts the log at `position`, where the batch with `offset` starts. */
  truncate(position: number, offset: number): void {
    this.log.truncate(position);
    this.#sizeBytes = position;
    this.offsetIndex.truncateTo(offset);
    this.timeIndex.truncateTo(offset);
    this.adoptTimeIndex();
    if (position === 0) this.firstTimestamp = undefined;
    this.#bytesSinceIndexEntry = 0;
  }

  /** Cuts bytes at the end that are no batch; the indexes do not know them. */
  cutTail(sizeBytes: number): void {
    this.log.truncate(sizeBytes);
    this.#sizeBytes = sizeBytes;
  }

  /** After a write that failed half-way: back to the size before. Throws FileError when that fails too. */
  repairSize(): void {
    if (this.log.sizeBytes !== this.#sizeBytes) this.log.truncate(this.#sizeBytes);
  }

  async flush(): Promise<void> {
    await Promise.all([this.log.flush(), this.offsetIndex.flush(), this.timeIndex.flush()]);
  }

  async close(): Promise<void> {
    await Promise.all([this.log.close(), this.offsetIndex.close(), this.timeIndex.close()]);
  }

  /** Renames the files to `.deleted`: reads that are under way still end well. Answers their paths. */
  async markDeleted(files: FileSystem, folder: string): Promise<readonly string[]> {
    const paths: string[] = [];
    for (const suffix of segmentSuffixes) {
      const from = `${folder}/${logFileName(this.baseOffset, suffix)}`;
      const to = `${from}${deletedSuffix}`;
      await files.rename(from, to);
      paths.push(to);
    }
    return paths;
  }

  /** Closes the files without writing to them any more. */
  async abandon(): Promise<void> {
    await Promise.all([this.log.close(), this.offsetIndex.abandon(), this.timeIndex.abandon()]);
  }
}
