import type { FollowerFetchRequest } from './leader-endpoint.ts';

/** Where a follower is in a partition, as its leader should know it. */
export interface SessionPosition {
  readonly topicId: string;
  readonly partition: number;
  readonly currentLeaderEpoch: number;
  readonly fetchOffset: number;
  readonly lastFetchedEpoch: number;
  readonly logStartOffset: number;
  readonly partitionMaxBytes: number;
}

interface Place {
  readonly topicId: string;
  readonly partition: number;
}

/**
 * The follower's side of an incremental fetch session (KIP-227): after a first request with everything, each
 * says only what is new, so that its size goes with what happens and not with how many partitions there are.
 */
export class FollowerSession {
  #sessionId = 0;
  #epoch = 0;

  /** Whether the next request has to name all partitions. */
  get isNew(): boolean {
    return this.#epoch === 0;
  }

  request(
    positions: readonly SessionPosition[],
    forgotten: readonly Place[],
  ): FollowerFetchRequest {
    return {
      sessionId: this.#sessionId,
      sessionEpoch: this.#epoch,
      topics: byTopic(positions, (position) => position),
      forgottenTopicsData: this.isNew ? [] : byTopic(forgotten, ({ partition }) => partition),
    };
  }

  /** The leader has answered without an error: it gives us a session, or has no room for one. */
  onResponse(sessionId: number): void {
    if (sessionId === 0) {
      this.reset();
      return;
    }
    this.#sessionId = sessionId;
    this.#epoch = this.#epoch === 2_147_483_647 ? 1 : this.#epoch + 1;
  }

  /** Nobody knows what the leader knows: begin anew. */
  reset(): void {
    this.#sessionId = 0;
    this.#epoch = 0;
  }
}

function byTopic<T extends Place, U>(
  places: readonly T[],
  map: (place: T) => U,
): { topicId: string; partitions: U[] }[] {
  const topics = new Map<string, U[]>();
  for (const place of places) {
    const partitions = topics.get(place.topicId);
    if (partitions === undefined) topics.set(place.topicId, [map(place)]);
    else partitions.push(map(place));
  }
  return [...topics].map(([topicId, partitions]) => ({ topicId, partitions }));
}
