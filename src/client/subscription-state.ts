import type { FetchedRecords } from './fetched-records.ts';
import { formatTopicPartition, type TopicPartition } from './topic-partition.ts';

export type ResetStrategy = 'earliest' | 'latest';

/** What a consumer knows of one partition that it reads. */
export interface ConsumedPartition extends TopicPartition {
  /** Of the next record that the application gets; undefined until it is found. */
  position: number | undefined;
  /** Where to begin when there is no position; undefined: at the committed offset. */
  reset: ResetStrategy | undefined;
  isPaused: boolean;
  isFetching: boolean;
  /** Fetched and not handed out yet. */
  fetched: FetchedRecords | undefined;
  /** Grows with each seek, so that an answer to an older fetch is dropped. */
  seeks: number;
  notBeforeMs: number;
  /** KIP-392: the broker that the leader sent this consumer to, and until when that holds. */
  preferredReadReplica: { readonly nodeId: number; readonly untilMs: number } | undefined;
}

/** The partitions that a consumer reads, by hand or by its group (Kafka's SubscriptionState). */
export class SubscriptionState {
  readonly #partitions = new Map<string, ConsumedPartition>();

  get partitions(): readonly ConsumedPartition[] {
    return [...this.#partitions.values()];
  }

  get(partition: TopicPartition): ConsumedPartition | undefined {
    return this.#partitions.get(formatTopicPartition(partition));
  }

  /** Keeps what is known of those that stay. */
  assign(partitions: readonly TopicPartition[]): void {
    const before = new Map(this.#partitions);
    this.#partitions.clear();
    for (const { topic, partition } of partitions) {
      const key = formatTopicPartition({ topic, partition });
      this.#partitions.set(key, before.get(key) ?? newPartition(topic, partition));
    }
  }

  seek(partition: ConsumedPartition, position: number | undefined, reset?: ResetStrategy): void {
    partition.position = position;
    partition.reset = reset;
    partition.fetched = undefined;
    partition.seeks += 1;
  }

  /** Those with a position, as OffsetCommit takes them. */
  positions(): readonly (TopicPartition & { readonly offset: number })[] {
    return this.partitions.flatMap(({ topic, partition, position }) =>
      position === undefined ? [] : { topic, partition, offset: position },
    );
  }
}

function newPartition(topic: string, partition: number): ConsumedPartition {
  return {
    topic,
    partition,
    position: undefined,
    reset: undefined,
    isPaused: false,
    isFetching: false,
    fetched: undefined,
    seeks: 0,
    notBeforeMs: 0,
    preferredReadReplica: undefined,
  };
}
