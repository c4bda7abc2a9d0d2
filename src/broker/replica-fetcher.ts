import type { Disposable } from '../base/disposable.ts';
import type { Logger, LogLevel } from '../base/logger.ts';
import { type Scheduler, sleep } from '../base/scheduler.ts';
import { type ErrorCode, errorNameOf } from '../protocol/error-codes.ts';
import type { FetchResponse, PartitionData } from '../protocol/schemas/01-fetch.ts';
import type { AppendError } from '../storage/append-validation.ts';
import { FollowerSession, type SessionPosition } from './follower-session.ts';
import type { LeaderEndpoint } from './leader-endpoint.ts';
import type { Partition } from './partition.ts';
import {
  findReset,
  offsetToBeginAt,
  reset,
  truncateToHighWatermark,
  truncateToLeader,
} from './replica-truncation.ts';
import type { ReplicationRules } from './replication-rules.ts';
import type { Timeouts } from './timeouts.ts';

export interface ReplicaFetcherOptions {
  /** As in messages: `[ReplicaFetcher replicaId=2, leaderId=1, fetcherId=0]`. */
  readonly name: string;
  readonly endpoint: LeaderEndpoint;
  readonly scheduler: Scheduler;
  readonly timeouts: Timeouts;
  readonly logger: Logger;
  readonly rules: ReplicationRules;
  /** `replica.fetch.max.bytes` */
  readonly partitionMaxBytes: number;
  /** `replica.fetch.backoff.ms`: what waiting after failures grows to. */
  readonly backoffMaxMs: number;
  /** How long this partition has to wait for `follower.replication.throttled.rate`; 0 for not at all. */
  readonly throttleMs: (partition: Partition, lag: number) => number;
  /** Records have come; counted against the throttle. */
  readonly onBytes: (partition: Partition, bytes: number) => void;
}

/** A partition that is fetched, in one leader epoch. */
interface Followed {
  readonly partition: Partition;
  readonly leaderEpoch: number;
  /** The leader was asked for it: an answer that comes before that is for one who was followed before. */
  isInSession: boolean;
  /** Its log is being cut, or it waits after an error: not part of the session then. */
  isAway: boolean;
  isRemoved: boolean;
  backoffMs: number;
  /** Ends the waiting. */
  cancelDelay: (() => void) | undefined;
  /** Resolves when nothing touches the log any more. */
  work: Promise<void>;
  /** As the leader last said, minus what we have. */
  lag: number;
}

const backoffMinMs = 50;
const source = 'kafka.server.ReplicaFetcherThread';

/**
 * Copies the logs of the partitions that one broker leads (Kafka's `ReplicaFetcherThread`). It asks for all of
 * them in one request after another, in an incremental session. What goes wrong with one partition takes only
 * that one out for a while.
 */
export class ReplicaFetcher implements Disposable {
  readonly #options: ReplicaFetcherOptions;
  readonly #session = new FollowerSession();
  /** By topic id, then by index. */
  readonly #followed = new Map<string, Map<number, Followed>>();
  /** What the leader has to hear in the next request. */
  readonly #changed = new Set<Followed>();
  readonly #forgotten = new Map<string, { topicId: string; partition: number }>();
  #wake: (() => void) | undefined;
  #isRunning = false;
  #isDisposed = false;
  #size = 0;
  #failures = 0;

  constructor(options: ReplicaFetcherOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#size;
  }

  /** Follows a partition from now on; what is in its log and not in the leader's goes. */
  add(partition: Partition): void {
    void this.#forgetEntry(partition);
    const followed: Followed = {
      partition,
      leaderEpoch: partition.leaderEpoch,
      isInSession: false,
      isAway: false,
      isRemoved: false,
      backoffMs: backoffMinMs,
      cancelDelay: undefined,
      work: Promise.resolve(),
      lag: Number.POSITIVE_INFINITY,
    };
    const ofTopic = this.#followed.get(partition.topicId) ?? new Map<number, Followed>();
    ofTopic.set(partition.partitionIndex, followed);
    this.#followed.set(partition.topicId, ofTopic);
    this.#size += 1;
    const { latestEpoch } = partition.log;
    // A log without epochs cannot be compared: then only what was surely committed is kept.
    if (this.#options.rules.truncation === 'by-high-watermark' || latestEpoch === -1) {
      this.#takeAway(followed, () => this.#cut(followed, () => truncateToHighWatermark(partition)));
    } else this.#changed.add(followed);
    this.#start();
  }

  /** Follows it no more. Resolves when nothing of this fetcher touches its log any more. */
  remove(partition: Partition): Promise<void> {
    const work = this.#forgetEntry(partition);
    this.#wake?.();
    return work;
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#options.endpoint.dispose();
    for (const followed of this.#all()) {
      followed.isRemoved = true;
      followed.cancelDelay?.();
    }
    this.#wake?.();
  }

  *#all(): Generator<Followed> {
    for (const ofTopic of this.#followed.values()) yield* ofTopic.values();
  }

  #forgetEntry({ topicId, partitionIndex }: Partition): Promise<void> {
    const ofTopic = this.#followed.get(topicId);
    const followed = ofTopic?.get(partitionIndex);
    if (followed === undefined) return Promise.resolve();
    followed.isRemoved = true;
    followed.cancelDelay?.();
    this.#leaveSession(followed);
    ofTopic?.delete(partitionIndex);
    if (ofTopic?.size === 0) this.#followed.delete(topicId);
    this.#size -= 1;
    return followed.work;
  }

  #leaveSession(followed: Followed): void {
    const { topicId, partitionIndex: partition } = followed.partition;
    this.#changed.delete(followed);
    if (!followed.isInSession) return;
    followed.isInSession = false;
    this.#forgotten.set(`${topicId}-${partition}`, { topicId, partition });
  }

  #start(): void {
    this.#wake?.();
    if (this.#isRunning || this.#isDisposed) return;
    this.#isRunning = true;
    // All that is added in this turn goes into the first request.
    queueMicrotask(() => {
      this.#run().catch((error: unknown) => this.#log('ERROR', 'The fetcher failed', error));
    });
  }

  async #run(): Promise<void> {
    while (!this.#isDisposed) {
      if (!this.#hasWork()) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = undefined;
        continue;
      }
      try {
        const response = await this.#options.endpoint.fetch(this.#nextRequest());
        this.#failures = 0;
        if (!this.#isDisposed) this.#process(response);
      } catch (error) {
        await this.#onFailure(error);
      }
    }
  }

  #hasWork(): boolean {
    if (0 < this.#changed.size || 0 < this.#forgotten.size) return 0 < this.#size;
    for (const { isAway } of this.#all()) if (!isAway) return true;
    return false;
  }

  #nextRequest() {
    if (this.#session.isNew) {
      for (const followed of this.#all()) if (!followed.isAway) this.#changed.add(followed);
    }
    const positions: SessionPosition[] = [];
    for (const followed of this.#changed) {
      const throttledMs = this.#options.throttleMs(followed.partition, followed.lag);
      if (0 < throttledMs) {
        this.#delay(followed, throttledMs);
        continue;
      }
      followed.isInSession = true;
      positions.push(this.#positionOf(followed));
    }
    const forgotten = this.#takeForgotten();
    this.#changed.clear();
    return this.#session.request(positions, forgotten);
  }

  /** One that was forgotten and is back already is only changed. */
  #takeForgotten() {
    for (const { partition } of this.#changed) {
      this.#forgotten.delete(`${partition.topicId}-${partition.partitionIndex}`);
    }
    const forgotten = [...this.#forgotten.values()];
    this.#forgotten.clear();
    return forgotten;
  }

  #positionOf({ partition, leaderEpoch }: Followed): SessionPosition {
    const { log, topicId, partitionIndex } = partition;
    const comparesEpochs = this.#options.rules.truncation === 'by-epoch';
    return {
      topicId,
      partition: partitionIndex,
      currentLeaderEpoch: leaderEpoch,
      fetchOffset: log.logEndOffset,
      lastFetchedEpoch: comparesEpochs ? log.latestEpoch : -1,
      logStartOffset: log.logStartOffset,
      partitionMaxBytes: this.#options.partitionMaxBytes,
    };
  }

  async #onFailure(error: unknown): Promise<void> {
    this.#session.reset();
    if (this.#isDisposed) return;
    this.#options.endpoint.reset();
    const message = error instanceof Error ? error.message : String(error);
    this.#log('WARN', `Error in response for fetch request: ${message}`);
    const waitMs = Math.min(this.#options.backoffMaxMs, backoffMinMs * 2 ** this.#failures);
    this.#failures += 1;
    await sleep(this.#options.scheduler, waitMs);
  }

  #process(response: FetchResponse): void {
    const error = errorNameOf(response.errorCode);
    if (error !== 'NONE') throw new FetchRefusedError(error);
    this.#session.onResponse(response.sessionId);
    for (const { topicId, partitions } of response.responses) {
      const ofTopic = this.#followed.get(topicId);
      for (const data of partitions) {
        const followed = ofTopic?.get(data.partitionIndex);
        if (followed?.isInSession) this.#processPartition(followed, data);
      }
    }
  }

  #processPartition(followed: Followed, data: PartitionData): void {
    const { partition, leaderEpoch } = followed;
    // Made leader, or the follower of another, and not told to us yet.
    if (partition.leaderEpoch !== leaderEpoch || partition.isLeader) return;
    const error = errorNameOf(data.errorCode);
    if (error === 'OFFSET_OUT_OF_RANGE') {
      this.#takeAway(followed, () => this.#reset(followed));
      return;
    }
    if (error !== 'NONE') {
      this.#onPartitionError(followed, error);
      return;
    }
    if (0 <= data.divergingEpoch.epoch || 0 <= data.divergingEpoch.endOffset) {
      const { epoch, endOffset } = data.divergingEpoch;
      this.#takeAway(followed, () => this.#truncate(followed, { epoch, endOffset }));
      return;
    }
    this.#append(followed, data);
  }

  #append(followed: Followed, data: PartitionData): void {
    const { partition } = followed;
    const { log } = partition;
    const startBefore = log.logStartOffset;
    const endBefore = log.logEndOffset;
    const records = data.records ?? noBytes;
    const result = partition.appendAsFollower(records, data);
    if (result?.kind === 'error') {
      this.#onRefused(followed, data, result);
      return;
    }
    followed.backoffMs = backoffMinMs;
    followed.lag = Math.max(0, data.highWatermark - log.logEndOffset);
    if (0 < records.byteLength) this.#options.onBytes(partition, records.byteLength);
    const hasMoved = log.logEndOffset !== endBefore || log.logStartOffset !== startBefore;
    if (hasMoved) this.#changed.add(followed);
  }

  #onRefused(followed: Followed, data: PartitionData, { errorCode, message }: AppendError): void {
    const { partition } = followed;
    const firstOffset =
      errorCode === 'OFFSET_OUT_OF_RANGE' ? offsetToBeginAt(partition, data.records) : undefined;
    if (firstOffset === undefined) {
      this.#log('ERROR', `${partition.name}: ${message}`);
      this.#onPartitionError(followed, errorCode);
      return;
    }
    this.#log('INFO', `${message} ${partition.name} begins anew at ${firstOffset}`);
    this.#takeAway(followed, () => this.#beginWithin(followed, data, firstOffset));
  }

  #onPartitionError(followed: Followed, error: ErrorCode): void {
    this.#log('INFO', `Partition ${followed.partition.name} has the error ${error}`);
    this.#delay(followed, followed.backoffMs);
    followed.backoffMs = Math.min(this.#options.backoffMaxMs, followed.backoffMs * 2);
  }

  /** The partition waits on its own; the others go on. */
  #delay(followed: Followed, delayMs: number): void {
    this.#leaveSession(followed);
    followed.isAway = true;
    followed.cancelDelay = this.#options.timeouts.add(delayMs, () => this.#comeBack(followed));
  }

  #comeBack(followed: Followed): void {
    followed.cancelDelay = undefined;
    if (followed.isRemoved || this.#isDisposed) return;
    followed.isAway = false;
    this.#changed.add(followed);
    this.#wake?.();
  }

  /** Works on the log of one partition while the others are fetched. */
  #takeAway(followed: Followed, task: () => Promise<void>): void {
    this.#leaveSession(followed);
    followed.isAway = true;
    task().then(
      () => this.#comeBack(followed),
      (error: unknown) => {
        if (followed.isRemoved || this.#isDisposed) return;
        const name = followed.partition.name;
        this.#log('WARN', `Bringing ${name} in line with its leader failed`, error);
        this.#delayAgain(followed);
      },
    );
  }

  #delayAgain(followed: Followed): void {
    followed.cancelDelay = this.#options.timeouts.add(followed.backoffMs, () =>
      this.#comeBack(followed),
    );
    followed.backoffMs = Math.min(this.#options.backoffMaxMs, followed.backoffMs * 2);
  }

  /** `remove` waits for this, and for nothing that a leader may leave unanswered. */
  #cut(followed: Followed, task: () => Promise<void>): Promise<void> {
    const cutting = followed.isRemoved ? Promise.resolve() : task();
    followed.work = cutting.catch(() => undefined);
    return cutting;
  }

  async #truncate(
    followed: Followed,
    leader: { readonly epoch: number; readonly endOffset: number },
  ): Promise<void> {
    const { partition } = followed;
    await this.#cut(followed, async () => {
      const offset = await truncateToLeader(partition, leader);
      this.#log('INFO', `Truncated partition ${partition.name} to offset ${offset}`);
    });
  }

  /** The leader's log starts within a batch, and so will ours, with the whole batch in its file. */
  async #beginWithin(followed: Followed, data: PartitionData, firstOffset: number): Promise<void> {
    const { partition } = followed;
    await this.#cut(followed, () => partition.log.truncateFullyAndStartAt(firstOffset));
    if (followed.isRemoved || this.#isDisposed) return;
    this.#append(followed, data);
  }

  async #reset(followed: Followed): Promise<void> {
    const { partition } = followed;
    const before = partition.log.logEndOffset;
    const found = await findReset(partition, this.#options.endpoint);
    if (followed.isRemoved || this.#isDisposed) return;
    await this.#cut(followed, () => reset(partition, found));
    this.#log(
      'WARN',
      `Reset fetch offset for partition ${partition.name} from ${before} to ${partition.log.logEndOffset}: its leader has nothing else`,
    );
  }

  #log(level: LogLevel, message: string, error?: unknown): void {
    this.#options.logger.log(level, source, `${this.#options.name} ${message}`, error);
  }
}

/** The leader refuses the request as a whole: most of all because it knows our session no more. */
class FetchRefusedError extends Error {
  override readonly name = 'FetchRefusedError';
}

const noBytes = new Uint8Array(0);
