import { assert } from '../base/assert.ts';
import { FileError } from '../base/file-system.ts';
import type { RecordBatch } from '../protocol/records/record-batch.ts';
import { appendedInfo, assignOffsets, producerAnswer, summarize } from './append-info.ts';
import {
  type AppendOrigin,
  appendError,
  asAppendError,
  followerBatches,
  leaderBatches,
} from './append-validation.ts';
import { writeEpochCheckpoint } from './checkpoint-file.ts';
import type { EpochEndOffset, LeaderEpochCache } from './leader-epoch-cache.ts';
import { LocalLog } from './local-log.ts';
import type { LogConfig } from './log-config.ts';
import { leaderEpochCheckpointName, logFileName } from './log-file-names.ts';
import { type LoadedLog, loadLog } from './log-loader.ts';
import type {
  AppendResult,
  LogContext,
  LogOpenOptions,
  LogRead,
  ReadOptions,
} from './partition-log-types.ts';
import { writeProducerSnapshot } from './producer-snapshot.ts';
import type { ProducerState } from './producer-state.ts';
import { coordinatorEpochOf, loadProducerState } from './producer-state-loader.ts';
import { RecentAppends, type RecentRead } from './recent-appends.ts';
import { recompressed } from './recompression.ts';
import { expiredSegmentCount } from './retention.ts';
import { SerialQueue } from './serial-queue.ts';
import {
  findOffsetOfMaxTimestamp,
  findTimestamp,
  type TimestampMatch,
} from './timestamp-lookup.ts';

const noBytes = new Uint8Array(0);
/** `producer.id.expiration.ms` */
const producerIdExpirationMs = 86_400_000;

/**
 * One partition's log (kafka.log.UnifiedLog): what may be appended, and what of it may be read. Appends are
 * synchronous and ordered, reads are promises. Truncation must not overlap with appends.
 */
export class PartitionLog {
  readonly topic: string;
  readonly partition: number;
  readonly topicId: string | undefined;
  readonly epochs: LeaderEpochCache;
  /** May be replaced at any time, as when a topic's configuration changes. */
  config: LogConfig;
  readonly #ctx: LogContext;
  readonly #background: SerialQueue;
  readonly #local: LocalLog;
  readonly #recent: RecentAppends | undefined;
  #producers: ProducerState;
  #logStartOffset: number;
  #highWatermark: number;
  #isClosed = false;
  #isTruncating = false;

  /** See `open`. */
  private constructor(ctx: LogContext, options: LogOpenOptions, loaded: LoadedLog) {
    this.topic = options.topic;
    this.partition = options.partition;
    this.topicId = options.topicId;
    this.config = options.config;
    this.epochs = loaded.epochs;
    this.#ctx = ctx;
    this.#recent = ctx.recentAppends && new RecentAppends(ctx.recentAppends);
    this.#background = new SerialQueue((error) => ctx.onStorageError(this.folder, error));
    this.#local = new LocalLog(ctx, this.#background, { ...loaded, folder: options.folder });
    const epochsPath = () => `${this.folder}/${leaderEpochCheckpointName}`;
    this.epochs.saveBy((entries) =>
      this.#background.add(() => writeEpochCheckpoint(ctx.files, epochsPath(), entries)),
    );
    this.#producers = loaded.producers;
    this.#logStartOffset = loaded.logStartOffset;
    this.#highWatermark = loaded.logStartOffset;
  }

  /** Opens the log in `options.folder`, empty or not, and recovers it. Rejects with FileError. */
  static async open(ctx: LogContext, options: LogOpenOptions): Promise<PartitionLog> {
    const { isCleanShutdown = false, recoveryPoint = 0, logStartOffset = 0 } = options;
    const { folder, config } = options;
    const state = { folder, config, isCleanShutdown, recoveryPoint, logStartOffset };
    return new PartitionLog(ctx, options, await loadLog({ ...ctx, ...state }));
  }

  /** As in messages and folder names: `test-0`. */
  get name(): string {
    return `${this.topic}-${this.partition}`;
  }

  get folder(): string {
    return this.#local.folder;
  }

  get logStartOffset(): number {
    return this.#logStartOffset;
  }

  /** The offset that the next record gets. */
  get logEndOffset(): number {
    return this.#local.logEndOffset;
  }

  get highWatermark(): number {
    return this.#highWatermark;
  }

  /** What a `read_committed` consumer may see: up to the first open transaction. */
  get lastStableOffset(): number {
    const unstable = this.#producers.firstUnstableOffset();
    return unstable === undefined ? this.#highWatermark : Math.min(unstable, this.#highWatermark);
  }

  /** All before it has been flushed. */
  get recoveryPoint(): number {
    return this.#local.recoveryPoint;
  }

  get sizeBytes(): number {
    return this.#local.segments.sizeBytes;
  }

  /** Where its files begin; the log start offset may lie later. */
  get firstSegmentOffset(): number {
    return this.#local.segments.first.baseOffset;
  }

  get segmentCount(): number {
    return this.#local.segments.count;
  }

  get producers(): ProducerState {
    return this.#producers;
  }

  /** -1: none yet. */
  get latestEpoch(): number {
    return this.epochs.latestEpoch;
  }

  /**
   * Appends batches of a client or coordinator: checks them, gives them offsets and the leader's epoch, writes
   * them. The bytes are changed in place and must not be changed by anybody else from now on.
   */
  appendAsLeader(
    bytes: Uint8Array,
    leaderEpoch: number,
    origin: AppendOrigin = 'client',
  ): AppendResult {
    const { config, name } = this;
    const { clock, codecs } = this.#ctx;
    const batches = leaderBatches(bytes, { config, origin, name, nowMs: clock.nowMs(), codecs });
    if ('kind' in batches) return batches;
    if (origin !== 'client') return this.#assignAndWrite(bytes, batches, leaderEpoch);
    const [batch] = batches;
    return producerAnswer(this.#producers, batch, this) ?? this.#appendOfClient(batch, leaderEpoch);
  }

  /** Appends what the leader has: offsets and epochs are in the batches already. */
  appendAsFollower(bytes: Uint8Array): AppendResult {
    const batches = followerBatches(bytes, this.name, this.logEndOffset);
    return 'kind' in batches ? batches : this.#write(bytes, batches, -1);
  }

  /** Whole batches from the one with `startOffset` on, as many as fit into `maxBytes`. Rejects with FileError and CorruptRecordError. */
  async read(startOffset: number, maxBytes: number, options: ReadOptions = {}): Promise<LogRead> {
    const { logEndOffset } = this;
    if (startOffset < this.#logStartOffset || logEndOffset < startOffset) {
      return { kind: 'error', errorCode: 'OFFSET_OUT_OF_RANGE' };
    }
    const { minOneMessage = false, upTo = logEndOffset } = options;
    const upToOffset = Math.min(upTo, logEndOffset);
    const bytes =
      upToOffset <= startOffset
        ? noBytes
        : await this.#local.read({ startOffset, maxBytes, minOneMessage, upToOffset });
    return { kind: 'records', bytes };
  }

  /**
   * As `read`, in this turn, of what was appended last: the very bytes, which must not be changed. Undefined when
   * that does not reach back to `startOffset`.
   */
  readRecent(read: RecentRead): Uint8Array | undefined {
    return read.startOffset < this.#logStartOffset ? undefined : this.#recent?.read(read);
  }

  /** Moves the high watermark to `offset`, within the log's bounds; answers where it is now. */
  updateHighWatermark(offset: number): number {
    this.#highWatermark = Math.max(this.#logStartOffset, Math.min(offset, this.logEndOffset));
    this.#producers.onHighWatermark(this.#highWatermark);
    return this.#highWatermark;
  }

  /** The first record at or after `timestamp` (milliseconds); undefined when there is none. */
  offsetForTimestamp(timestamp: number): Promise<TimestampMatch | undefined> {
    return findTimestamp(this.#lookup(), timestamp);
  }

  /** The record with the largest timestamp (KIP-734); undefined when no record has one. */
  offsetOfMaxTimestamp(): Promise<TimestampMatch | undefined> {
    return findOffsetOfMaxTimestamp(this.#lookup());
  }

  /** Where `epoch`, or the largest known one below it, ended here (KIP-101). */
  endOffsetFor(epoch: number): EpochEndOffset {
    return this.epochs.endOffsetFor(epoch, this.logEndOffset);
  }

  /** The leader of `epoch` writes from the log's end on; noted before its first record comes. */
  assignEpochStart(epoch: number): void {
    this.epochs.assign(epoch, this.logEndOffset);
  }

  /**
   * Raises the log start offset: nothing before it is read any more. -1 means the high watermark. Answers the
   * new start, or undefined where `offset` is beyond the high watermark (OFFSET_OUT_OF_RANGE).
   */
  deleteRecords(offset: number): number | undefined {
    const target = offset === -1 ? this.#highWatermark : offset;
    if (target < 0 || this.#highWatermark < target) return undefined;
    this.raiseLogStartOffset(target);
    return this.#logStartOffset;
  }

  /** As `deleteRecords`, without asking the high watermark: a follower does what its leader tells. */
  raiseLogStartOffset(offset: number): void {
    if (offset <= this.#logStartOffset) return;
    assert(offset <= this.logEndOffset, 'a log starts within itself');
    const { all } = this.#local.segments;
    const count = all.findIndex((_, i) => offset < (all[i + 1]?.baseOffset ?? offset + 1));
    this.#startAt(offset, count);
  }

  /** Applies `retention.ms` and `retention.bytes`; answers how many segments went. */
  deleteOldSegments(): number {
    if (!this.config.cleanupPolicy.includes('delete')) return 0;
    const { segments } = this.#local;
    const { highWatermark, logEndOffset } = this;
    const state = { segments: segments.all, highWatermark, logEndOffset };
    const count = expiredSegmentCount(state, this.config, this.#ctx.clock.nowMs());
    if (count === 0) return 0;
    if (count === segments.count) this.#roll();
    this.#startAt(segments.all[count]?.baseOffset ?? logEndOffset, count);
    return count;
  }

  /** Cuts the log so that it ends at `offset` or, when that lies within a batch, where that batch starts. */
  async truncateTo(offset: number): Promise<void> {
    if (this.logEndOffset <= offset) {
      // A leader that wrote nothing has left its epoch at the end: its successor does not know it.
      this.epochs.truncateFromEnd(this.logEndOffset);
      return;
    }
    if (offset < this.#local.segments.first.baseOffset) {
      await this.truncateFullyAndStartAt(offset);
      return;
    }
    await this.#truncating(() => this.#local.truncateTo(offset));
  }

  /** Empties the log; its next record gets `offset`. */
  async truncateFullyAndStartAt(offset: number): Promise<void> {
    await this.#truncating(async () => {
      await this.#local.truncateFullyAndStartAt(offset);
      this.#logStartOffset = offset;
      this.#highWatermark = offset;
      this.epochs.clear();
    });
  }

  /** Makes all that has been appended survive the death of the machine. Rejects with FileError. */
  flush(): Promise<void> {
    return this.#local.flush();
  }

  /** Resolves when all work behind the callers' backs is done. */
  settle(): Promise<void> {
    return this.#background.idle();
  }

  /** From time to time: index entries are written, deleted files removed, silent producers forgotten. */
  async tick(): Promise<void> {
    this.#producers.expire(this.#ctx.clock.nowMs(), producerIdExpirationMs);
    await this.#local.tick(this.config.fileDeleteDelayMs);
  }

  /** A clean end: everything flushed, the state of producers saved. Rejects with FileError. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#writeProducerSnapshot();
    await this.#local.close();
  }

  /** Ends without writing: the folder is about to be removed, or cannot be written. */
  async abandon(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#recent?.clear();
    await this.#local.abandon();
  }

  /** Moves the folder, such as to `NAME.UUID-delete`; the log stays usable. */
  renameFolder(to: string): Promise<void> {
    return this.#local.rename(to);
  }

  #appendOfClient(batch: RecordBatch, leaderEpoch: number): AppendResult {
    try {
      const stored = recompressed(batch, this.config.compressionType, this.#ctx.codecs) ?? batch;
      return this.#assignAndWrite(stored.bytes, [stored], leaderEpoch);
    } catch (error) {
      return asAppendError(error);
    }
  }

  #assignAndWrite(
    bytes: Uint8Array,
    batches: readonly RecordBatch[],
    leaderEpoch: number,
  ): AppendResult {
    const isLogAppendTime = this.config.messageTimestampType === 'LogAppendTime';
    const logAppendTime = isLogAppendTime ? this.#ctx.clock.nowMs() : -1;
    assignOffsets(batches, { baseOffset: this.logEndOffset, leaderEpoch, logAppendTime });
    const result = this.#write(bytes, batches, logAppendTime);
    if (result.kind === 'appended') this.#recent?.add(bytes, result);
    return result;
  }

  #write(bytes: Uint8Array, batches: readonly RecordBatch[], logAppendTime: number): AppendResult {
    assert(
      !this.#isClosed && !this.#isTruncating,
      'nothing is appended while a log ends or is cut',
    );
    const summary = summarize(batches);
    try {
      if (this.#local.shouldRoll(bytes.length, summary, this.config)) this.#roll();
      this.#local.append(bytes, summary, this.config);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.#ctx.onStorageError(this.folder, error);
      return appendError('KAFKA_STORAGE_ERROR', error.message);
    }
    for (const batch of batches) {
      this.epochs.assign(batch.partitionLeaderEpoch, batch.baseOffset);
      if (batch.hasProducerId) this.#producers.update(batch, coordinatorEpochOf(batch));
    }
    const { logStartOffset } = this;
    return appendedInfo(summary, { logAppendTime, logStartOffset, sizeBytes: bytes.length });
  }

  #roll(): void {
    this.#writeProducerSnapshot();
    this.#local.roll();
  }

  /** Named after the log's end. */
  #writeProducerSnapshot(): void {
    const path = `${this.folder}/${logFileName(this.logEndOffset, '.snapshot')}`;
    this.#background.add(writeProducerSnapshot(this.#ctx.files, path, this.#producers));
  }

  #startAt(offset: number, segmentsToDelete: number): void {
    this.#logStartOffset = Math.max(this.#logStartOffset, offset);
    this.#highWatermark = Math.max(this.#highWatermark, this.#logStartOffset);
    this.epochs.truncateFromStart(this.#logStartOffset);
    this.#local.deleteFirst(segmentsToDelete);
  }

  async #truncating(work: () => Promise<void>): Promise<void> {
    assert(!this.#isTruncating, 'a log is cut by one caller at a time');
    this.#isTruncating = true;
    this.#recent?.clear();
    try {
      await work();
      const { logEndOffset, folder } = this;
      this.epochs.truncateFromEnd(logEndOffset);
      this.#highWatermark = Math.min(this.#highWatermark, logEndOffset);
      this.#logStartOffset = Math.min(this.#logStartOffset, logEndOffset);
      const { logStartOffset } = this;
      const segments = this.#local.segments.all;
      const source = { ...this.#ctx, folder, segments, logStartOffset, logEndOffset };
      this.#producers = await loadProducerState(source);
    } finally {
      this.#isTruncating = false;
    }
  }

  #lookup() {
    const { codecs } = this.#ctx;
    return { segments: this.#local.segments.all, logStartOffset: this.#logStartOffset, codecs };
  }
}
