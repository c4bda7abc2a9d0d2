import { assert } from '../base/assert.ts';
import { FileError, type FileSystem, readFile, writeFileAtomically } from '../base/file-system.ts';
import type { OffsetAndEpoch, RaftLog } from '../raft/raft-log.ts';
import { type LogConfig, logConfigDefaults } from '../storage/log-config.ts';
import { PartitionLog } from '../storage/partition-log.ts';
import type { LogContext } from '../storage/partition-log-types.ts';
import { clusterMetadataTopic } from './internal-topics.ts';

const snapshotPattern = /^(\d{20})-(\d{10})\.checkpoint$/;

/** The metadata log on disk: the partition log of `__cluster_metadata-0` with its snapshots (Kafka's `KafkaMetadataLog`). */
export class MetadataLog implements RaftLog {
  readonly folder: string;
  readonly #files: FileSystem;
  readonly #log: PartitionLog;
  /** In order of offset. */
  #snapshots: OffsetAndEpoch[];

  private constructor(files: FileSystem, log: PartitionLog, snapshots: OffsetAndEpoch[]) {
    this.folder = log.folder;
    this.#files = files;
    this.#log = log;
    this.#snapshots = snapshots;
  }

  /** Opens or creates `__cluster_metadata-0` in a log dir. Rejects with FileError. */
  static async open(
    ctx: LogContext,
    logDir: string,
    config: Partial<LogConfig>,
  ): Promise<MetadataLog> {
    const folder = `${logDir}/${clusterMetadataTopic}-0`;
    await ctx.files.makeDirectory(folder);
    const snapshots = await findSnapshots(ctx.files, folder);
    const log = await PartitionLog.open(ctx, {
      topic: clusterMetadataTopic,
      partition: 0,
      folder,
      config: { ...logConfigDefaults, ...config },
    });
    return new MetadataLog(ctx.files, log, snapshots);
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
    const found = this.#log.endOffsetFor(epoch);
    if (found.epoch === -1 || found.endOffset === -1) {
      return { offset: this.logStartOffset, epoch: Math.min(epoch, this.lastEpoch) };
    }
    return { offset: found.endOffset, epoch: found.epoch };
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
    await this.#files.flushDirectory(this.folder);
    this.#snapshots = [...this.#snapshots, id].sort((a, b) => a.offset - b.offset);
  }

  deleteBeforeLatestSnapshot(): void {
    const { latestSnapshot } = this;
    if (latestSnapshot === undefined) return;
    this.#log.raiseLogStartOffset(Math.min(latestSnapshot.offset, this.logEndOffset));
    const old = this.#snapshots.filter((id) => id !== latestSnapshot);
    this.#snapshots = [latestSnapshot];
    for (const id of old) this.#cut = this.#cut.then(() => this.#files.remove(this.#pathOf(id)));
  }

  truncateToSnapshot(id: OffsetAndEpoch): Promise<void> {
    this.#cut = this.#cut.then(() => this.#log.truncateFullyAndStartAt(id.offset));
    return this.#cut;
  }

  /** Flushes and closes the files. */
  async close(): Promise<void> {
    await this.#cut;
    await this.#log.close();
  }

  #cut: Promise<void> = Promise.resolve();

  #pathOf({ offset, epoch }: OffsetAndEpoch): string {
    const name = `${String(offset).padStart(20, '0')}-${String(epoch).padStart(10, '0')}`;
    return `${this.folder}/${name}.checkpoint`;
  }
}

async function findSnapshots(files: FileSystem, folder: string): Promise<OffsetAndEpoch[]> {
  const snapshots: OffsetAndEpoch[] = [];
  for (const { name } of await files.list(folder)) {
    const match = snapshotPattern.exec(name);
    if (match !== null) snapshots.push({ offset: Number(match[1]), epoch: Number(match[2]) });
  }
  return snapshots;
}
