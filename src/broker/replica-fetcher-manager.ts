import type { Disposable } from '../base/disposable.ts';
import type { Logger } from '../base/logger.ts';
import type { Scheduler } from '../base/scheduler.ts';
import type { LeaderEndpoint } from './leader-endpoint.ts';
import type { Partition } from './partition.ts';
import { ReplicaFetcher } from './replica-fetcher.ts';
import type { ReplicationRules } from './replication-rules.ts';
import type { Timeouts } from './timeouts.ts';

export interface ReplicaFetcherManagerOptions {
  readonly nodeId: number;
  readonly scheduler: Scheduler;
  readonly timeouts: Timeouts;
  readonly logger: Logger;
  readonly rules: ReplicationRules;
  /** `num.replica.fetchers`: connections to each other broker. */
  readonly fetchersPerLeader: number;
  readonly partitionMaxBytes: number;
  readonly backoffMaxMs: number;
  readonly endpointOf: (leaderId: number, fetcherId: number) => LeaderEndpoint;
  readonly throttleMs: (partition: Partition, lag: number) => number;
  readonly onBytes: (partition: Partition, bytes: number) => void;
}

/** The fetchers of a broker: each partition that it follows belongs to one of them (Kafka's `ReplicaFetcherManager`). */
export class ReplicaFetcherManager implements Disposable {
  readonly #options: ReplicaFetcherManagerOptions;
  readonly #fetchers = new Map<string, ReplicaFetcher>();
  readonly #fetcherOf = new Map<Partition, string>();

  constructor(options: ReplicaFetcherManagerOptions) {
    this.#options = options;
  }

  /** How many partitions are followed. */
  get size(): number {
    return this.#fetcherOf.size;
  }

  /** Follows the partition's leader of now; `remove` has been called for the one before. */
  add(partition: Partition): void {
    const fetcherId = this.#fetcherIdOf(partition);
    const key = `${partition.leaderId}-${fetcherId}`;
    let fetcher = this.#fetchers.get(key);
    if (fetcher === undefined) {
      fetcher = this.#open(partition.leaderId, fetcherId);
      this.#fetchers.set(key, fetcher);
    }
    this.#fetcherOf.set(partition, key);
    fetcher.add(partition);
  }

  /** Resolves when nothing of the fetcher touches the log any more; undefined when that is so now. */
  remove(partition: Partition): Promise<void> | undefined {
    const key = this.#fetcherOf.get(partition);
    if (key === undefined) return undefined;
    this.#fetcherOf.delete(partition);
    const fetcher = this.#fetchers.get(key);
    if (fetcher === undefined) return undefined;
    const work = fetcher.remove(partition);
    // Until the end of the turn others may be added, as when a leader's epoch changes.
    queueMicrotask(() => this.#closeIfIdle(key));
    return work;
  }

  dispose(): void {
    for (const fetcher of this.#fetchers.values()) fetcher.dispose();
    this.#fetchers.clear();
    this.#fetcherOf.clear();
  }

  #closeIfIdle(key: string): void {
    const fetcher = this.#fetchers.get(key);
    if (fetcher === undefined || 0 < fetcher.size) return;
    fetcher.dispose();
    this.#fetchers.delete(key);
  }

  /** As Kafka spreads them. */
  #fetcherIdOf({ topic, partitionIndex }: Partition): number {
    let hash = 0;
    for (let i = 0; i < topic.length; i++) hash = (31 * hash + topic.charCodeAt(i)) | 0;
    return Math.abs((31 * hash + partitionIndex) | 0) % this.#options.fetchersPerLeader;
  }

  #open(leaderId: number, fetcherId: number): ReplicaFetcher {
    const { nodeId, endpointOf, ...options } = this.#options;
    return new ReplicaFetcher({
      ...options,
      name: `[ReplicaFetcher replicaId=${nodeId}, leaderId=${leaderId}, fetcherId=${fetcherId}]`,
      endpoint: endpointOf(leaderId, fetcherId),
    });
  }
}
