import type { Clock } from '../base/clock.ts';
import {
  brokerConfigOverrides,
  type MetadataImage,
  topicConfigOverrides,
} from '../controller/metadata-image.ts';
import type { KafkaConfig } from './kafka-config.ts';

export type QuotaSide = 'leader' | 'follower';

/** Partitions of one topic whose replication is throttled here: all, or by index. */
type Throttled = 'all' | ReadonlySet<number>;

/** A partition, as far as a quota looks at it. */
interface Counted {
  readonly topic: string;
  readonly partitionIndex: number;
}

/**
 * How fast this broker may send (as leader) or take (as follower) records of throttled replicas (KIP-73, Kafka's
 * `ReplicationQuotaManager`): `leader.replication.throttled.rate` of the broker for the partitions in the topics'
 * `leader.replication.throttled.replicas`, and the same for followers. The rate is that of the last
 * `replication.quota.window.num` windows.
 */
export class ReplicationQuota {
  readonly #side: QuotaSide;
  readonly #clock: Clock;
  readonly #nodeId: number;
  readonly #windowMs: number;
  readonly #windowCount: number;
  /** Bytes by window, oldest first. */
  #windows: { readonly startMs: number; bytes: number }[] = [];
  #bytesPerSecond = Number.POSITIVE_INFINITY;
  #throttled: ReadonlyMap<string, Throttled> = new Map();

  constructor(side: QuotaSide, clock: Clock, config: KafkaConfig) {
    this.#side = side;
    this.#clock = clock;
    this.#nodeId = config.nodeId;
    this.#windowMs = config.number('replication.quota.window.size.seconds') * 1_000;
    this.#windowCount = config.number('replication.quota.window.num');
  }

  /** Takes over what the configuration says now. */
  update(image: MetadataImage): void {
    const rate = brokerConfigOverrides(image, this.#nodeId).get(
      `${this.#side}.replication.throttled.rate`,
    );
    this.#bytesPerSecond = rate === undefined ? Number.POSITIVE_INFINITY : Number(rate);
    const throttled = new Map<string, Throttled>();
    const name = `${this.#side}.replication.throttled.replicas`;
    for (const topic of image.topics.byName.keys()) {
      const replicas = topicConfigOverrides(image, topic).get(name);
      if (replicas !== undefined) throttled.set(topic, parseReplicas(replicas, this.#nodeId));
    }
    this.#throttled = throttled;
  }

  isThrottled({ topic, partitionIndex }: Counted): boolean {
    if (this.#throttled.size === 0) return false;
    const throttled = this.#throttled.get(topic);
    return throttled === 'all' || throttled?.has(partitionIndex) === true;
  }

  /** Bytes of a partition have gone or come; counted if it is throttled. */
  record(partition: Counted, bytes: number): void {
    if (bytes === 0 || !this.isThrottled(partition)) return;
    const nowMs = this.#clock.monotonicMs();
    const last = this.#windows.at(-1);
    if (last !== undefined && nowMs - last.startMs < this.#windowMs) {
      last.bytes += bytes;
      return;
    }
    this.#windows.push({ startMs: nowMs, bytes });
    if (this.#windowCount < this.#windows.length) this.#windows.shift();
  }

  /** How long nothing more of throttled partitions may go, in milliseconds; 0 when it may. */
  waitMs(): number {
    if (this.#bytesPerSecond === Number.POSITIVE_INFINITY) return 0;
    const nowMs = this.#clock.monotonicMs();
    const spanMs = this.#windowMs * this.#windowCount;
    this.#windows = this.#windows.filter(({ startMs }) => nowMs - startMs < spanMs);
    const oldest = this.#windows[0];
    if (oldest === undefined) return 0;
    const bytes = this.#windows.reduce((sum, window) => sum + window.bytes, 0);
    const elapsedMs = Math.max(nowMs - oldest.startMs, this.#windowMs);
    const neededMs = (bytes / this.#bytesPerSecond) * 1_000;
    return neededMs <= elapsedMs ? 0 : Math.min(neededMs - elapsedMs, this.#windowMs);
  }
}

/** `*`, or `partition:broker` pairs; those of other brokers do not matter here. */
function parseReplicas(text: string, nodeId: number): Throttled {
  if (text.trim() === '*') return 'all';
  const partitions = new Set<number>();
  for (const pair of text.split(',')) {
    const [partition, broker] = pair.split(':');
    if (Number(broker) === nodeId) partitions.add(Number(partition));
  }
  return partitions;
}
