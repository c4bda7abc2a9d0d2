import { type ErrorCode, errorNameOf } from '../protocol/error-codes.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../protocol/schema.ts';
import type { MetadataResponse } from '../protocol/schemas/03-metadata.ts';
import { type ApiCall, metadataCall } from './api-calls.ts';
import type { CommonConfig } from './client-config.ts';
import { BrokerError, ClientError, TimeoutError } from './client-errors.ts';
import { type ClientPorts, loggerOf } from './client-ports.ts';

export interface BrokerInfo {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

export interface PartitionInfo {
  readonly partition: number;
  /** -1: none. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly offlineReplicas: readonly number[];
  readonly error: ErrorCode;
}

export interface TopicInfo {
  readonly name: string;
  readonly topicId: string;
  readonly isInternal: boolean;
  /** By partition number. */
  readonly partitions: readonly PartitionInfo[];
}

/** What the metadata needs of the client that owns it. */
export interface MetadataOwner {
  readonly ports: ClientPorts;
  readonly config: CommonConfig;
  readonly logPrefix: string;
  readonly isClosed: boolean;
  sendToAny<Q extends MessageSchema, S extends MessageSchema>(
    call: ApiCall<Q, S>,
    message: MessageInput<Q>,
  ): Promise<MessageOf<S>>;
  retry<T>(timeoutMs: number, timeoutMessage: string, attempt: () => Promise<T>): Promise<T>;
}

/** Asking again does not help. */
const fatalTopicErrors: ReadonlySet<ErrorCode> = new Set([
  'INVALID_TOPIC_EXCEPTION',
  'TOPIC_AUTHORIZATION_FAILED',
]);

/** What the client knows of its cluster: brokers, topics, leaders. */
export class ClientMetadata {
  readonly brokers = new Map<number, BrokerInfo>();
  readonly topics = new Map<string, TopicInfo>();
  clusterId: string | null = null;
  controllerId = -1;
  /** Whether asking for a topic may create it (the consumer's `allow.auto.create.topics`). */
  allowsAutoTopicCreation = true;
  readonly #client: MetadataOwner;
  readonly #wanted = new Set<string>();
  readonly #listeners = new Set<() => void>();
  #refreshing: Promise<void> | undefined;
  #refreshedAtMs = Number.NEGATIVE_INFINITY;
  #attemptedAtMs = Number.NEGATIVE_INFINITY;
  #isRefreshDue = false;
  #isStale = false;

  constructor(client: MetadataOwner) {
    this.#client = client;
  }

  /** Called after each refresh. */
  onUpdated(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** A hint that leaders may have moved: who needs them next asks. */
  markStale(): void {
    this.#isStale = true;
  }

  /** After such a hint, and after `metadata.max.age.ms`. */
  get isStale(): boolean {
    const ageMs = this.#client.ports.clock.monotonicMs() - this.#refreshedAtMs;
    return this.#isStale || this.#client.config.metadataMaxAgeMs <= ageMs;
  }

  /** Undefined also when the leader is not among the brokers that the cluster names: nobody knows where it is. */
  leaderOf(topic: string, partition: number): number | undefined {
    const leader = this.topics.get(topic)?.partitions[partition]?.leader;
    return leader === undefined || !this.brokers.has(leader) ? undefined : leader;
  }

  /** The epoch of that leader; -1 where it is not known. */
  leaderEpochOf(topic: string, partition: number): number {
    return this.topics.get(topic)?.partitions[partition]?.leaderEpoch ?? -1;
  }

  /** Asks for all topics of interest now. One refresh serves all who ask meanwhile. Rejects with a ClientError. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** Refreshes in the background and swallows failures: the next need asks again. */
  refreshSoon(): void {
    this.#isStale = true;
    if (this.#isRefreshDue) return;
    const { clock, scheduler } = this.#client.ports;
    // `retry.backoff.ms` lies between two refreshes that failures ask for.
    const { retryBackoffMs } = this.#client.config;
    const delayMs = this.#attemptedAtMs + retryBackoffMs - clock.monotonicMs();
    if (delayMs <= 0) {
      this.#refreshQuietly();
      return;
    }
    this.#isRefreshDue = true;
    scheduler.after(delayMs, () => {
      this.#isRefreshDue = false;
      if (!this.#client.isClosed) this.#refreshQuietly();
    });
  }

  #refreshQuietly(): void {
    this.refresh().catch((error: unknown) => {
      if (!(error instanceof ClientError)) throw error;
    });
  }

  /** The topic with its partitions, waited for at most `timeoutMs`. Rejects with TimeoutError or BrokerError. */
  async topic(name: string, timeoutMs: number): Promise<TopicInfo> {
    const known = this.topics.get(name);
    if (known !== undefined) return known;
    this.#wanted.add(name);
    const message = `Topic ${name} not present in metadata after ${timeoutMs} ms.`;
    return await this.#client.retry(timeoutMs, message, async () => {
      await this.refresh();
      const topic = this.topics.get(name);
      if (topic === undefined) throw new TimeoutError(message);
      return topic;
    });
  }

  /** Limits or widens what is refreshed. */
  want(topics: Iterable<string>): void {
    for (const topic of topics) this.#wanted.add(topic);
  }

  unwant(topic: string): void {
    this.#wanted.delete(topic);
    this.topics.delete(topic);
  }

  /** All topics of the cluster, not kept. Rejects with a ClientError. */
  async allTopics(): Promise<readonly TopicInfo[]> {
    const response = await this.#client.sendToAny(metadataCall, {
      topics: null,
      allowAutoTopicCreation: false,
    });
    this.#takeBrokers(response);
    return response.topics.filter(({ errorCode }) => errorCode === 0).map(toTopicInfo);
  }

  async #refresh(): Promise<void> {
    const asked = [...this.#wanted];
    this.#attemptedAtMs = this.#client.ports.clock.monotonicMs();
    const response = await this.#client.sendToAny(metadataCall, {
      topics: asked.map((name) => ({ name })),
      allowAutoTopicCreation: this.allowsAutoTopicCreation,
    });
    this.#isStale = false;
    this.#refreshedAtMs = this.#client.ports.clock.monotonicMs();
    this.#takeBrokers(response);
    const fatal = this.#takeTopics(response);
    for (const listener of this.#listeners) listener();
    if (fatal !== undefined) throw fatal;
  }

  #takeBrokers(response: MetadataResponse): void {
    this.clusterId = response.clusterId;
    this.controllerId = response.controllerId;
    // An answer without brokers comes from one that is just starting: the old picture is better.
    if (response.brokers.length === 0) return;
    this.brokers.clear();
    for (const { nodeId, host, port, rack } of response.brokers) {
      this.brokers.set(nodeId, { id: nodeId, host, port, rack });
    }
  }

  #takeTopics(response: MetadataResponse): BrokerError | undefined {
    const problems: string[] = [];
    let fatal: BrokerError | undefined;
    for (const topic of response.topics) {
      const name = topic.name ?? '';
      const error = errorNameOf(topic.errorCode);
      if (error === 'NONE') {
        this.#takeTopic(toTopicInfo(topic));
        continue;
      }
      problems.push(`${name}=${error}`);
      if (error === 'UNKNOWN_TOPIC_OR_PARTITION') this.topics.delete(name);
      if (!fatalTopicErrors.has(error)) continue;
      this.#wanted.delete(name);
      const text = error === 'INVALID_TOPIC_EXCEPTION' ? `Invalid topics: [${name}]` : null;
      fatal = new BrokerError(error, text);
    }
    if (0 < problems.length) this.#warn(`Error while fetching metadata: {${problems.join(', ')}}`);
    return fatal;
  }

  /** An answer from a broker that lags behind must not take a leader back (KIP-320). */
  #takeTopic(topic: TopicInfo): void {
    const known = this.topics.get(topic.name);
    if (known === undefined || known.topicId !== topic.topicId) {
      this.topics.set(topic.name, topic);
      return;
    }
    const partitions = topic.partitions.map((partition) => {
      const before = known.partitions[partition.partition];
      const isOlder = before !== undefined && partition.leaderEpoch < before.leaderEpoch;
      return isOlder && 0 <= partition.leaderEpoch ? before : partition;
    });
    this.topics.set(topic.name, { ...topic, partitions });
  }

  #warn(message: string): void {
    const source = 'org.apache.kafka.clients.NetworkClient';
    loggerOf(this.#client.ports).log('WARN', source, `${this.#client.logPrefix}${message}`);
  }
}

function toTopicInfo(topic: MetadataResponse['topics'][number]): TopicInfo {
  const partitions = topic.partitions.map((partition) => ({
    partition: partition.partitionIndex,
    leader: partition.leaderId,
    leaderEpoch: partition.leaderEpoch,
    replicas: partition.replicaNodes,
    isr: partition.isrNodes,
    offlineReplicas: partition.offlineReplicas,
    error: errorNameOf(partition.errorCode),
  }));
  partitions.sort((a, b) => a.partition - b.partition);
  return {
    name: topic.name ?? '',
    topicId: topic.topicId,
    isInternal: topic.isInternal,
    partitions,
  };
}
