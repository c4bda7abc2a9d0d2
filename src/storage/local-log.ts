import type { Clock } from '../base/clock.ts';
import type { FileSystem } from '../base/file-system.ts';
import type { LogConfig } from './log-config.ts';
import { scanTail } from './log-loader.ts';
import { type AppendSummary, LogSegment } from './log-segment.ts';
import { SegmentDeleter } from './segment-deleter.ts';
import { SegmentList } from './segment-list.ts';
import { readSegment, scanBatches } from './segment-reader.ts';
import type { SerialQueue } from './serial-queue.ts';

export interface LocalLogState {
  readonly folder: string;
  readonly segments: readonly LogSegment[];
  readonly logEndOffset: number;
  readonly recoveryPoint: number;
}

export interface LocalReadOptions {
  readonly startOffset: number;
  readonly maxBytes: number;
  readonly minOneMessage: boolean;
  readonly upToOffset: number;
}

const noBytes = new Uint8Array(0);
/** Sequential readers of one log whose place in the file is remembered. */
const readPositionsMax = 16;

/** Segments as one log, without an opinion on what is in it (kafka.log.LocalLog). */
export class LocalLog {
  readonly segments: SegmentList;
  readonly #files: FileSystem;
  readonly #clock: Clock;
  readonly #background: SerialQueue;
  readonly #deleter: SegmentDeleter;
  #folder: string;
  #logEndOffset: number;
  #recoveryPoint: number;
  #unflushedRecords = 0;
  /** Segment files created, and how many of their names survive the death of the machine. */
  #createdFiles = 1;
  #namedFiles = 0;
  /** Offset of the next read of a sequential reader → where it is in which segment. */
  readonly #readPositions = new Map<number, { segment: LogSegment; position: number }>();

  constructor(
    host: { readonly files: FileSystem; readonly clock: Clock },
    background: SerialQueue,
    state: LocalLogState,
  ) {
    this.#files = host.files;
    this.#clock = host.clock;
    this.#background = background;
    this.#deleter = new SegmentDeleter(host.files, host.clock);
    this.segments = new SegmentList(state.segments);
    this.#folder = state.folder;
    this.#logEndOffset = state.logEndOffset;
    this.#recoveryPoint = state.recoveryPoint;
  }

  get folder(): string {
    return this.#folder;
  }

  get logEndOffset(): number {
    return this.#logEndOffset;
  }

  get recoveryPoint(): number {
    return this.#recoveryPoint;
  }

  /** Throws FileError; the log is then as it was before. */
  append(bytes: Uint8Array, summary: AppendSummary, config: LogConfig): void {
    const segment = this.segments.active;
    try {
      segment.append(bytes, summary, config.indexIntervalBytes);
    } catch (error) {
      segment.repairSize();
      throw error;
    }
    segment.modifiedAtMs = this.#clock.nowMs();
    this.#unflushedRecords += summary.lastOffset + 1 - this.#logEndOffset;
    this.#logEndOffset = summary.lastOffset + 1;
    if (this.#unflushedRecords < config.flushMessages) return;
    this.#unflushedRecords = 0;
    this.#background.add(() => this.flush());
  }

  /** LogSegment.shouldRoll: too large, too old, or an index is full. */
  shouldRoll(sizeBytes: number, summary: AppendSummary, config: LogConfig): boolean {
    const segment = this.segments.active;
    if (segment.sizeBytes === 0) return !segment.canHoldOffset(summary.lastOffset);
    if (config.segmentBytes - sizeBytes < segment.sizeBytes) return true;
    if (segment.isIndexFull(config.segmentIndexBytes)) return true;
    if (!segment.canHoldOffset(summary.lastOffset)) return true;
    return config.segmentMs < this.#ageMs(segment, summary.maxTimestamp);
  }

  #ageMs(segment: LogSegment, newTimestamp: number): number {
    const first = segment.firstTimestamp;
    if (first !== undefined && 0 <= first && 0 <= newTimestamp) return newTimestamp - first;
    return this.#clock.nowMs() - segment.createdAtMs;
  }

  /** Starts a new segment at the log's end; the old one is flushed behind the caller's back. Throws FileError. */
  roll(): void {
    const old = this.segments.active;
    old.sealIndexes();
    const base = this.#logEndOffset;
    this.segments.add(LogSegment.create(this.#files, this.#folder, base, this.#clock.nowMs()));
    this.#createdFiles++;
    this.#background.add(async () => {
      if (!this.segments.all.includes(old)) return;
      await old.flush();
      await this.#files.flushDirectory(this.#folder);
      if (this.segments.floorIndex(this.#recoveryPoint) === this.segments.all.indexOf(old)) {
        this.#recoveryPoint = Math.max(this.#recoveryPoint, base);
      }
    });
  }

  async read(options: LocalReadOptions): Promise<Uint8Array> {
    const { startOffset } = options;
    const segments = [...this.segments.all.slice(this.segments.floorIndex(startOffset))];
    const known = this.#readPositions.get(startOffset);
    for (const segment of segments) {
      const { sizeBytes } = segment;
      const position =
        known?.segment === segment
          ? known.position
          : segment.offsetIndex.lookup(startOffset).position;
      const found = await readSegment(segment.log, { ...options, position, sizeBytes });
      if (found === undefined) continue;
      this.#remember(startOffset, found.nextOffset, { segment, position: found.nextPosition });
      return found.bytes;
    }
    return noBytes;
  }

  #remember(
    startOffset: number,
    nextOffset: number,
    place: { segment: LogSegment; position: number },
  ): void {
    this.#readPositions.delete(startOffset);
    this.#readPositions.set(nextOffset, place);
    if (this.#readPositions.size <= readPositionsMax) return;
    for (const oldest of this.#readPositions.keys()) {
      this.#readPositions.delete(oldest);
      return;
    }
  }

  /** Cuts at `offset` or, when that lies within a batch, where that batch starts. `offset` is not before the first segment. */
  async truncateTo(offset: number): Promise<void> {
    await this.#background.idle();
    // From the end: a crash on the way leaves no hole.
    this.#delete(this.segments.removeAfter(offset).toReversed());
    const segment = this.segments.active;
    const cut = await findCut(segment, offset);
    segment.truncate(cut.position, cut.offset);
    await this.#afterTruncation(await scanTail(segment));
  }

  /** Empties the log; its next record gets `offset`. */
  async truncateFullyAndStartAt(offset: number): Promise<void> {
    await this.#background.idle();
    const same = this.segments.all.find(({ baseOffset }) => baseOffset === offset);
    same?.truncate(0, offset);
    const first = same ?? LogSegment.create(this.#files, this.#folder, offset, this.#clock.nowMs());
    const others = this.segments.replaceAll(first).filter((segment) => segment !== first);
    this.#delete(others.toReversed());
    await this.#afterTruncation(offset);
  }

  /** What was cut must not come back when the machine dies. */
  async #afterTruncation(logEndOffset: number): Promise<void> {
    this.#readPositions.clear();
    this.#logEndOffset = logEndOffset;
    this.#recoveryPoint = Math.min(this.#recoveryPoint, logEndOffset);
    await this.#background.idle();
    await this.segments.active.flush();
    await this.#files.flushDirectory(this.#folder);
  }

  deleteFirst(count: number): void {
    if (0 < count) this.#delete(this.segments.removeFirst(count));
  }

  #delete(segments: readonly LogSegment[]): void {
    const folder = this.#folder;
    for (const segment of segments) {
      this.#background.add(() => this.#deleter.add(segment, folder));
    }
  }

  /** Rejects with FileError. */
  async flush(): Promise<void> {
    const upTo = this.#logEndOffset;
    if (upTo <= this.#recoveryPoint) return;
    const from = this.segments.floorIndex(this.#recoveryPoint);
    for (const segment of this.segments.all.slice(from)) await segment.flush();
    await this.#flushNames();
    this.#recoveryPoint = Math.max(this.#recoveryPoint, Math.min(upTo, this.#logEndOffset));
  }

  async #flushNames(): Promise<void> {
    const created = this.#createdFiles;
    if (created <= this.#namedFiles) return;
    await this.#files.flushDirectory(this.#folder);
    this.#namedFiles = Math.max(this.#namedFiles, created);
  }

  /** Removes files whose delay is over; writes index entries that wait in memory. */
  async tick(fileDeleteDelayMs: number): Promise<void> {
    const { offsetIndex, timeIndex } = this.segments.active;
    offsetIndex.writePending();
    timeIndex.writePending();
    await this.#deleter.removeDue(fileDeleteDelayMs);
  }

  async rename(folder: string): Promise<void> {
    await this.#background.idle();
    await this.#deleter.removeAll();
    await this.#files.rename(this.#folder, folder);
    this.#folder = folder;
  }

  async close(): Promise<void> {
    this.segments.active.sealIndexes();
    await this.#background.idle();
    await this.flush();
    await this.#deleter.removeAll();
    for (const segment of this.segments.all) await segment.close();
  }

  /** Ends without writing. */
  async abandon(): Promise<void> {
    await this.#background.idle();
    await this.#deleter.abandon();
    for (const segment of this.segments.all) await segment.abandon();
  }
}

/** The start of the batch that contains `offset` or comes after it; the end of the segment when there is none. */
async function findCut(
  segment: LogSegment,
  offset: number,
): Promise<{ position: number; offset: number }> {
  const start = segment.offsetIndex.lookup(offset - 1).position;
  for await (const { batch, position } of scanBatches(segment.log, start, segment.sizeBytes)) {
    if (offset <= batch.lastOffset) return { position, offset: batch.baseOffset };
  }
  return { position: segment.sizeBytes, offset };
}
