import type { Clock } from '../base/clock.ts';
import { type Random, randomBelow } from '../base/random.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';
import type { FetchRequest } from '../protocol/schemas/01-fetch.ts';
import { FetchInterest, FetchPartition } from './fetch-partition.ts';
import type { FetchSource } from './follower-state.ts';

export type FetchContext =
  | { readonly kind: 'error'; readonly errorCode: ErrorCode }
  /** All partitions are answered; `session` is the new one, if there is one. */
  | {
      readonly kind: 'full';
      readonly partitions: readonly FetchPartition[];
      readonly interest: FetchInterest;
      readonly session: FetchSession | null;
    }
  /** Only partitions with news are answered. */
  | { readonly kind: 'incremental'; readonly session: FetchSession };

const initialEpoch = 0;
const finalEpoch = -1;
/** A session that was used within this time is not evicted for another client's (Kafka's constant). */
const evictionMs = 120_000;

/** What a session holds at most: as many partitions as the largest clusters have. Kafka's have no limit. */
const partitionsMaxDefault = 200_000;

/** KIP-227: what a client keeps fetching, so that it need only say what changes. */
export class FetchSession extends FetchInterest implements FetchSource {
  readonly sessionId: number;
  readonly usesTopicIds: boolean;
  /** A session of a follower yields to nobody's but is worth more than a consumer's. */
  readonly isFollower: boolean;
  epoch = 1;
  lastFetchMs: number;
  readonly partitions = new Map<string, FetchPartition>();

  constructor(
    sessionId: number,
    { usesTopicIds, isFollower }: { usesTopicIds: boolean; isFollower: boolean },
    nowMs: number,
  ) {
    super();
    this.sessionId = sessionId;
    this.usesTopicIds = usesTopicIds;
    this.isFollower = isFollower;
    this.lastFetchMs = nowMs;
  }

  /** Nothing of it is watched any more. */
  end(): void {
    for (const partition of this.partitions.values()) partition.watch(undefined);
    this.partitions.clear();
    this.dirty.clear();
  }

  forget(key: string): void {
    const partition = this.partitions.get(key);
    if (partition === undefined) return;
    partition.watch(undefined);
    this.partitions.delete(key);
    this.dirty.delete(partition);
  }
}

/** The sessions of one broker, at most `slots` (`max.incremental.fetch.session.cache.slots`). */
export class FetchSessionCache {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #slots: number;
  readonly #partitionsMax: number;
  /** In order of use: the first one was not used for longest. */
  readonly #sessions = new Map<number, FetchSession>();

  constructor(
    ports: { clock: Clock; random: Random },
    slots: number,
    partitionsMax = partitionsMaxDefault,
  ) {
    this.#clock = ports.clock;
    this.#random = ports.random;
    this.#slots = slots;
    this.#partitionsMax = partitionsMax;
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
    if (sessionEpoch !== initialEpoch && sessionEpoch !== finalEpoch) {
      return this.#resume(request, usesTopicIds, nameOf);
    }
    this.#end(this.#sessions.get(sessionId));
    const count = request.topics.reduce((sum, { partitions }) => sum + partitions.length, 0);
    const isFit = 0 < count && count <= this.#partitionsMax;
    const isFollower = 0 <= request.replicaId || 0 <= request.replicaState.replicaId;
    const session =
      sessionEpoch === finalEpoch || !isFit ? null : this.#create(usesTopicIds, isFollower);
    const interest = session ?? new FetchInterest();
    const partitions = Array.from(
      partitionsOf(request, usesTopicIds, nameOf),
      ({ id, position }) => new FetchPartition(id, interest, position),
    );
    for (const partition of partitions) session?.partitions.set(keyOf(partition), partition);
    return { kind: 'full', partitions, interest, session };
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
    update(session, request, nameOf);
    if (this.#partitionsMax < session.partitions.size) {
      this.#end(session);
      return { kind: 'error', errorCode: 'FETCH_SESSION_ID_NOT_FOUND' };
    }
    if (session.partitions.size === 0) {
      this.#end(session);
      return { kind: 'full', partitions: [], interest: session, session: null };
    }
    session.epoch = session.epoch === 2_147_483_647 ? 1 : session.epoch + 1;
    session.lastFetchMs = this.#clock.monotonicMs();
    this.#sessions.delete(session.sessionId);
    this.#sessions.set(session.sessionId, session);
    return { kind: 'incremental', session };
  }

  #create(usesTopicIds: boolean, isFollower: boolean): FetchSession | null {
    const nowMs = this.#clock.monotonicMs();
    if (this.#slots <= this.#sessions.size && !this.#evict(nowMs, isFollower)) return null;
    const session = new FetchSession(this.#newId(), { usesTopicIds, isFollower }, nowMs);
    this.#sessions.set(session.sessionId, session);
    return session;
  }

  /** Makes room: a follower may take a consumer's place at any time (FetchSessionCache.tryEvict). */
  #evict(nowMs: number, isFollower: boolean): boolean {
    for (const session of this.#sessions.values()) {
      const isStale = evictionMs <= nowMs - session.lastFetchMs;
      if (!isStale && !(isFollower && !session.isFollower)) continue;
      this.#end(session);
      return true;
    }
    return false;
  }

  #end(session: FetchSession | undefined): void {
    if (session === undefined) return;
    this.#sessions.delete(session.sessionId);
    session.end();
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
  nameOf: (topicId: string) => string,
): void {
  for (const { id, position } of partitionsOf(request, session.usesTopicIds, nameOf)) {
    const known = session.partitions.get(keyOf(id));
    if (known !== undefined) known.moveTo(position);
    else session.partitions.set(keyOf(id), new FetchPartition(id, session, position));
  }
  for (const { topic, topicId, partitions } of request.forgottenTopicsData) {
    for (const partition of partitions) {
      session.forget(`${session.usesTopicIds ? topicId : topic}-${partition}`);
    }
  }
  for (const partition of session.dirty) {
    // The id may have been learned since.
    if (partition.topic === '') partition.topic = nameOf(partition.topicId);
  }
}

function* partitionsOf(
  request: FetchRequest,
  usesTopicIds: boolean,
  nameOf: (topicId: string) => string,
) {
  for (const { topic, topicId, partitions } of request.topics) {
    const name = usesTopicIds ? nameOf(topicId) : topic;
    const id = usesTopicIds ? topicId : '';
    for (const position of partitions) {
      yield { id: { topic: name, topicId: id, partition: position.partition }, position };
    }
  }
}

function keyOf({
  topic,
  topicId,
  partition,
}: {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
}): string {
  return `${topicId === '' ? topic : topicId}-${partition}`;
}
