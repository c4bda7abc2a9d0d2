/** When a follower last asked for anything: shared by all partitions that it fetches in one session. */
export interface FetchSource {
  lastFetchMs: number;
}

export interface FollowerFetch {
  readonly fetchOffset: number;
  readonly logStartOffset: number;
  readonly leaderEndOffset: number;
  /** KIP-903; -1 when the request does not say. */
  readonly brokerEpoch: number;
  readonly nowMs: number;
  readonly source: FetchSource;
}

const unknownOffset = -1;

/** What a leader knows of one of its followers (Kafka's `Replica` and `ReplicaState`). */
export class FollowerState {
  readonly brokerId: number;
  /** -1 until it has fetched from this leader. */
  logEndOffset = unknownOffset;
  logStartOffset = unknownOffset;
  /** Of the last fetch; -1 when it is not known. */
  brokerEpoch = -1;
  /** The last time at which it had all that the leader had then. */
  lastCaughtUpMs = Number.NEGATIVE_INFINITY;
  #lastFetchMs = Number.NEGATIVE_INFINITY;
  #leaderEndAtLastFetch = Number.POSITIVE_INFINITY;
  #source: FetchSource | undefined;

  constructor(brokerId: number) {
    this.brokerId = brokerId;
  }

  get hasFetched(): boolean {
    return this.logEndOffset !== unknownOffset;
  }

  /** A new leader epoch has begun: an in-sync follower gets its time to show up, others count for nothing. */
  reset(nowMs: number, isInSync: boolean, isNewLeader: boolean, leaderEndOffset: number): void {
    this.lastCaughtUpMs = isInSync ? nowMs : Number.NEGATIVE_INFINITY;
    this.#lastFetchMs = isInSync && !isNewLeader ? nowMs : Number.NEGATIVE_INFINITY;
    this.#leaderEndAtLastFetch = isNewLeader ? Number.POSITIVE_INFINITY : leaderEndOffset;
    if (!isNewLeader) return;
    this.logEndOffset = unknownOffset;
    this.logStartOffset = unknownOffset;
    this.brokerEpoch = -1;
    this.#source = undefined;
  }

  /**
   * A fetch from `fetchOffset` says that all before it is in the follower's log. A follower that has now what the
   * leader had at its fetch before was caught up then: under a steady load nobody ever has the very end.
   */
  record({
    fetchOffset,
    logStartOffset,
    leaderEndOffset,
    brokerEpoch,
    nowMs,
    source,
  }: FollowerFetch): void {
    if (leaderEndOffset <= fetchOffset) this.#caughtUpAt(nowMs);
    else if (this.#leaderEndAtLastFetch <= fetchOffset) this.#caughtUpAt(this.#lastFetchMs);
    this.logEndOffset = fetchOffset;
    this.logStartOffset = logStartOffset;
    this.brokerEpoch = brokerEpoch;
    this.#lastFetchMs = nowMs;
    this.#leaderEndAtLastFetch = leaderEndOffset;
    this.#source = source;
  }

  /**
   * The leader's log is about to grow from `leaderEndOffset`. A follower that has all of it so far does not name
   * an idle partition in its fetches; that it goes on fetching at all shows that it was caught up until now.
   */
  beforeAppend(leaderEndOffset: number): void {
    if (this.logEndOffset !== leaderEndOffset || this.#source === undefined) return;
    this.#caughtUpAt(this.#source.lastFetchMs);
    this.#lastFetchMs = Math.max(this.#lastFetchMs, this.#source.lastFetchMs);
  }

  isCaughtUp(leaderEndOffset: number, nowMs: number, lagMaxMs: number): boolean {
    return this.logEndOffset === leaderEndOffset || nowMs - this.lastCaughtUpMs <= lagMaxMs;
  }

  #caughtUpAt(atMs: number): void {
    this.lastCaughtUpMs = Math.max(this.lastCaughtUpMs, atMs);
  }
}
