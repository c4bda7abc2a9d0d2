import { errorNameOf } from '../protocol/error-codes.ts';
import type { CompressionType } from '../protocol/records/compression.ts';
import { batchesOf } from '../protocol/records/record-batch.ts';
import type { FetchResponse } from '../protocol/schemas/01-fetch.ts';
import { fetchCall } from './api-calls.ts';
import { BrokerError, ClientError } from './client-errors.ts';
import { codecsOf, loggerOf } from './client-ports.ts';
import type { ClusterClient } from './cluster-client.ts';
import type { ConsumerConfig } from './consumer-config.ts';
import type { PartitionRecords } from './consumer-types.ts';
import { FetchMetrics } from './fetch-metrics.ts';
import { FetchedRecords } from './fetched-records.ts';
import type { ConsumedPartition, SubscriptionState } from './subscription-state.ts';
import { formatTopicPartition, groupByTopic } from './topic-partition.ts';

type PartitionData = FetchResponse['responses'][number]['partitions'][number];

interface Asked {
  readonly partition: ConsumedPartition;
  readonly offset: number;
  readonly seeks: number;
}

/**
 * Keeps fetches under way, one a broker, for all partitions with nothing left to hand out.
 * Simplified: full requests every time; Kafka's consumer uses fetch sessions (KIP-227).
 */
export class Fetcher {
  readonly #client: ClusterClient;
  readonly #config: ConsumerConfig;
  readonly #subscriptions: SubscriptionState;
  readonly #notify: () => void;
  readonly metrics: FetchMetrics;
  readonly #busyNodes = new Set<number>();
  #error: Error | undefined;

  constructor(
    client: ClusterClient,
    config: ConsumerConfig,
    subscriptions: SubscriptionState,
    notify: () => void,
  ) {
    this.#client = client;
    this.#config = config;
    this.#subscriptions = subscriptions;
    this.#notify = notify;
    this.metrics = new FetchMetrics(client.ports.clock, config.clientId);
  }

  /** Sends a fetch to every leader that has work and none under way. */
  sendFetches(): void {
    const nowMs = this.#client.ports.clock.monotonicMs();
    for (const [nodeId, partitions] of this.#fetchable(nowMs)) {
      if (this.#busyNodes.has(nodeId)) continue;
      this.#busyNodes.add(nodeId);
      this.#fetch(nodeId, partitions).then(
        () => this.#onDone(nodeId),
        (error: unknown) => {
          if (!(error instanceof ClientError)) this.#error ??= toError(error);
          else this.#onFailed(partitions, error);
          this.#onDone(nodeId);
        },
      );
    }
  }

  /** Records that are here, at most `max.poll.records`; moves the positions. Throws what a fetch failed with for good. */
  collect(): readonly PartitionRecords[] {
    this.#throwError();
    const collected: PartitionRecords[] = [];
    let left = this.#config.maxPollRecords;
    for (const partition of this.#subscriptions.partitions) {
      if (left === 0) break;
      if (partition.isPaused) continue;
      const part = this.#takeFrom(partition, left);
      if (part === undefined) continue;
      collected.push(part);
      left -= part.records.length;
    }
    return collected;
  }

  #takeFrom(partition: ConsumedPartition, max: number): PartitionRecords | undefined {
    const { fetched, topic } = partition;
    if (fetched === undefined) return undefined;
    const records = fetched.take(max);
    partition.position = fetched.nextOffset;
    if (fetched.isDone) partition.fetched = undefined;
    if (records.length === 0) return undefined;
    this.metrics.consumed(records.length);
    const { timestampType } = fetched;
    return { topic, partition: partition.partition, timestampType, records };
  }

  #fetchable(nowMs: number): Map<number, ConsumedPartition[]> {
    const { metadata } = this.#client;
    const byNode = new Map<number, ConsumedPartition[]>();
    for (const each of this.#subscriptions.partitions) {
      const isIdle = !each.isPaused && !each.isFetching && each.fetched === undefined;
      if (!isIdle || each.position === undefined || nowMs < each.notBeforeMs) continue;
      const node = this.#nearReplica(each, nowMs) ?? metadata.leaderOf(each.topic, each.partition);
      if (node === undefined) {
        metadata.refreshSoon();
        continue;
      }
      const own = byNode.get(node) ?? [];
      own.push(each);
      byNode.set(node, own);
    }
    return byNode;
  }

  /** Where the leader sent us (KIP-392), as long as that broker is there. */
  #nearReplica(partition: ConsumedPartition, nowMs: number): number | undefined {
    const { preferredReadReplica: preferred } = partition;
    if (preferred === undefined) return undefined;
    const isThere = this.#client.metadata.brokers.has(preferred.nodeId);
    if (isThere && nowMs < preferred.untilMs) return preferred.nodeId;
    partition.preferredReadReplica = undefined;
    return undefined;
  }

  async #fetch(nodeId: number, partitions: readonly ConsumedPartition[]): Promise<void> {
    const asked = partitions.map((partition): Asked => {
      const { position = 0, seeks } = partition;
      return { partition, offset: position, seeks };
    });
    for (const partition of partitions) partition.isFetching = true;
    try {
      const message = this.#requestFor(asked);
      const { clock } = this.#client.ports;
      const startMs = clock.monotonicMs();
      const response = await this.#client.sendTo(nodeId, fetchCall, message);
      this.metrics.fetched(bytesIn(response), clock.monotonicMs() - startMs);
      if (response.errorCode !== 0) throw new BrokerError(errorNameOf(response.errorCode));
      const codecs = codecsOf(this.#client.ports);
      const types = compressionTypesIn(response);
      if (0 < types.length) await Promise.all(types.map((type) => codecs.prepare(type)));
      this.#takeResponse(asked, response);
    } finally {
      for (const partition of partitions) partition.isFetching = false;
    }
  }

  #requestFor(asked: readonly Asked[]) {
    const config = this.#config;
    const { metadata } = this.#client;
    const places = asked.map(({ partition: { topic, partition }, offset }) => ({
      topic,
      partition,
      offset,
    }));
    const topics = groupByTopic(places).map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition, offset }) => ({
        partition,
        // KIP-320: else a replica that is no leader any more could answer, with a log that was made anew.
        currentLeaderEpoch: metadata.leaderEpochOf(topic, partition),
        fetchOffset: offset,
        partitionMaxBytes: config.maxPartitionFetchBytes,
      })),
    }));
    return {
      maxWaitMs: config.fetchMaxWaitMs,
      minBytes: config.fetchMinBytes,
      maxBytes: config.fetchMaxBytes,
      isolationLevel: config.isolation === 'read_committed' ? 1 : 0,
      topics,
      rackId: config.rackId,
    };
  }

  #takeResponse(asked: readonly Asked[], response: FetchResponse): void {
    for (const each of asked) {
      const { topic, partition } = each.partition;
      const data = response.responses
        .find((answer) => answer.topic === topic)
        ?.partitions.find(({ partitionIndex }) => partitionIndex === partition);
      // A seek or a rebalance since then: the answer is about the past.
      const isCurrent =
        this.#subscriptions.get(each.partition) === each.partition &&
        each.seeks === each.partition.seeks;
      if (data !== undefined && isCurrent) this.#takePartition(each, data);
    }
  }

  #takePartition({ partition, offset }: Asked, data: PartitionData): void {
    const error = errorNameOf(data.errorCode);
    if (error !== 'NONE') {
      this.#onPartitionError(partition, new BrokerError(error));
      return;
    }
    if (0 <= data.preferredReadReplica) {
      const untilMs = this.#client.ports.clock.monotonicMs() + this.#client.config.metadataMaxAgeMs;
      partition.preferredReadReplica = { nodeId: data.preferredReadReplica, untilMs };
    }
    if (data.records === null || data.records.length === 0) return;
    partition.fetched = new FetchedRecords({
      bytes: data.records,
      fetchOffset: offset,
      codecs: codecsOf(this.#client.ports),
      checksCrcs: this.#config.checksCrcs,
      abortedTransactions:
        this.#config.isolation === 'read_committed' ? (data.abortedTransactions ?? []) : undefined,
    });
  }

  #onPartitionError(partition: ConsumedPartition, error: BrokerError): void {
    const name = formatTopicPartition(partition);
    const wasNear = partition.preferredReadReplica !== undefined;
    partition.preferredReadReplica = undefined;
    // A follower may be behind: the leader has the last word on what is in range.
    if (wasNear && error.code === 'OFFSET_OUT_OF_RANGE') return;
    if (error.code === 'OFFSET_OUT_OF_RANGE') {
      this.#onOutOfRange(partition, name);
      return;
    }
    if (!error.isRetriable && error.code !== 'UNKNOWN_SERVER_ERROR') {
      this.#error ??= error;
      return;
    }
    this.#onFailed([partition], error);
  }

  #onOutOfRange(partition: ConsumedPartition, name: string): void {
    const { autoOffsetReset } = this.#config;
    if (autoOffsetReset === 'none') {
      const message = `Fetch position FetchPosition{offset=${partition.position}} is out of range for partition ${name}`;
      this.#error ??= new BrokerError('OFFSET_OUT_OF_RANGE', message);
      return;
    }
    this.#log(
      `Fetch position FetchPosition{offset=${partition.position}} is out of range for partition ${name}, resetting offset`,
    );
    this.#subscriptions.seek(partition, undefined, autoOffsetReset);
  }

  #onFailed(partitions: readonly ConsumedPartition[], error: ClientError): void {
    const { clock } = this.#client.ports;
    const notBeforeMs = clock.monotonicMs() + this.#client.backoffMs(0);
    for (const partition of partitions) {
      partition.notBeforeMs = notBeforeMs;
      partition.preferredReadReplica = undefined;
    }
    this.#log(`Fetch failed: ${error.message}`);
    this.#client.metadata.refreshSoon();
  }

  #onDone(nodeId: number): void {
    this.#busyNodes.delete(nodeId);
    this.#notify();
  }

  #throwError(): void {
    const error = this.#error;
    this.#error = undefined;
    if (error !== undefined) throw error;
  }

  #log(message: string): void {
    const source = 'org.apache.kafka.clients.consumer.internals.AbstractFetch';
    loggerOf(this.#client.ports).log('INFO', source, `${this.#client.logPrefix}${message}`);
  }
}

/** The codecs of the batches in a response, so that they are loaded before they are needed. */
function compressionTypesIn(response: FetchResponse): CompressionType[] {
  const types = new Set<CompressionType>();
  for (const { partitions } of response.responses) {
    for (const { records } of partitions) {
      if (records === null || records.length === 0) continue;
      for (const batch of batchesOf(records)) types.add(batch.compressionType);
    }
  }
  types.delete('none');
  return [...types];
}

function bytesIn(response: FetchResponse): number {
  let bytes = 0;
  for (const { partitions } of response.responses) {
    for (const { records } of partitions) bytes += records?.length ?? 0;
  }
  return bytes;
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new TypeError(String(error));
}
