import { NO_LEADER, type PartitionRegistration } from '../controller/metadata-image.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';
import type { AppendError, AppendOrigin } from '../storage/append-validation.ts';
import type { PartitionLog } from '../storage/partition-log.ts';
import type { LogAppendInfo } from '../storage/partition-log-types.ts';
import { type FollowerFetch, FollowerState } from './follower-state.ts';
import { committedIsrOf, type IsrState, maximalIsrOf, shrinkMessage } from './isr-state.ts';
import type {
  Isolation,
  IsrAnswer,
  IsrOwner,
  PartitionHost,
  PartitionWatcher,
} from './partition-types.ts';
import { type PendingAck, PendingAcks } from './pending-acks.ts';

/**
 * A replica of a partition on this broker, with what the controller says about it (Kafka's
 * `kafka.cluster.Partition`). As leader it knows how far its followers are, moves the high watermark to what all
 * in-sync replicas have, and asks the controller to shrink and grow the ISR. Nothing here waits or reads a clock
 * behind the caller's back.
 */
export class Partition implements IsrOwner {
  readonly topic: string;
  readonly topicId: string;
  readonly partitionIndex: number;
  readonly name: string;
  readonly log: PartitionLog;
  /** Whoever is told of changes: fetch sessions, mostly. */
  readonly watchers = new Set<PartitionWatcher>();
  /** Since this broker started; says cheaply how much has come since some moment. */
  appendedBytes = 0;
  /** Its disk has failed: nothing is read or written any more. */
  isOffline = false;
  readonly #host: PartitionHost;
  readonly #acks = new PendingAcks();
  readonly #followers = new Map<number, FollowerState>();
  #registration: PartitionRegistration;
  #isrState: IsrState;
  #leaderEpochStartOffset = 0;
  #isRemoved = false;

  constructor(
    id: { topic: string; topicId: string; partitionIndex: number },
    log: PartitionLog,
    registration: PartitionRegistration,
    host: PartitionHost,
  ) {
    this.topic = id.topic;
    this.topicId = id.topicId;
    this.partitionIndex = id.partitionIndex;
    this.name = `${id.topic}-${id.partitionIndex}`;
    this.log = log;
    this.#host = host;
    this.#registration = registration;
    this.#isrState = committedIsrOf(registration);
  }

  get isLeader(): boolean {
    return this.leaderId === this.#host.localId && !this.#isRemoved;
  }

  /** -1 when there is none. */
  get leaderId(): number {
    return this.#registration.leader;
  }

  get leaderEpoch(): number {
    return this.#registration.leaderEpoch;
  }

  get replicas(): readonly number[] {
    return this.#registration.replicas;
  }

  get registration(): PartitionRegistration {
    return this.#registration;
  }

  /** As the controller has it, also while a change is asked for. */
  get isr(): readonly number[] {
    return this.#isrState.committed.isr;
  }

  get isrState(): IsrState {
    return this.#isrState;
  }

  get followers(): ReadonlyMap<number, FollowerState> {
    return this.#followers;
  }

  get logStartOffset(): number {
    return this.log.logStartOffset;
  }

  get highWatermark(): number {
    return this.log.highWatermark;
  }

  /** Where the leader's epoch began in its log. */
  get leaderEpochStartOffset(): number {
    return this.#leaderEpochStartOffset;
  }

  get pendingAckCount(): number {
    return this.#acks.size;
  }

  /** `min.insync.replicas`, as far as there are so many replicas at all. */
  get minIsr(): number {
    return Math.min(this.#host.minInsyncReplicasOf(this.topic), this.replicas.length);
  }

  get isUnderMinIsr(): boolean {
    return this.isr.length < this.minIsr;
  }

  /** Takes what the controller has decided; answers whether this broker begins to lead a new epoch. */
  update(registration: PartitionRegistration, isNew = false): boolean {
    const before = this.#registration;
    const isNewEpoch = isNew || before.leaderEpoch !== registration.leaderEpoch;
    this.#registration = registration;
    const isNewIsr = this.#isrState.committed.partitionEpoch < registration.partitionEpoch;
    if (isNewEpoch || isNewIsr) this.#isrState = committedIsrOf(registration);
    if (!this.isLeader) {
      this.#followers.clear();
      this.#acks.fail('NOT_LEADER_OR_FOLLOWER');
      if (isNewEpoch) this.#notifyState();
      return false;
    }
    this.#updateFollowers();
    // Epochs that were skipped may have had other leaders, to whom followers have cut their logs.
    const isNewLeader =
      isNew ||
      before.leader !== registration.leader ||
      before.leaderEpoch + 1 < registration.leaderEpoch;
    if (isNewEpoch) this.#beginEpoch(isNewLeader);
    this.maybeAdvanceHighWatermark();
    if (isNewEpoch) this.#notifyState();
    else this.retryIsr();
    return isNewEpoch;
  }

  /** The partition leaves this broker, or its disk has failed. */
  remove(): void {
    this.#isRemoved = true;
    this.#acks.fail('NOT_LEADER_OR_FOLLOWER');
    this.#notifyState();
    this.watchers.clear();
  }

  /** NONE where `currentLeaderEpoch` (-1: not given) is the leader's (KIP-320). */
  checkLeaderEpoch(currentLeaderEpoch: number): ErrorCode {
    if (currentLeaderEpoch === -1 || currentLeaderEpoch === this.leaderEpoch) return 'NONE';
    return currentLeaderEpoch < this.leaderEpoch ? 'FENCED_LEADER_EPOCH' : 'UNKNOWN_LEADER_EPOCH';
  }

  /** Appends as leader, in this turn. Throws FileError when the disk fails. */
  append(bytes: Uint8Array, origin: AppendOrigin): LogAppendInfo | AppendError {
    const { logEndOffset } = this.log;
    const result = this.log.appendAsLeader(bytes, this.leaderEpoch, origin);
    if (result.kind === 'error' || result.isDuplicate) return result;
    for (const follower of this.#followers.values()) follower.beforeAppend(logEndOffset);
    this.appendedBytes += result.sizeBytes;
    for (const watcher of this.watchers) watcher.onLogEnd();
    this.maybeAdvanceHighWatermark();
    return result;
  }

  /**
   * Appends what the leader has sent, and takes over how far the leader's high watermark and log start are.
   * Throws FileError when the disk fails.
   */
  appendAsFollower(
    bytes: Uint8Array,
    leader: { readonly highWatermark: number; readonly logStartOffset: number },
  ): LogAppendInfo | AppendError | undefined {
    const result = bytes.byteLength === 0 ? undefined : this.log.appendAsFollower(bytes);
    if (result?.kind === 'error') return result;
    this.appendedBytes += bytes.byteLength;
    if (result !== undefined) for (const watcher of this.watchers) watcher.onLogEnd();
    // A new leader may know of a lower one than its predecessor had told: what was committed stays so.
    this.#moveHighWatermark(Math.min(leader.highWatermark, this.log.logEndOffset));
    if (this.log.logStartOffset < leader.logStartOffset) {
      this.log.raiseLogStartOffset(Math.min(leader.logStartOffset, this.log.logEndOffset));
    }
    return result;
  }

  /** Calls back when all in-sync replicas have what comes before `requiredOffset`, perhaps at once. Answers how to give up. */
  awaitReplicated(requiredOffset: number, onDone: (errorCode: ErrorCode) => void): () => void {
    if (!this.isLeader) {
      onDone('NOT_LEADER_OR_FOLLOWER');
      return () => undefined;
    }
    if (this.#isReplicated(requiredOffset)) {
      onDone(this.#ackError());
      return () => undefined;
    }
    const ack: PendingAck = { requiredOffset, onDone };
    this.#acks.add(ack);
    return () => this.#acks.remove(ack);
  }

  /** Whether acks=all may be answered at once, and without an error. */
  isAcknowledged(requiredOffset: number): boolean {
    return this.#isReplicated(requiredOffset) && this.#ackError() === 'NONE';
  }

  /** A follower's fetch was read: it has all before `fetchOffset`. */
  recordFollowerFetch(brokerId: number, fetch: FollowerFetch): void {
    const follower = this.#followers.get(brokerId);
    if (follower === undefined) return;
    const endBefore = follower.logEndOffset;
    follower.record(fetch);
    this.#maybeExpandIsr(follower);
    if (endBefore !== fetch.fetchOffset) this.maybeAdvanceHighWatermark();
  }

  /** Raises the log start offset (-1: to the high watermark); false where `offset` is beyond that. */
  deleteRecords(offset: number): boolean {
    if (this.log.deleteRecords(offset) === undefined) return false;
    // Followers hear of it at once.
    this.#notifyState();
    return true;
  }

  /** In-sync followers that have not been caught up for `replica.lag.time.max.ms` are taken out of the ISR. */
  maybeShrinkIsr(): void {
    if (!this.isLeader || this.#isrState.kind !== 'committed') return;
    const { localId, lagMaxMs, clock } = this.#host;
    const { isr } = this.#isrState.committed;
    if (isr.length === 1) return;
    const nowMs = clock.monotonicMs();
    const { logEndOffset } = this.log;
    const inSync = isr.filter(
      (id) =>
        id === localId ||
        this.#followers.get(id)?.isCaughtUp(logEndOffset, nowMs, lagMaxMs) === true,
    );
    if (isr.length <= inSync.length) return;
    this.#host.log(this.name, shrinkMessage(this, inSync, clock));
    this.#propose('pending-shrink', inSync);
  }

  /** The controller has answered the proposal for this leader epoch. */
  onIsrAnswer(proposed: IsrState, answer: IsrAnswer): void {
    if (this.#isrState !== proposed || !this.isLeader) return;
    if (answer.kind === 'refused') {
      this.#isrState = { kind: 'committed', committed: proposed.committed };
      return;
    }
    if (answer.kind === 'outdated' || answer.leaderEpoch !== this.leaderEpoch) return;
    if (answer.committed.partitionEpoch < proposed.committed.partitionEpoch) return;
    this.#isrState = { kind: 'committed', committed: answer.committed };
    this.maybeAdvanceHighWatermark();
    this.retryIsr();
  }

  /** Something has changed that may let a follower join: an idle one does not say again that it is caught up. */
  retryIsr(): void {
    if (!this.isLeader || this.replicas.length === this.isr.length) return;
    for (const follower of this.#followers.values()) this.#maybeExpandIsr(follower);
  }

  /** Moves the high watermark to what all in-sync replicas have; answers whether it moved. */
  maybeAdvanceHighWatermark(): boolean {
    // KIP-966: what fewer than min.insync.replicas have is not shown to anybody.
    if (!this.isLeader || this.isUnderMinIsr) return false;
    let highWatermark = this.log.logEndOffset;
    if (0 < this.#followers.size) {
      const maximalIsr = maximalIsrOf(this.#isrState);
      for (const follower of this.#followers.values()) {
        if (highWatermark <= follower.logEndOffset) continue;
        if (maximalIsr.includes(follower.brokerId) || this.#isAboutToJoin(follower)) {
          highWatermark = follower.logEndOffset;
        }
      }
    }
    return this.#moveHighWatermark(highWatermark);
  }

  endOffsetFor(isolation: Isolation): number {
    if (isolation === 'log-end') return this.log.logEndOffset;
    return isolation === 'committed' ? this.log.lastStableOffset : this.log.highWatermark;
  }

  #beginEpoch(isNewLeader: boolean): void {
    const { log, leaderEpoch } = this;
    this.#leaderEpochStartOffset = log.logEndOffset;
    log.assignEpochStart(leaderEpoch);
    const nowMs = this.#host.clock.monotonicMs();
    for (const follower of this.#followers.values()) {
      const isInSync = this.isr.includes(follower.brokerId);
      follower.reset(nowMs, isInSync, isNewLeader, log.logEndOffset);
    }
  }

  #updateFollowers(): void {
    for (const id of this.#followers.keys()) {
      if (!this.replicas.includes(id)) this.#followers.delete(id);
    }
    for (const id of this.replicas) {
      if (id === this.#host.localId || this.#followers.has(id)) continue;
      this.#followers.set(id, new FollowerState(id));
    }
  }

  /** A replica that is caught up but not yet in the ISR would be lost to it again if the watermark ran ahead. */
  #isAboutToJoin(follower: FollowerState): boolean {
    const { clock, lagMaxMs } = this.#host;
    return (
      follower.isCaughtUp(this.log.logEndOffset, clock.monotonicMs(), lagMaxMs) &&
      this.#isEligible(follower)
    );
  }

  /**
   * KIP-841 and KIP-903: a broker that is fenced, shuts down, or has restarted since, may not join; nor one that has
   * not asked this leader for anything.
   */
  #isEligible({ brokerId, brokerEpoch, hasFetched }: FollowerState): boolean {
    const alive = this.#host.aliveBrokerEpoch(brokerId);
    return alive !== undefined && hasFetched && (brokerEpoch === -1 || brokerEpoch === alive);
  }

  #maybeExpandIsr(follower: FollowerState): void {
    if (this.#isrState.kind !== 'committed') return;
    const { isr } = this.#isrState.committed;
    const { logEndOffset, brokerId } = follower;
    if (isr.includes(brokerId)) return;
    const isInSync =
      this.log.highWatermark <= logEndOffset && this.#leaderEpochStartOffset <= logEndOffset;
    if (isInSync && this.#isEligible(follower)) {
      this.#propose('pending-expand', [...isr, brokerId]);
    }
  }

  #propose(kind: 'pending-expand' | 'pending-shrink', proposedIsr: readonly number[]): void {
    const { committed } = this.#isrState;
    this.#isrState = { kind, committed, proposedIsr };
    const isr = proposedIsr.map((brokerId) => ({
      brokerId,
      brokerEpoch:
        brokerId === this.#host.localId
          ? this.#host.brokerEpoch()
          : (this.#followers.get(brokerId)?.brokerEpoch ?? -1),
    }));
    this.#host.proposeIsr(this, {
      leaderEpoch: this.leaderEpoch,
      partitionEpoch: committed.partitionEpoch,
      leaderRecoveryState: 0,
      isr,
    });
  }

  /** Never back: what a consumer has seen stays. */
  #moveHighWatermark(offset: number): boolean {
    const hasMoved = this.log.highWatermark < offset;
    if (hasMoved) {
      this.log.updateHighWatermark(offset);
      for (const watcher of this.watchers) watcher.onHighWatermark();
    }
    if (0 < this.#acks.size) this.#completeAcks();
    return hasMoved;
  }

  #completeAcks(): void {
    this.#acks.complete((requiredOffset) => this.#isReplicated(requiredOffset), this.#ackError());
  }

  #isReplicated(requiredOffset: number): boolean {
    return this.#host.rules.isReplicated(this.log, requiredOffset);
  }

  #ackError(): ErrorCode {
    const count = maximalIsrOf(this.#isrState).length;
    return count < this.minIsr ? 'NOT_ENOUGH_REPLICAS_AFTER_APPEND' : 'NONE';
  }

  #notifyState(): void {
    for (const watcher of [...this.watchers]) watcher.onState();
  }
}

/** Whether a partition has anybody to follow. */
export function hasLeader({ leader }: PartitionRegistration): boolean {
  return leader !== NO_LEADER;
}
