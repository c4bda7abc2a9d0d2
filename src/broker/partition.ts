import type { PartitionRegistration } from '../controller/metadata-image.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';
import type { AppendError, AppendOrigin } from '../storage/append-validation.ts';
import type { PartitionLog } from '../storage/partition-log.ts';
import type { LogAppendInfo, LogRead } from '../storage/partition-log-types.ts';

export interface PartitionRead {
  readonly fetchOffset: number;
  readonly maxBytes: number;
  readonly minOneMessage: boolean;
  readonly isolation: Isolation;
}

/** How far a reader sees: followers and debuggers to the log's end, consumers less. */
export type Isolation = 'log-end' | 'high-watermark' | 'committed';

/**
 * A replica of a partition on this broker, with what the controller says about it (Kafka's
 * `kafka.cluster.Partition`). Now a leader is always alone in its ISR; the high watermark follows the log's
 * end at once. With replication, followers' fetches will move it.
 */
export class Partition {
  readonly topic: string;
  readonly topicId: string;
  readonly partitionIndex: number;
  readonly log: PartitionLog;
  readonly #localId: number;
  #registration: PartitionRegistration;
  /** Since this broker started; says cheaply how much has come since some moment. */
  appendedBytes = 0;

  constructor(
    id: { topic: string; topicId: string; partitionIndex: number; localId: number },
    log: PartitionLog,
    registration: PartitionRegistration,
  ) {
    this.topic = id.topic;
    this.topicId = id.topicId;
    this.partitionIndex = id.partitionIndex;
    this.#localId = id.localId;
    this.log = log;
    this.#registration = registration;
  }

  get name(): string {
    return `${this.topic}-${this.partitionIndex}`;
  }

  get isLeader(): boolean {
    return this.#registration.leader === this.#localId;
  }

  get leaderId(): number {
    return this.#registration.leader;
  }

  get leaderEpoch(): number {
    return this.#registration.leaderEpoch;
  }

  get isr(): readonly number[] {
    return this.#registration.isr;
  }

  get logStartOffset(): number {
    return this.log.logStartOffset;
  }

  get highWatermark(): number {
    return this.log.highWatermark;
  }

  /** Takes what the controller has decided; answers whether this broker has just become the leader. */
  update(registration: PartitionRegistration, isNew: boolean): boolean {
    const before = this.#registration;
    this.#registration = registration;
    if (!this.isLeader) return false;
    const isNewEpoch = isNew || before.leaderEpoch !== registration.leaderEpoch;
    if (isNewEpoch) this.log.assignEpochStart(registration.leaderEpoch);
    this.maybeAdvanceHighWatermark();
    return isNewEpoch;
  }

  /** NONE where `currentLeaderEpoch` (-1: not given) is the leader's (KIP-320). */
  checkLeaderEpoch(currentLeaderEpoch: number): ErrorCode {
    if (currentLeaderEpoch === -1 || currentLeaderEpoch === this.leaderEpoch) return 'NONE';
    return currentLeaderEpoch < this.leaderEpoch ? 'FENCED_LEADER_EPOCH' : 'UNKNOWN_LEADER_EPOCH';
  }

  /** Appends as leader, in this turn. Throws FileError when the disk fails. */
  append(bytes: Uint8Array, origin: AppendOrigin): LogAppendInfo | AppendError {
    const result = this.log.appendAsLeader(bytes, this.leaderEpoch, origin);
    if (result.kind === 'error' || result.isDuplicate) return result;
    this.appendedBytes += result.sizeBytes;
    this.maybeAdvanceHighWatermark();
    return result;
  }

  /** Moves the high watermark to what all in-sync replicas have; answers whether it moved. */
  maybeAdvanceHighWatermark(): boolean {
    const isAlone = this.isr.length === 1 && this.isr[0] === this.#localId;
    if (!isAlone || this.log.highWatermark === this.log.logEndOffset) return false;
    this.log.updateHighWatermark(this.log.logEndOffset);
    return true;
  }

  endOffsetFor(isolation: Isolation): number {
    if (isolation === 'log-end') return this.log.logEndOffset;
    return isolation === 'committed' ? this.log.lastStableOffset : this.log.highWatermark;
  }

  read({ fetchOffset, maxBytes, minOneMessage, isolation }: PartitionRead): Promise<LogRead> {
    const upTo = this.endOffsetFor(isolation);
    return this.log.read(fetchOffset, maxBytes, { minOneMessage, upTo });
  }
}
