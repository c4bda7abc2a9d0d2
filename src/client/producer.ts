import { assert } from '../base/assert.ts';
import type { Disposable } from '../base/disposable.ts';
import { recordBatchSizeUpperBound } from '../protocol/records/record-batch-builder.ts';
import type { RecordHeader } from '../protocol/records/record-iterator.ts';
import type { ClientProperties } from './client-config.ts';
import { ClosedError, ConfigError, IllegalStateError, TimeoutError } from './client-errors.ts';
import type { TopicInfo } from './client-metadata.ts';
import { type ClientPorts, codecsOf } from './client-ports.ts';
import { ClusterClient } from './cluster-client.ts';
import type { AppendedRecord, SendCallback } from './producer-batch.ts';
import { type ProducerConfig, readProducerConfig } from './producer-config.ts';
import { ProducerMetrics } from './producer-metrics.ts';
import {
  choosePartition,
  type ProducerRecord,
  type RecordMetadata,
  tooLarge,
} from './producer-record.ts';
import { ProducerSender } from './producer-sender.ts';
import { RecordAccumulator } from './record-accumulator.ts';
import type { Metric } from './sampled-stat.ts';
import { StickyPartitioner } from './sticky-partitioner.ts';

interface WaitingRecord {
  readonly record: ProducerRecord;
  readonly callback: SendCallback | undefined;
  readonly context: number;
  readonly deadlineMs: number;
}

interface TopicState {
  readonly partitioner: StickyPartitioner;
  info: TopicInfo | undefined;
  isAsked: boolean;
}

const noHeaders: readonly RecordHeader[] = [];
/** Java's `send` blocks; ours keeps what comes although it has answered "stop", but not without end. */
const maxWaitingRecords = 100_000;

/**
 * Sends records (KafkaProducer). `send` is cheap and never blocks: when it answers false, await `ready()`
 * before the next one.
 */
export class Producer {
  readonly #config: ProducerConfig;
  readonly #ports: ClientPorts;
  readonly #client: ClusterClient;
  readonly #accumulator: RecordAccumulator;
  readonly #sender: ProducerSender;
  readonly #metrics: ProducerMetrics;
  readonly #topics = new Map<string, TopicState>();
  #waiting: WaitingRecord[] = [];
  #waitingTimer: Disposable | undefined;
  #readyListeners: (() => void)[] = [];
  #doneListeners: (() => void)[] = [];
  #incompleteBatches = 0;
  #flushes = 0;
  #isClosed = false;
  #isReadyPending = false;
  #arePreparedCodecs: boolean;

  /** Throws ConfigError. */
  constructor(ports: ClientPorts, properties: ClientProperties) {
    const config = readProducerConfig(properties, { clientId: 'producer-1' });
    this.#config = config;
    this.#ports = ports;
    this.#client = new ClusterClient(ports, config, `[Producer clientId=${config.clientId}] `);
    this.#accumulator = new RecordAccumulator(config, codecsOf(ports));
    this.#metrics = new ProducerMetrics(ports.clock, config.clientId);
    this.#arePreparedCodecs = config.compression === 'none';
    const parts = {
      client: this.#client,
      config,
      accumulator: this.#accumulator,
      metrics: this.#metrics,
    };
    this.#sender = new ProducerSender(parts, {
      onBatchDone: () => this.#onBatchDone(),
      isHurried: () => 0 < this.#flushes || 0 < this.#waiting.length || this.#isClosed,
    });
    this.#client.metadata.onUpdated(() => this.#onMetadata());
  }

  get config(): ProducerConfig {
    return this.#config;
  }

  /**
   * Takes a record; answers false when the caller should await `ready()` before the next one. The
   * callback comes exactly once, later, with `context`. Throws IllegalStateError after `close`.
   */
  send(record: ProducerRecord, callback?: SendCallback, context = 0): boolean {
    if (this.#isClosed) {
      throw new IllegalStateError('Cannot perform operation after producer has been closed');
    }
    const topic = this.#topics.get(record.topic);
    const isBehindOthers = 0 < this.#waiting.length;
    if (
      topic?.info !== undefined &&
      !isBehindOthers &&
      this.#append(topic, record, callback, context)
    ) {
      return this.#hasRoom();
    }
    this.#wait(record, callback, context);
    return false;
  }

  /** Whether `send` would answer true. */
  get isReady(): boolean {
    return this.#waiting.length === 0 && this.#hasRoom();
  }

  /** Resolves when records may be sent again: their topics are known and there is memory. */
  ready(): Promise<void> {
    if (this.isReady) return Promise.resolve();
    return new Promise((resolve) => this.#readyListeners.push(resolve));
  }

  /** One record with its acknowledgement: convenient, for when there are few. */
  async sendAndWait(record: ProducerRecord): Promise<RecordMetadata> {
    return await new Promise((resolve, reject) => {
      this.send(record, (outcome, index) => {
        if (outcome.error !== undefined) return reject(outcome.error);
        const { topic, partition, baseOffset, logAppendTimeMs } = outcome;
        const offset = baseOffset < 0 ? -1 : baseOffset + index;
        const timestamp = logAppendTimeMs < 0 ? (record.timestamp ?? -1) : logAppendTimeMs;
        resolve({ topic, partition, offset, timestamp });
      });
    });
  }

  /** Waits for a topic to be known, at most `max.block.ms`. Rejects with TimeoutError or BrokerError. */
  async partitionsFor(topic: string): Promise<TopicInfo> {
    return await this.#client.metadata.topic(topic, this.#config.maxBlockMs);
  }

  /** Sends all without lingering and waits until every record so far was acknowledged or has failed. */
  async flush(): Promise<void> {
    this.#flushes += 1;
    this.#sender.wakeUp();
    while (0 < this.#incompleteBatches || 0 < this.#waiting.length) {
      await new Promise<void>((resolve) => this.#doneListeners.push(resolve));
    }
    this.#flushes -= 1;
  }

  /** Flushes, at most for `timeoutMs`, then lets go; what was not sent until then fails. */
  async close(timeoutMs = Number.POSITIVE_INFINITY): Promise<void> {
    if (this.#isClosed) return;
    if (timeoutMs < Number.POSITIVE_INFINITY) {
      const flushed = this.flush();
      await Promise.race([flushed, this.#client.pause(timeoutMs)]);
    } else {
      await this.flush();
    }
    this.#isClosed = true;
    const error = new ClosedError('Producer is closed forcefully.');
    for (const waiting of this.#waiting.splice(0)) this.#failWaiting(waiting, error);
    this.#sender.abort(error);
    this.#sender.dispose();
    this.#waitingTimer?.dispose();
    this.#client.dispose();
  }

  /** Kafka's producer-metrics, as of now. */
  metrics(): readonly Metric[] {
    const { pool } = this.#accumulator;
    return this.#metrics.list({
      'buffer-available-bytes': pool.availableBytes,
      'buffer-total-bytes': pool.totalBytes,
      'connection-count': this.#client.openConnections.length,
      'requests-in-flight': this.#sender.requestsInFlight,
      'waiting-threads': this.#waiting.length,
    });
  }

  #hasRoom(): boolean {
    return this.#accumulator.pool.hasRoomFor(this.#config.batchSizeBytes);
  }

  /** False when there is no memory. */
  #append(
    topic: TopicState,
    record: ProducerRecord,
    callback: SendCallback | undefined,
    context: number,
  ): boolean {
    assert(topic.info !== undefined, 'a record is appended to a topic that is known');
    const key = record.key ?? null;
    const { value, headers = noHeaders, timestamp = this.#ports.clock.nowMs() } = record;
    const isDrawn = record.partition === undefined && (key === null || this.#config.ignoresKeys);
    const partition = isDrawn
      ? topic.partitioner.current(topic.info.partitions, (each) =>
          this.#queueLength(record.topic, each),
        )
      : choosePartition(record, key, topic.info);
    const appended: AppendedRecord = { timestamp, key, value, headers };
    const problem = this.#problemWith(record, appended, topic.info, partition);
    if (problem !== undefined) {
      this.#fail(record, callback, context, problem);
      return true;
    }
    const queue = this.#accumulator.queueOf(record.topic, partition);
    const nowMs = this.#ports.clock.monotonicMs();
    const outcome = this.#accumulator.append(queue, appended, callback, { context, nowMs });
    if (!outcome.isAppended) return false;
    if (isDrawn) {
      const bytes = (value?.length ?? 0) + 7;
      topic.partitioner.produced(bytes, outcome.isBatchFull);
    }
    if (outcome.isNewBatch) {
      this.#incompleteBatches += 1;
      this.#sender.add(queue);
    }
    if (outcome.isBatchFull) this.#sender.pump();
    return true;
  }

  #queueLength(topic: string, partition: number): number {
    return this.#accumulator.queueOf(topic, partition).batches.length;
  }

  #problemWith(
    record: ProducerRecord,
    appended: AppendedRecord,
    info: TopicInfo,
    partition: number,
  ): Error | undefined {
    if (partition < 0 || info.partitions.length <= partition) {
      return new TimeoutError(
        `Partition ${partition} of topic ${record.topic} with partition count ${info.partitions.length} is not present in metadata after ${this.#config.maxBlockMs} ms.`,
      );
    }
    const { key, value, headers } = appended;
    const sizeBytes = recordBatchSizeUpperBound(key, value, headers);
    const { maxRequestBytes, bufferMemoryBytes } = this.#config;
    if (maxRequestBytes < sizeBytes)
      return tooLarge(sizeBytes, maxRequestBytes, 'max.request.size');
    if (bufferMemoryBytes < sizeBytes)
      return tooLarge(sizeBytes, bufferMemoryBytes, 'buffer.memory');
    return undefined;
  }

  #wait(record: ProducerRecord, callback: SendCallback | undefined, context: number): void {
    if (maxWaitingRecords <= this.#waiting.length) {
      const reason = `${maxWaitingRecords} records wait already; await ready() when send answers false`;
      this.#fail(record, callback, context, new IllegalStateError(reason));
      return;
    }
    const deadlineMs = this.#ports.clock.monotonicMs() + this.#config.maxBlockMs;
    this.#waiting.push({ record, callback, context, deadlineMs });
    this.#askFor(record.topic);
    this.#armWaitingTimer();
    this.#sender.wakeUp();
  }

  /** Makes the topic's partitions, and the codec, known. */
  #askFor(name: string): void {
    const topic = this.#topicState(name);
    if (topic.info !== undefined || topic.isAsked) return;
    topic.isAsked = true;
    const known = Promise.all([this.partitionsFor(name), this.#prepareCodec()]);
    known.then(
      ([info]) => {
        topic.info = info;
        this.#takeWaiting();
      },
      (error: unknown) => {
        topic.isAsked = false;
        const failure = error instanceof Error ? error : new ConfigError(String(error));
        this.#failTopic(name, failure);
      },
    );
  }

  #topicState(name: string): TopicState {
    let topic = this.#topics.get(name);
    if (topic === undefined) {
      const { batchSizeBytes, isAdaptive } = this.#config;
      const options = { stickyBytes: Math.max(1, batchSizeBytes), isAdaptive };
      const partitioner = new StickyPartitioner(this.#ports.random, options);
      topic = { partitioner, info: undefined, isAsked: false };
      this.#topics.set(name, topic);
    }
    return topic;
  }

  async #prepareCodec(): Promise<void> {
    if (this.#arePreparedCodecs) return;
    await codecsOf(this.#ports).prepare(this.#config.compression);
    this.#arePreparedCodecs = true;
  }

  #onMetadata(): void {
    for (const [name, topic] of this.#topics) {
      const info = this.#client.metadata.topics.get(name);
      if (topic.info !== undefined && info !== undefined) topic.info = info;
    }
  }

  /** Appends waiting records in their order, until one must wait on. */
  #takeWaiting(): void {
    let taken = 0;
    for (const { record, callback, context } of this.#waiting) {
      const topic = this.#topics.get(record.topic);
      if (topic?.info === undefined || !this.#append(topic, record, callback, context)) break;
      taken += 1;
    }
    if (0 < taken) this.#waiting = this.#waiting.slice(taken);
    if (this.#waiting.length === 0) this.#waitingTimer?.dispose();
    this.#notify();
  }

  #failTopic(name: string, error: Error): void {
    const failed = this.#waiting.filter(({ record }) => record.topic === name);
    this.#waiting = this.#waiting.filter(({ record }) => record.topic !== name);
    for (const waiting of failed) this.#failWaiting(waiting, error);
    this.#takeWaiting();
  }

  #failWaiting({ record, callback, context }: WaitingRecord, error: Error): void {
    this.#fail(record, callback, context, error);
  }

  #fail(
    record: ProducerRecord,
    callback: SendCallback | undefined,
    context: number,
    error: Error,
  ): void {
    const { topic, partition = -1 } = record;
    this.#metrics.record('errors', 1);
    callback?.({ topic, partition, baseOffset: -1, logAppendTimeMs: -1, error }, 0, context);
  }

  /** `max.block.ms` for those that wait for memory; the wait for a topic has its own end. */
  #armWaitingTimer(): void {
    const [first] = this.#waiting;
    if (first === undefined || 1 < this.#waiting.length) return;
    this.#waitingTimer?.dispose();
    const delayMs = Math.max(1, first.deadlineMs - this.#ports.clock.monotonicMs());
    this.#waitingTimer = this.#ports.scheduler.after(delayMs, () => this.#expireWaiting());
  }

  #expireWaiting(): void {
    const nowMs = this.#ports.clock.monotonicMs();
    const { batchSizeBytes, maxBlockMs } = this.#config;
    const reason = `Failed to allocate ${batchSizeBytes} bytes within the configured max blocking time ${maxBlockMs} ms.`;
    const expired = this.#waiting.filter(
      ({ record, deadlineMs }) => deadlineMs <= nowMs && this.#topics.get(record.topic)?.info,
    );
    this.#waiting = this.#waiting.filter((each) => !expired.includes(each));
    for (const waiting of expired) this.#failWaiting(waiting, new TimeoutError(reason));
    this.#notify();
    const [first] = this.#waiting;
    if (first === undefined) return;
    const delayMs = Math.max(1000, first.deadlineMs - nowMs);
    this.#waitingTimer = this.#ports.scheduler.after(delayMs, () => this.#expireWaiting());
  }

  #onBatchDone(): void {
    this.#incompleteBatches -= 1;
    if (0 < this.#waiting.length) this.#takeWaiting();
    else this.#notify();
  }

  /** In a turn of its own: the host sends what is ready now while the caller fills the next batches. */
  #notifyReady(): void {
    if (this.#readyListeners.length === 0 || this.#isReadyPending || !this.isReady) return;
    this.#isReadyPending = true;
    this.#ports.scheduler.soon(() => {
      this.#isReadyPending = false;
      for (const listener of this.#readyListeners.splice(0)) listener();
    });
  }

  #notify(): void {
    this.#notifyReady();
    if (this.#doneListeners.length === 0) return;
    if (0 < this.#incompleteBatches || 0 < this.#waiting.length) return;
    for (const listener of this.#doneListeners.splice(0)) listener();
  }
}
