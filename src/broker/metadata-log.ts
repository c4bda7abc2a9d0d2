import { assert } from '../base/assert.ts';
import {
  FileError,
  type FileSystem,
  type RandomAccessFile,
  readFile,
  writeFileAtomically,
} from '../base/file-system.ts';
import type { OffsetAndEpoch, RaftLog, SnapshotPart } from '../raft/raft-log.ts';
import { type LogConfig, logConfigDefaults } from '../storage/log-config.ts';
import { PartitionLog } from '../storage/partition-log.ts';
import type { LogContext } from '../storage/partition-log-types.ts';
import { clusterMetadataTopic } from './internal-topics.ts';
import { lastContainedTimestampOf } from './snapshot-timestamp.ts';

const snapshotPattern = /^(\d{20})-(\d{10})\.checkpoint$/;

/** The header of a snapshot, with all voters that it may name, is well within. */
const headerBytesMax = 65_536;

/** The metadata log on disk: the partition log of `__cluster_metadata-0` with its snapshots (Kafka's `KafkaMetadataLog`). */
export class MetadataLog implements RaftLog {
  readonly folder: string;
  readonly #ctx: LogContext;
  readonly #files: FileSystem;
  readonly #log: PartitionLog;
  /** In order of offset. */
  #snapshots: OffsetAndEpoch[];
  /** A snapshot that is being fetched. */
  #part: RandomAccessFile | undefined;
  #cut: Promise<void> = Promise.resolve();

  private constructor(ctx: LogContext, log: PartitionLog, snapshots: OffsetAndEpoch[]) {
    this.folder = log.folder;
    this.#ctx = ctx;
    this.#files = ctx.files;
    this.#log = log;
    this.#snapshots = snapshots;
  }

  /**
   * Opens or creates `__cluster_metadata-0` in a log dir. `retentionBytes` are those of log and snapshots together,
   * `retentionMs` counts from a snapshot's last record. Rejects with FileError.
   */
  static async open(
    ctx: LogContext,
    logDir: string,
    config: Partial<LogConfig>,
  ): Promise<MetadataLog> {
    const folder = `${logDir}/${clusterMetadataTopic}-0`;
    await ctx.files.makeDirectory(folder);
    await ctx.files.flushDirectory(logDir);
    const snapshots = await findSnapshots(ctx.files, folder);
    const log = await PartitionLog.open(ctx, {
      topic: clusterMetadataTopic,
      partition: 0,
      folder,
      config: { ...logConfigDefaults, ...config },
    });
    const opened = new MetadataLog(ctx, log, snapshots);
    await opened.#beginAtSnapshot();
    // A crash may have come between the end of old records and that of their snapshots.
    opened.#forgetSnapshotsBefore(opened.logStartOffset);
    return opened;
  }

  get logStartOffset(): number {
    return this.#log.logStartOffset;
  }

  get logEndOffset(): number {
    return this.#log.logEndOffset;
  }

  get lastEpoch(): number {
    const snapshotEpoch = this.latestSnapshot?.epoch ?? 0;
    return Math.max(this.#log.latestEpoch, snapshotEpoch, 0);
  }

  get latestSnapshot(): OffsetAndEpoch | undefined {
    return this.#snapshots.at(-1);
  }

  append(batches: Uint8Array): void {
    const result = this.#log.appendAsFollower(batches);
    if (result.kind === 'appended') return;
    // Raft made these batches itself: only the disk can refuse them.
    assert(
      result.errorCode === 'KAFKA_STORAGE_ERROR',
      `raft appends whole batches: ${result.message}`,
    );
    throw new FileError('EIO', this.folder, result.message);
  }

  flush(): Promise<void> {
    return this.#log.flush();
  }

  endOffsetForEpoch(epoch: number): OffsetAndEpoch {
    // A larger epoch than ours ends where ours does: to say less would make a follower cut what is committed.
    if (this.lastEpoch <= epoch) return { offset: this.logEndOffset, epoch: this.lastEpoch };
    const found = this.#log.endOffsetFor(epoch);
    const [first] = this.#snapshots;
    const isUnknown = found.endOffset === -1 || found.endOffset <= this.logStartOffset;
    if (isUnknown && first !== undefined) return first;
    return { offset: Math.max(found.endOffset, this.logStartOffset), epoch: found.epoch };
  }

  /** Only a follower's log is cut; the cut is carried out in order before the next read. */
  truncateTo(offset: number): Promise<void> {
    this.#cut = this.#cut.then(() => this.#log.truncateTo(offset));
    return this.#cut;
  }

  async read(from: number, upTo: number, maxBytes: number): Promise<Uint8Array> {
    await this.#cut;
    const result = await this.#log.read(from, maxBytes, { upTo, minOneMessage: true });
    assert(result.kind === 'records', 'raft reads within its log');
    return result.bytes;
  }

  async readSnapshot(id: OffsetAndEpoch): Promise<Uint8Array | undefined> {
    try {
      return await readFile(this.#files, this.#pathOf(id));
    } catch (error) {
      if (error instanceof FileError && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async writeSnapshot(id: OffsetAndEpoch, content: Uint8Array): Promise<void> {
    await writeFileAtomically(this.#files, this.#pathOf(id), content);
    this.#addSnapshot(id);
  }

  /**
   * The oldest snapshots go, and the log before the next one, while all together are too large or the oldest is too
   * old (`KafkaMetadataLog.maybeClean`, KIP-630). Simplified: looked at with each new snapshot, in Kafka every minute.
   */
  async deleteOldSnapshots(): Promise<void> {
    for (;;) {
      const [oldest, next] = this.#snapshots;
      if (oldest === undefined || next === undefined) return;
      if (!((await this.#isTooLarge()) || (await this.#isTooOld(oldest)))) return;
      this.#log.raiseLogStartOffset(Math.min(next.offset, this.logEndOffset));
      this.#forgetSnapshotsBefore(next.offset);
      await this.#cut;
    }
  }

  /** One that stays costs room and nothing else: the next start takes it away. */
  async #removeOld(id: OffsetAndEpoch): Promise<void> {
    const path = this.#pathOf(id);
    try {
      await this.#files.remove(path);
    } catch (error) {
      const message = `Error when deleting the old snapshot ${path}`;
      this.#ctx.logger.log('WARN', 'kafka.raft.KafkaMetadataLog', message, error);
    }
  }

  async readSnapshotAt(
    id: OffsetAndEpoch,
    position: number,
    maxBytes: number,
  ): Promise<SnapshotPart | undefined> {
    if (!this.#snapshots.some((each) => isSame(each, id))) return undefined;
    const file = await this.#files.open(this.#pathOf(id));
    try {
      const { sizeBytes } = file;
      const length = Math.min(maxBytes, sizeBytes - position);
      const bytes = 0 < length ? await file.read(position, length) : new Uint8Array(0);
      return { sizeBytes, bytes };
    } finally {
      await file.close();
    }
  }

  writeSnapshotPart(id: OffsetAndEpoch, position: number, bytes: Uint8Array): void {
    const path = this.#partOf(id);
    if (position === 0) {
      this.#closePart();
      this.#part = this.#files.create(path);
    }
    assert(this.#part?.path === path, 'one snapshot is fetched at a time, from its beginning');
    this.#part.write(position, [bytes]);
  }

  async readSnapshotPart(id: OffsetAndEpoch): Promise<Uint8Array> {
    assert(this.#part?.path === this.#partOf(id), 'what was written is read');
    return await this.#part.read(0, this.#part.sizeBytes);
  }

  async installSnapshotPart(id: OffsetAndEpoch): Promise<void> {
    await this.#part?.flush();
    await this.#part?.close();
    this.#part = undefined;
    await this.#files.rename(this.#partOf(id), this.#pathOf(id));
    await this.#files.flushDirectory(this.folder);
    this.#addSnapshot(id);
    this.#cut = this.#cut.then(() => this.#log.truncateFullyAndStartAt(id.offset));
    await this.#cut;
    this.#forgetSnapshotsBefore(id.offset);
  }

  async discardSnapshotPart(id: OffsetAndEpoch): Promise<void> {
    await this.#part?.close();
    this.#part = undefined;
    await this.#files.remove(this.#partOf(id));
  }

  /** Flushes and closes the files. */
  async close(): Promise<void> {
    this.#closePart();
    await this.#cut;
    await this.#log.close();
  }

  /** A crash may have come between a snapshot's arrival and the end of the log that it replaces. */
  async #beginAtSnapshot(): Promise<void> {
    const snapshot = this.latestSnapshot;
    if (snapshot === undefined) return;
    const { latestEpoch } = this.#log;
    const isShorter = this.logEndOffset < snapshot.offset;
    const isOlder = 0 <= latestEpoch && latestEpoch < snapshot.epoch;
    if (isOlder || (isShorter && latestEpoch <= snapshot.epoch)) {
      await this.#log.truncateFullyAndStartAt(snapshot.offset);
    }
  }

  async #isTooLarge(): Promise<boolean> {
    const { retentionBytes } = this.#log.config;
    let { sizeBytes } = this.#log;
    if (retentionBytes < 0) return false;
    for (const id of this.#snapshots) {
      sizeBytes += (await this.#files.stat(this.#pathOf(id)))?.sizeBytes ?? 0;
    }
    return retentionBytes < sizeBytes;
  }

  async #isTooOld(id: OffsetAndEpoch): Promise<boolean> {
    const { retentionMs } = this.#log.config;
    if (retentionMs < 0) return false;
    const { bytes } = (await this.readSnapshotAt(id, 0, headerBytesMax)) ?? {};
    const timestampMs = bytes && lastContainedTimestampOf(bytes);
    return timestampMs !== undefined && retentionMs < this.#ctx.clock.nowMs() - timestampMs;
  }

  /** The newest one stays in any case. */
  #forgetSnapshotsBefore(offset: number): void {
    const { latestSnapshot } = this;
    const old = this.#snapshots.filter((id) => id.offset < offset && id !== latestSnapshot);
    this.#snapshots = this.#snapshots.filter((id) => !old.includes(id));
    for (const id of old) this.#cut = this.#cut.then(() => this.#removeOld(id));
  }

  #addSnapshot(id: OffsetAndEpoch): void {
    const others = this.#snapshots.filter((each) => !isSame(each, id));
    this.#snapshots = [...others, id].sort((a, b) => a.offset - b.offset);
  }

  #closePart(): void {
    const part = this.#part;
    this.#part = undefined;
    if (part !== undefined) this.#cut = this.#cut.then(() => part.close());
  }

  #partOf(id: OffsetAndEpoch): string {
    return `${this.#pathOf(id)}.part`;
  }

  #pathOf({ offset, epoch }: OffsetAndEpoch): string {
    const name = `${String(offset).padStart(20, '0')}-${String(epoch).padStart(10, '0')}`;
    return `${this.folder}/${name}.checkpoint`;
  }
}

async function findSnapshots(files: FileSystem, folder: string): Promise<OffsetAndEpoch[]> {
  const snapshots: OffsetAndEpoch[] = [];
  for (const { name } of await files.list(folder)) {
    // What a crash left half fetched is of no use.
    if (/\.checkpoint\.(part|tmp)$/.test(name)) await files.remove(`${folder}/${name}`);
    const match = snapshotPattern.exec(name);
    if (match !== null) snapshots.push({ offset: Number(match[1]), epoch: Number(match[2]) });
  }
  return snapshots;
}

function isSame(a: OffsetAndEpoch, b: OffsetAndEpoch): boolean {
  return a.offset === b.offset && a.epoch === b.epoch;
}
