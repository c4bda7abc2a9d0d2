import type { Clock } from '../base/clock.ts';
import { type Random, randomBelow } from '../base/random.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';
import type { FetchRequest } from '../protocol/schemas/01-fetch.ts';

/** One partition of a fetch, as the client last asked for it, and what it was last told. */
export interface FetchPartition {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  currentLeaderEpoch: number;
  fetchOffset: number;
  lastFetchedEpoch: number;
  logStartOffset: number;
  partitionMaxBytes: number;
  /** High watermark and log start offset of the last response; -1 before one. */
  sentHighWatermark: number;
  sentLogStartOffset: number;
  /** The last response had an error, so the next one is sent whatever it says. */
  hadError: boolean;
}

/** What a response says about a partition, as far as the session must know. */
export interface SentPartition {
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly logStartOffset: number;
  readonly recordBytes: number;
  readonly isDiverging: boolean;
}

export type FetchContext =
  | { readonly kind: 'error'; readonly errorCode: ErrorCode }
  /** All partitions are answered; `session` is the new one, if there is one. */
  | {
      readonly kind: 'full';
      readonly partitions: readonly FetchPartition[];
      readonly session: FetchSession | null;
    }
  /** Only partitions with news are answered. */
  | { readonly kind: 'incremental'; readonly session: FetchSession };

const initialEpoch = 0;
const finalEpoch = -1;
/** A session that was used within this time is not evicted for another client's (Kafka's constant). */
const evictionMs = 120_000;

/** KIP-227: what a client keeps fetching, so that it need only say what changes. */
export class FetchSession {
  readonly sessionId: number;
  readonly usesTopicIds: boolean;
  epoch = 1;
  lastUsedMs: number;
  readonly partitions: Map<string, FetchPartition>;

  constructor(
    sessionId: number,
    usesTopicIds: boolean,
    nowMs: number,
    partitions: readonly FetchPartition[],
  ) {
    this.sessionId = sessionId;
    this.usesTopicIds = usesTopicIds;
    this.lastUsedMs = nowMs;
    this.partitions = new Map(partitions.map((partition) => [keyOf(partition), partition]));
  }

  /** Whether the client hears of this partition; remembers what it is told. */
  noteSent(partition: FetchPartition, sent: SentPartition): boolean {
    const hasNews =
      0 < sent.recordBytes ||
      sent.errorCode !== 0 ||
      partition.hadError ||
      sent.isDiverging ||
      sent.highWatermark !== partition.sentHighWatermark ||
      sent.logStartOffset !== partition.sentLogStartOffset;
    partition.sentHighWatermark = sent.highWatermark;
    partition.sentLogStartOffset = sent.logStartOffset;
    partition.hadError = sent.errorCode !== 0;
    if (0 < sent.recordBytes) this.#moveToEnd(partition);
    return hasNews;
  }

  /** Partitions with data go behind the others, so that all get their turn within fetch.max.bytes. */
  #moveToEnd(partition: FetchPartition): void {
    const key = keyOf(partition);
    if (this.partitions.delete(key)) this.partitions.set(key, partition);
  }
}

/** The sessions of one broker, at most `slots` (`max.incremental.fetch.session.cache.slots`). */
export class FetchSessionCache {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #slots: number;
  /** In order of use: the first one was not used for longest. */
  readonly #sessions = new Map<number, FetchSession>();

  constructor(ports: { clock: Clock; random: Random }, slots: number) {
    this.#clock = ports.clock;
    this.#random = ports.random;
    this.#slots = slots;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** `nameOf` resolves the topic ids of v13 and later; '' for an id that is not known. */
  contextFor(
    request: FetchRequest,
    usesTopicIds: boolean,
    nameOf: (topicId: string) => string,
  ): FetchContext {
    const { sessionId, sessionEpoch } = request;
    if (sessionEpoch === initialEpoch || sessionEpoch === finalEpoch) {
      this.#sessions.delete(sessionId);
      const partitions = partitionsOf(request, usesTopicIds, nameOf);
      const isSessionless = sessionEpoch === finalEpoch || partitions.length === 0;
      const session = isSessionless ? null : this.#create(partitions, usesTopicIds);
      return { kind: 'full', partitions, session };
    }
    return this.#resume(request, usesTopicIds, nameOf);
  }

  #resume(
    request: FetchRequest,
    usesTopicIds: boolean,
    nameOf: (topicId: string) => string,
  ): FetchContext {
    const session = this.#sessions.get(request.sessionId);
    if (session === undefined) return { kind: 'error', errorCode: 'FETCH_SESSION_ID_NOT_FOUND' };
    if (session.epoch !== request.sessionEpoch) {
      return { kind: 'error', errorCode: 'INVALID_FETCH_SESSION_EPOCH' };
    }
    if (session.usesTopicIds !== usesTopicIds) {
      return { kind: 'error', errorCode: 'FETCH_SESSION_TOPIC_ID_ERROR' };
    }
    update(session, request, partitionsOf(request, usesTopicIds, nameOf));
    if (session.partitions.size === 0) {
      this.#sessions.delete(session.sessionId);
      return { kind: 'full', partitions: [], session: null };
    }
    session.epoch = session.epoch === 2_147_483_647 ? 1 : session.epoch + 1;
    session.lastUsedMs = this.#clock.monotonicMs();
    this.#sessions.delete(session.sessionId);
    this.#sessions.set(session.sessionId, session);
    return { kind: 'incremental', session };
  }

  #create(partitions: readonly FetchPartition[], usesTopicIds: boolean): FetchSession | null {
    const nowMs = this.#clock.monotonicMs();
    if (this.#slots <= this.#sessions.size) {
      const [oldest] = this.#sessions.values();
      if (oldest === undefined || nowMs - oldest.lastUsedMs < evictionMs) return null;
      this.#sessions.delete(oldest.sessionId);
    }
    const session = new FetchSession(this.#newId(), usesTopicIds, nowMs, partitions);
    this.#sessions.set(session.sessionId, session);
    return session;
  }

  #newId(): number {
    for (;;) {
      const sessionId = randomBelow(this.#random, 2_147_483_646) + 1;
      if (!this.#sessions.has(sessionId)) return sessionId;
    }
  }
}

function update(
  session: FetchSession,
  request: FetchRequest,
  changed: readonly FetchPartition[],
): void {
  for (const partition of changed) {
    const known = session.partitions.get(keyOf(partition));
    if (known === undefined) {
      session.partitions.set(keyOf(partition), partition);
      continue;
    }
    known.currentLeaderEpoch = partition.currentLeaderEpoch;
    known.fetchOffset = partition.fetchOffset;
    known.lastFetchedEpoch = partition.lastFetchedEpoch;
    known.logStartOffset = partition.logStartOffset;
    known.partitionMaxBytes = partition.partitionMaxBytes;
  }
  for (const { topic, topicId, partitions } of request.forgottenTopicsData) {
    for (const partition of partitions) {
      session.partitions.delete(`${session.usesTopicIds ? topicId : topic}-${partition}`);
    }
  }
}

function partitionsOf(
  request: FetchRequest,
  usesTopicIds: boolean,
  nameOf: (topicId: string) => string,
): FetchPartition[] {
  const result: FetchPartition[] = [];
  for (const { topic, topicId, partitions } of request.topics) {
    const name = usesTopicIds ? nameOf(topicId) : topic;
    for (const asked of partitions) {
      result.push({
        topic: name,
        topicId: usesTopicIds ? topicId : '',
        partition: asked.partition,
        currentLeaderEpoch: asked.currentLeaderEpoch,
        fetchOffset: asked.fetchOffset,
        lastFetchedEpoch: asked.lastFetchedEpoch,
        logStartOffset: asked.logStartOffset,
        partitionMaxBytes: asked.partitionMaxBytes,
        sentHighWatermark: -1,
        sentLogStartOffset: -1,
        hadError: false,
      });
    }
  }
  return result;
}

function keyOf({ topic, topicId, partition }: FetchPartition): string {
  return `${topicId === '' ? topic : topicId}-${partition}`;
}
