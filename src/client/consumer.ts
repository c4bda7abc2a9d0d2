import type { Disposable } from '../base/disposable.ts';
import { nextTurn } from '../base/scheduler.ts';
import { Admin } from './admin.ts';
import type { ListedOffset } from './admin-types.ts';
import type { ClientProperties } from './client-config.ts';
import { BrokerError, ClientError, IllegalStateError, TimeoutError } from './client-errors.ts';
import type { ClientPorts } from './client-ports.ts';
import { type ConsumerConfig, readConsumerConfig } from './consumer-config.ts';
import type { PartitionRecords, RebalanceListener } from './consumer-types.ts';
import { Fetcher } from './fetcher.ts';
import { type CommittedOffset, GroupCoordinatorClient } from './group-coordinator-client.ts';
import { GroupMembership } from './group-membership.ts';
import type { Metric } from './sampled-stat.ts';
import {
  type ConsumedPartition,
  type ResetStrategy,
  SubscriptionState,
} from './subscription-state.ts';
import { formatTopicPartition, type TopicPartition } from './topic-partition.ts';

/** Signals and timers must get in between polls that find records without waiting. */
const turnMs = 8;
const internalTopic = /^__(consumer_offsets|transaction_state)$/;

/** Reads records, alone or as a member of a group (KafkaConsumer). */
export class Consumer {
  readonly config: ConsumerConfig;
  readonly #ports: ClientPorts;
  readonly #admin: Admin;
  readonly #subscriptions = new SubscriptionState();
  readonly #fetcher: Fetcher;
  readonly #coordinator: GroupCoordinatorClient | undefined;
  #membership: GroupMembership | undefined;
  #subscription: readonly string[] | RegExp = [];
  #listener: RebalanceListener = {};
  #joining: Promise<void> | undefined;
  #positioning: Promise<void> | undefined;
  #failure: unknown;
  #wake: (() => void) | undefined;
  #isAwake = false;
  #committedAtMs: number;
  #turnStartMs = 0;
  #isClosed = false;

  /** Throws ConfigError. */
  constructor(ports: ClientPorts, properties: ClientProperties) {
    const config = readConsumerConfig(properties);
    this.config = config;
    this.#ports = ports;
    const group = config.groupId === undefined ? '' : `, groupId=${config.groupId}`;
    const logPrefix = `[Consumer clientId=${config.clientId}${group}] `;
    this.#admin = Admin.over(ports, config, logPrefix);
    const { client } = this.#admin;
    client.metadata.allowsAutoTopicCreation = config.allowsAutoTopicCreation;
    this.#fetcher = new Fetcher(client, config, this.#subscriptions, () => this.wakeUp());
    this.#coordinator =
      config.groupId === undefined ? undefined : new GroupCoordinatorClient(client, config.groupId);
    this.#committedAtMs = ports.clock.monotonicMs();
  }

  get assignment(): readonly TopicPartition[] {
    return this.#subscriptions.partitions.map(({ topic, partition }) => ({ topic, partition }));
  }

  /** Joins the group with the next poll. Throws IllegalStateError without `group.id`. */
  subscribe(topics: readonly string[] | RegExp, listener: RebalanceListener = {}): void {
    const coordinator = this.#coordinator;
    if (coordinator === undefined) {
      throw new IllegalStateError(
        'To use the group management or offset commit APIs, you must provide a valid group.id in the consumer configuration.',
      );
    }
    this.#subscription = topics;
    this.#listener = listener;
    this.#membership ??= new GroupMembership(this.#admin.client, this.config, coordinator, {
      topics: () => this.#subscribedTopics(),
      owned: () => this.assignment,
      notify: () => this.wakeUp(),
    });
  }

  /** Reads these partitions, whatever others do. */
  assign(partitions: readonly TopicPartition[]): void {
    this.#subscriptions.assign(partitions);
    this.#admin.client.metadata.want(partitions.map(({ topic }) => topic));
  }

  /**
   * Records, waited for at most `timeoutMs`; none when none came. Rejects with a ClientError, or with
   * CorruptRecordError.
   */
  async poll(timeoutMs: number): Promise<readonly PartitionRecords[]> {
    if (this.#isClosed) throw new IllegalStateError('This consumer has already been closed.');
    const { clock } = this.#ports;
    const deadlineMs = clock.monotonicMs() + timeoutMs;
    this.#membership?.polled();
    await this.#giveWay();
    for (;;) {
      this.#isAwake = false;
      this.#prepare();
      this.#throwFailure();
      // What earlier polls gave out is done with; what this one gives is not.
      this.#commitWhenDue();
      const records = this.#fetcher.collect();
      if (this.#joining === undefined) this.#fetcher.sendFetches();
      if (0 < records.length) return records;
      const leftMs = deadlineMs - clock.monotonicMs();
      if (leftMs <= 0) return [];
      await this.#waitForNews(Math.min(leftMs, this.#admin.client.config.retryBackoffMs * 5));
    }
  }

  /** Makes a waiting poll look again. */
  wakeUp(): void {
    this.#isAwake = true;
    this.#wake?.();
  }

  /** Throws IllegalStateError for a partition that is not assigned. */
  seek(partition: TopicPartition, offset: number): void {
    this.#subscriptions.seek(this.#assigned(partition), offset);
  }

  seekTo(strategy: ResetStrategy, partitions: readonly TopicPartition[] = this.assignment): void {
    for (const each of partitions) {
      this.#subscriptions.seek(this.#assigned(each), undefined, strategy);
    }
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const each of partitions) this.#assigned(each).isPaused = true;
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const each of partitions) this.#assigned(each).isPaused = false;
    this.wakeUp();
  }

  /** Undefined until it is known: a poll finds it. */
  position(partition: TopicPartition): number | undefined {
    return this.#assigned(partition).position;
  }

  /** Commits all positions, or the given offsets. Rejects with a ClientError. */
  async commit(
    offsets: readonly (TopicPartition & {
      readonly offset: number;
    })[] = this.#subscriptions.positions(),
  ): Promise<void> {
    const coordinator = this.#coordinator;
    if (coordinator === undefined || offsets.length === 0) return;
    await this.#retry('commitSync', () =>
      coordinator.commitOffsets(offsets, this.#memberIdentity()),
    );
    this.#committedAtMs = this.#ports.clock.monotonicMs();
  }

  async committed(partitions: readonly TopicPartition[]): Promise<readonly CommittedOffset[]> {
    const coordinator = this.#coordinator;
    if (coordinator === undefined) return [];
    return await this.#retry('committed', () => coordinator.fetchOffsets(partitions));
  }

  /** The first offsets whose timestamps are at least those given; -1 where there is none. */
  async offsetsForTimes(
    partitions: readonly (TopicPartition & { readonly timestamp: number })[],
  ): Promise<readonly ListedOffset[]> {
    return await this.#admin.listOffsets(partitions, this.config.isolation);
  }

  async partitionsFor(topic: string): Promise<readonly TopicPartition[]> {
    const info = await this.#admin.client.metadata.topic(topic, this.config.apiTimeoutMs);
    return info.partitions.map(({ partition }) => ({ topic, partition }));
  }

  /** Commits where that is automatic, leaves the group, and lets go. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.config.commitsAutomatically) await this.#commitQuietly();
    await this.#membership?.leave();
    this.#membership?.dispose();
    this.#admin.close();
    this.wakeUp();
  }

  /** Kafka's consumer-fetch-manager-metrics, as of now. */
  metrics(): readonly Metric[] {
    return this.#fetcher.metrics.list();
  }

  #assigned(partition: TopicPartition): ConsumedPartition {
    const found = this.#subscriptions.get(partition);
    if (found !== undefined) return found;
    throw new IllegalStateError(
      `No current assignment for partition ${formatTopicPartition(partition)}`,
    );
  }

  #memberIdentity() {
    const outsider = { generationId: -1, memberId: '', groupInstanceId: null };
    return this.#membership?.identity ?? outsider;
  }

  /** Starts what must happen before records can be fetched; none of it is waited for here. */
  #prepare(): void {
    const membership = this.#membership;
    if (membership?.needsJoin === true) {
      this.#joining ??= this.#keepingFailure(this.#join(membership)).finally(() => {
        this.#joining = undefined;
      });
      return;
    }
    if (this.#admin.client.metadata.isStale) this.#admin.client.metadata.refreshSoon();
    const isMissing = this.#subscriptions.partitions.some(({ position }) => position === undefined);
    if (!isMissing) return;
    this.#positioning ??= this.#keepingFailure(this.#findPositions()).finally(() => {
      this.#positioning = undefined;
    });
  }

  async #keepingFailure(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!this.#isClosed) this.#failure = error;
    }
    this.wakeUp();
  }

  #throwFailure(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure === undefined) return;
    if (
      failure instanceof ClientError &&
      failure.isRetriable &&
      !(failure instanceof TimeoutError)
    ) {
      return;
    }
    throw failure;
  }

  async #join(membership: GroupMembership): Promise<void> {
    const before = this.assignment;
    if (0 < before.length) {
      if (this.config.commitsAutomatically) await this.#commitQuietly();
      await this.#listener.onRevoked?.(before);
    }
    for (let failures = 0; membership.needsJoin && !this.#isClosed; failures++) {
      try {
        const assigned = await membership.join();
        this.#subscriptions.assign([]);
        this.#subscriptions.assign(assigned);
        this.#admin.client.metadata.want(assigned.map(({ topic }) => topic));
        await this.#listener.onAssigned?.(assigned);
      } catch (error) {
        if (!mayJoinAgain(error)) throw error;
        const isQuick = error instanceof BrokerError && error.code === 'MEMBER_ID_REQUIRED';
        if (!isQuick) await this.#admin.client.pause(this.#admin.client.backoffMs(failures));
      }
    }
  }

  async #subscribedTopics(): Promise<readonly string[]> {
    const subscription = this.#subscription;
    const { metadata } = this.#admin.client;
    if (!(subscription instanceof RegExp)) {
      metadata.want(subscription);
      return subscription;
    }
    const topics = (await metadata.allTopics())
      .map(({ name }) => name)
      .filter((name) => !(this.config.excludesInternalTopics && internalTopic.test(name)))
      .filter((name) => subscription.test(name));
    metadata.want(topics);
    return topics;
  }

  /** First what was sought or committed, then what `auto.offset.reset` says. */
  async #findPositions(): Promise<void> {
    const missing = this.#subscriptions.partitions.filter(({ position }) => position === undefined);
    const uncommitted = missing.filter(({ reset }) => reset === undefined);
    if (0 < uncommitted.length) await this.#useCommitted(uncommitted);
    const resetting = missing.filter(({ reset }) => reset !== undefined);
    if (resetting.length === 0) return;
    const asked = resetting.map(({ topic, partition, reset }) => ({
      topic,
      partition,
      timestamp: reset === 'earliest' ? -2 : -1,
    }));
    const seeks = new Map(resetting.map((each) => [each, each.seeks]));
    const offsets = await this.#admin.listOffsets(asked, this.config.isolation);
    for (const { topic, partition, offset } of offsets) {
      const found = this.#subscriptions.get({ topic, partition });
      if (found === undefined || seeks.get(found) !== found.seeks) continue;
      this.#subscriptions.seek(found, offset);
    }
  }

  async #useCommitted(partitions: readonly ConsumedPartition[]): Promise<void> {
    const committed = await this.committed(partitions);
    const { autoOffsetReset } = this.config;
    for (const each of partitions) {
      if (each.position !== undefined || each.reset !== undefined) continue;
      const found = committed.find(
        ({ topic, partition }) => topic === each.topic && partition === each.partition,
      );
      if (found !== undefined) each.position = found.offset;
      else if (autoOffsetReset !== 'none') each.reset = autoOffsetReset;
      else throw noOffset(each);
    }
  }

  #commitWhenDue(): void {
    const nowMs = this.#ports.clock.monotonicMs();
    if (!this.config.commitsAutomatically || this.#joining !== undefined) return;
    if (nowMs - this.#committedAtMs < this.config.autoCommitIntervalMs) return;
    this.#committedAtMs = nowMs;
    this.#commitQuietly().catch((error: unknown) => {
      this.#failure = error;
    });
  }

  async #commitQuietly(): Promise<void> {
    const coordinator = this.#coordinator;
    const offsets = this.#subscriptions.positions();
    if (coordinator === undefined || offsets.length === 0) return;
    try {
      await coordinator.commitOffsets(offsets, this.#memberIdentity());
    } catch (error) {
      // The next commit, or the next owner, makes up for it.
      if (!(error instanceof ClientError)) throw error;
    }
  }

  #retry<T>(what: string, attempt: () => Promise<T>): Promise<T> {
    const { apiTimeoutMs } = this.config;
    const message = `Timeout of ${apiTimeoutMs}ms expired before ${what} could be completed`;
    return this.#admin.client.retry(apiTimeoutMs, message, attempt);
  }

  async #giveWay(): Promise<void> {
    const { clock, scheduler } = this.#ports;
    if (clock.monotonicMs() - this.#turnStartMs < turnMs) return;
    await nextTurn(scheduler);
    this.#turnStartMs = clock.monotonicMs();
  }

  async #waitForNews(timeoutMs: number): Promise<void> {
    if (this.#isAwake) return;
    let timer: Disposable | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = this.#ports.scheduler.after(timeoutMs, resolve);
    });
    this.#wake = undefined;
    timer?.dispose();
    this.#turnStartMs = this.#ports.clock.monotonicMs();
  }
}

function mayJoinAgain(error: unknown): boolean {
  if (!(error instanceof ClientError)) return false;
  if (error.isRetriable) return true;
  if (!(error instanceof BrokerError)) return false;
  const expected = [
    'MEMBER_ID_REQUIRED',
    'UNKNOWN_MEMBER_ID',
    'ILLEGAL_GENERATION',
    'REBALANCE_IN_PROGRESS',
  ];
  return expected.includes(error.code);
}

function noOffset(partition: TopicPartition): IllegalStateError {
  return new IllegalStateError(
    `Undefined offset with no reset policy for partitions: [${formatTopicPartition(partition)}]`,
  );
}
