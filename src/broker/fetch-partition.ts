import type { Partition } from './partition.ts';
import type { Isolation, PartitionWatcher } from './partition-types.ts';

/** What a response says about a partition, as far as the session must know. */
export interface SentPartition {
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly logStartOffset: number;
  readonly recordBytes: number;
  readonly isDiverging: boolean;
  /** KIP-392: the reader is sent elsewhere. */
  readonly preferredReadReplica: number;
}

export interface FetchPosition {
  readonly currentLeaderEpoch: number;
  readonly fetchOffset: number;
  readonly lastFetchedEpoch: number;
  readonly logStartOffset: number;
  readonly partitionMaxBytes: number;
}

/**
 * What a reader is interested in, and which of it has changed since it was last answered. A change costs what
 * it touches: neither a fetch nor an append looks at partitions that are at rest, however many a session has.
 */
export class FetchInterest {
  /** Have to be looked at for the next answer; those that had to wait last time come first. */
  readonly dirty = new Set<FetchPartition>();
  /** Of the last request. */
  isolation: Isolation = 'high-watermark';
  /** Whether a new high watermark alone is worth an answer to a follower: its own readers wait for it (KIP-392). */
  isEagerForHighWatermark = false;
  /** Set while a request waits: there may be something to read, or a partition is not what it was. */
  onReadable: ((partition: FetchPartition, isStateChange: boolean) => void) | undefined;

  markDirty(partition: FetchPartition): void {
    this.dirty.add(partition);
  }

  readable(partition: FetchPartition, isStateChange: boolean): void {
    this.dirty.add(partition);
    this.onReadable?.(partition, isStateChange);
  }
}

/** One partition of a fetch, as the client last asked for it, and what it was last told. */
export class FetchPartition implements PartitionWatcher {
  /** '' while the topic id is not known. */
  topic: string;
  /** '' where the client names topics. */
  readonly topicId: string;
  readonly partition: number;
  currentLeaderEpoch = -1;
  fetchOffset = 0;
  lastFetchedEpoch = -1;
  logStartOffset = -1;
  partitionMaxBytes = 0;
  /** High watermark and log start offset of the last response; -1 before one. */
  sentHighWatermark = -1;
  sentLogStartOffset = -1;
  /** The last response had an error, so the next one is sent whatever it says. */
  hadError = false;
  /** `appendedBytes` of the partition when it was last read. */
  appendedBytesAtRead = 0;
  readonly #interest: FetchInterest;
  #local: Partition | undefined;

  constructor(
    id: { readonly topic: string; readonly topicId: string; readonly partition: number },
    interest: FetchInterest,
    position: FetchPosition,
  ) {
    this.topic = id.topic;
    this.topicId = id.topicId;
    this.partition = id.partition;
    this.#interest = interest;
    this.moveTo(position);
  }

  /** Of this broker, when it was last read. */
  get local(): Partition | undefined {
    return this.#local;
  }

  moveTo(position: FetchPosition): void {
    this.currentLeaderEpoch = position.currentLeaderEpoch;
    this.fetchOffset = position.fetchOffset;
    this.lastFetchedEpoch = position.lastFetchedEpoch;
    this.logStartOffset = position.logStartOffset;
    this.partitionMaxBytes = position.partitionMaxBytes;
    this.#interest.markDirty(this);
  }

  /** Is looked at for the next answer, whatever happens until then. */
  keepDirty(): void {
    this.#interest.markDirty(this);
  }

  /** Hears of changes of `partition` from now on, and of no other. */
  watch(partition: Partition | undefined): void {
    if (this.#local === partition) return;
    this.#local?.watchers.delete(this);
    this.#local = partition;
    partition?.watchers.add(this);
  }

  /** Bytes that have come since it was last read, if any of them may be read. */
  newBytes(): number {
    const local = this.#local;
    if (local === undefined) return 0;
    if (local.endOffsetFor(this.#interest.isolation) <= this.fetchOffset) return 0;
    return Math.max(1, local.appendedBytes - this.appendedBytesAtRead);
  }

  onLogEnd(): void {
    if (this.#interest.isolation === 'log-end') this.#interest.readable(this, false);
  }

  onHighWatermark(): void {
    const { isolation, isEagerForHighWatermark } = this.#interest;
    if (isolation !== 'log-end') this.#interest.readable(this, false);
    else if (isEagerForHighWatermark) this.#interest.readable(this, true);
    else this.#interest.markDirty(this);
  }

  onState(): void {
    this.#interest.readable(this, true);
  }

  /** Whether the client hears of this partition; remembers what it is told. */
  noteSent(sent: SentPartition): boolean {
    const hasNews =
      0 < sent.recordBytes ||
      sent.errorCode !== 0 ||
      this.hadError ||
      sent.isDiverging ||
      sent.preferredReadReplica !== -1 ||
      sent.highWatermark !== this.sentHighWatermark ||
      sent.logStartOffset !== this.sentLogStartOffset;
    this.sentHighWatermark = sent.highWatermark;
    this.sentLogStartOffset = sent.logStartOffset;
    this.hadError = sent.errorCode !== 0;
    return hasNews;
  }
}
