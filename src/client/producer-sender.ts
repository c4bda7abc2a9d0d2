import type { Disposable } from '../base/disposable.ts';
import { errorNameOf } from '../protocol/error-codes.ts';
import { incrementSequence } from '../protocol/records/record-batch.ts';
import type { PartitionProduceResponse, ProduceResponse } from '../protocol/schemas/00-produce.ts';
import { produceCall } from './api-calls.ts';
import type { BrokerConnection } from './broker-connection.ts';
import { BrokerError, ClientError, TimeoutError } from './client-errors.ts';
import { loggerOf } from './client-ports.ts';
import type { ClusterClient } from './cluster-client.ts';
import { DrainRules } from './drain-rules.ts';
import { IdempotenceState, isOutOfOrder } from './idempotence-state.ts';
import { topicDataOf } from './produce-request.ts';
import type { ProducerBatch } from './producer-batch.ts';
import type { ProducerConfig } from './producer-config.ts';
import type { ProducerMetrics } from './producer-metrics.ts';
import type { PartitionQueue, RecordAccumulator } from './record-accumulator.ts';

interface NodeSender {
  /** Queues with batches whose partitions this node leads. */
  readonly queues: Set<PartitionQueue>;
  inFlight: number;
  isConnecting: boolean;
}

export interface SenderEvents {
  /** A batch is done with: memory is free, a flush may be over. */
  onBatchDone(batch: ProducerBatch): void;
  /** Whether batches are to be sent without lingering. */
  isHurried(): boolean;
}

const noLeader = -1;
const logSource = 'org.apache.kafka.clients.producer.internals.Sender';

/** Takes batches from the accumulator to the partitions' leaders (Kafka's Sender, without a thread). */
export class ProducerSender implements Disposable {
  readonly #client: ClusterClient;
  readonly #config: ProducerConfig;
  readonly #accumulator: RecordAccumulator;
  readonly #metrics: ProducerMetrics;
  readonly #events: SenderEvents;
  readonly #idempotence: IdempotenceState | undefined;
  readonly #nodes = new Map<number, NodeSender>();
  readonly #rules: DrainRules;
  #timer: Disposable | undefined;
  #timerAtMs = Number.POSITIVE_INFINITY;
  #isPumpScheduled = false;
  #isPumping = false;

  constructor(
    parts: {
      readonly client: ClusterClient;
      readonly config: ProducerConfig;
      readonly accumulator: RecordAccumulator;
      readonly metrics: ProducerMetrics;
    },
    events: SenderEvents,
  ) {
    this.#client = parts.client;
    this.#config = parts.config;
    this.#accumulator = parts.accumulator;
    this.#metrics = parts.metrics;
    this.#events = events;
    this.#rules = new DrainRules(parts.config, () => events.isHurried());
    this.#idempotence = parts.config.isIdempotent
      ? new IdempotenceState(parts.client, parts.config.maxBlockMs)
      : undefined;
    this.#client.metadata.onUpdated(() => this.#onMetadata());
    this.#client.onConnected((_, connection) => connection.onWritable(() => this.pump()));
  }

  /** Requests that wait for an answer. */
  get requestsInFlight(): number {
    return [...this.#nodes.values()].reduce((sum, { inFlight }) => sum + inFlight, 0);
  }

  /** Makes a queue known that has got its first batch. */
  add(queue: PartitionQueue): void {
    this.#nodeOf(queue).queues.add(queue);
    if (0 < this.#config.lingerMs) this.#armTimer(this.#config.lingerMs);
    this.wakeUp();
  }

  /** Looks for work in a turn soon; many calls make one. */
  wakeUp(): void {
    if (this.#isPumpScheduled) return;
    this.#isPumpScheduled = true;
    this.#client.ports.scheduler.soon(() => {
      this.#isPumpScheduled = false;
      this.pump();
    });
  }

  /** Sends what may be sent now. */
  pump(): void {
    if (this.#isPumping || this.#client.isClosed) return;
    this.#isPumping = true;
    try {
      const nowMs = this.#nowMs();
      if (this.#client.metadata.isStale) this.#client.metadata.refreshSoon();
      if (!this.#mayDrain()) return;
      for (const [nodeId, node] of this.#nodes) this.#pumpNode(nodeId, node, nowMs);
      // Looking at all queues is for when nothing else will: while a timer runs it sees to it.
      if (this.#timer === undefined)
        this.#armTimer(this.#rules.nextInMs(this.#waitingQueues(), nowMs));
    } finally {
      this.#isPumping = false;
    }
  }

  /** Fails all that waits. */
  abort(error: Error): void {
    for (const queue of this.#accumulator.queues()) {
      for (const batch of queue.batches.splice(0)) this.#fail(batch, error, false);
    }
  }

  dispose(): void {
    this.#timer?.dispose();
  }

  #nowMs(): number {
    return this.#client.ports.clock.monotonicMs();
  }

  #nodeOf(queue: PartitionQueue): NodeSender {
    const leader = this.#client.metadata.leaderOf(queue.topic, queue.partition) ?? noLeader;
    let node = this.#nodes.get(leader);
    if (node === undefined) {
      node = { queues: new Set(), inFlight: 0, isConnecting: false };
      this.#nodes.set(leader, node);
    }
    return node;
  }

  /** Leaders may have moved: every waiting queue goes to where it belongs now. */
  #onMetadata(): void {
    const queues = [...this.#nodes.values()].flatMap((node) => [...node.queues]);
    for (const node of this.#nodes.values()) node.queues.clear();
    for (const queue of queues) this.#nodeOf(queue).queues.add(queue);
    this.wakeUp();
  }

  /** With idempotence nothing goes out before there is a producer id, nor while its epoch is renewed. */
  #mayDrain(): boolean {
    const state = this.#idempotence;
    if (state === undefined) return true;
    const isQuiet = this.requestsInFlight === 0 && !this.#accumulator.hasDoubtful;
    if (state.needsReset && isQuiet) state.reset(this.#accumulator.queues());
    if (state.isReady || state.needsReset) return true;
    state.start(
      () => this.wakeUp(),
      (error) => this.abort(error),
    );
    return false;
  }

  #pumpNode(nodeId: number, node: NodeSender, nowMs: number): void {
    if (node.queues.size === 0) return;
    this.#expire(node, nowMs);
    if (nodeId === noLeader) {
      this.#client.metadata.refreshSoon();
      return;
    }
    const connection = this.#client.openConnectionTo(nodeId);
    if (connection === undefined) {
      this.#connect(nodeId, node);
      return;
    }
    const isSilent = this.#config.acks === 0;
    while (node.inFlight < this.#config.maxInFlightRequests) {
      if (isSilent && !connection.isWritable) return;
      if (!this.#hasReady(node, nowMs)) return;
      const batches = this.#drain(node, nowMs);
      if (batches.length === 0) return;
      this.#send(connection, node, batches);
      if (!connection.isOpen) return;
    }
  }

  #connect(nodeId: number, node: NodeSender): void {
    if (node.isConnecting) return;
    node.isConnecting = true;
    const settle = () => {
      node.isConnecting = false;
      this.wakeUp();
    };
    this.#client.connectionTo(nodeId).then(settle, (error: unknown) => {
      if (!(error instanceof ClientError)) throw error;
      this.#client.metadata.refreshSoon();
      settle();
    });
  }

  #hasReady(node: NodeSender, nowMs: number): boolean {
    for (const queue of node.queues) if (this.#rules.readyInMs(queue, nowMs) <= 0) return true;
    return false;
  }

  /** The first batch of each of the node's partitions, up to `max.request.size`. */
  #drain(node: NodeSender, nowMs: number): ProducerBatch[] {
    const drained: ProducerBatch[] = [];
    let sizeBytes = 0;
    for (const queue of [...node.queues]) {
      const [batch] = queue.batches;
      if (batch === undefined || this.#rules.mustWaitForAnswers(queue, batch)) continue;
      if (0 < batch.attempts && nowMs < batch.notBeforeMs) continue;
      // Before a new epoch begins, what may be in the log already is brought to an end with its old number.
      if (this.#idempotence?.needsReset && !batch.isDoubtful) continue;
      if (0 < drained.length && this.#config.maxRequestBytes < sizeBytes + batch.sizeBytes) break;
      queue.batches.shift();
      // Those that were served go to the end, so that a full request does not always serve the same.
      node.queues.delete(queue);
      if (0 < queue.batches.length) node.queues.add(queue);
      this.#close(queue, batch, nowMs);
      sizeBytes += batch.sizeBytes;
      drained.push(batch);
    }
    return drained;
  }

  #close(queue: PartitionQueue, batch: ProducerBatch, nowMs: number): void {
    if (batch.baseSequence < 0 && this.#idempotence !== undefined) {
      const { producerId, producerEpoch } = this.#idempotence;
      batch.setSequence(producerId, producerEpoch, queue.nextSequence);
      queue.nextSequence = incrementSequence(queue.nextSequence, batch.recordCount);
    }
    batch.bytes();
    batch.sentAtMs = nowMs;
    if (batch.attempts === 0) {
      batch.ordinal = queue.sentCount++;
      this.#accumulator.learnRatio(batch);
      this.#metrics.recordBatch(batch, nowMs);
    }
    batch.attempts += 1;
    queue.sent.add(batch);
  }

  #send(connection: BrokerConnection, node: NodeSender, batches: readonly ProducerBatch[]): void {
    const { acks, requestTimeoutMs } = this.#config;
    const message = {
      transactionalId: null,
      acks,
      timeoutMs: requestTimeoutMs,
      topicData: topicDataOf(batches),
    };
    const startMs = this.#nowMs();
    this.#metrics.recordRequest(batches, startMs);
    const sentBefore = connection.sentBytes;
    try {
      if (acks === 0) {
        connection.sendWithoutResponse(produceCall, message);
        this.#metrics.record('bytesOut', connection.sentBytes - sentBefore, startMs);
        for (const batch of batches) this.#succeed(batch, undefined);
        return;
      }
      node.inFlight += 1;
      connection.sendCallback(produceCall, message, {
        onResponse: (response) => this.#onResponse(node, batches, { response, startMs }),
        onError: (error) => this.#onFailedRequest(node, batches, error),
      });
      this.#metrics.record('bytesOut', connection.sentBytes - sentBefore, startMs);
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      if (acks === 0) for (const batch of batches) this.#retryOrFail(batch, error);
      else this.#onFailedRequest(node, batches, error);
    }
  }

  #onResponse(
    node: NodeSender,
    batches: readonly ProducerBatch[],
    answer: { readonly response: ProduceResponse; readonly startMs: number },
  ): void {
    node.inFlight -= 1;
    const nowMs = this.#nowMs();
    this.#metrics.record('requestLatency', nowMs - answer.startMs, nowMs);
    this.#metrics.record('responses', 1, nowMs);
    const { responses } = answer.response;
    for (const batch of batches) {
      const topic = responses.find(({ name }) => name === batch.topic);
      const own = topic?.partitionResponses.find(({ index }) => index === batch.partition);
      if (own === undefined) this.#retryOrFail(batch, new BrokerError('UNKNOWN_SERVER_ERROR'));
      else this.#onPartition(batch, own);
    }
    this.pump();
  }

  #onPartition(batch: ProducerBatch, response: PartitionProduceResponse): void {
    const error = errorNameOf(response.errorCode);
    // A duplicate is an answer that got lost: the records are in the log.
    if (error === 'NONE' || error === 'DUPLICATE_SEQUENCE_NUMBER') {
      this.#succeed(batch, response);
      return;
    }
    this.#retryOrFail(batch, new BrokerError(error, response.errorMessage));
  }

  #onFailedRequest(node: NodeSender, batches: readonly ProducerBatch[], error: Error): void {
    node.inFlight -= 1;
    this.#client.metadata.markStale();
    for (const batch of batches) this.#retryOrFail(batch, error);
    this.wakeUp();
  }

  #succeed(batch: ProducerBatch, response: PartitionProduceResponse | undefined): void {
    const queue = this.#accumulator.queueOf(batch.topic, batch.partition);
    queue.sent.delete(batch);
    queue.hasSequenceInLog = true;
    this.#accumulator.release(batch, response !== undefined);
    batch.complete({
      topic: batch.topic,
      partition: batch.partition,
      baseOffset: response?.baseOffset ?? -1,
      logAppendTimeMs: response?.logAppendTimeMs ?? -1,
      error: undefined,
    });
    this.#events.onBatchDone(batch);
  }

  // Simplified: a batch that is too large for the broker fails; Kafka's producer splits it and tries again.
  #retryOrFail(batch: ProducerBatch, error: Error): void {
    const queue = this.#accumulator.queueOf(batch.topic, batch.partition);
    queue.sent.delete(batch);
    const nowMs = this.#nowMs();
    if (!this.#mayRetry(batch, error, nowMs)) {
      this.#fail(batch, error, true);
      return;
    }
    this.#renumberIfLost(queue, batch, error);
    this.#warnOfRetry(batch, error);
    this.#metrics.record('retries', batch.recordCount, nowMs);
    batch.notBeforeMs = nowMs + this.#client.backoffMs(batch.attempts - 1);
    queue.reenqueue(batch);
    this.#nodeOf(queue).queues.add(queue);
    this.#armTimer(batch.notBeforeMs - nowMs);
    this.#client.metadata.refreshSoon();
  }

  #mayRetry(batch: ProducerBatch, error: Error, nowMs: number): boolean {
    if (!(error instanceof ClientError) || this.#client.isClosed) return false;
    if (this.#config.retries < batch.attempts) return false;
    if (batch.createdAtMs + this.#config.deliveryTimeoutMs <= nowMs) return false;
    return isOutOfOrder(error) ? this.#config.isIdempotent : error.isRetriable;
  }

  /**
   * Out of order while earlier batches are under way: they come first, then this one comes again. Else a batch
   * before it was given up; this one is not in the log and gets a number of the next epoch (KIP-360).
   */
  #renumberIfLost(queue: PartitionQueue, batch: ProducerBatch, error: Error): void {
    if (!isOutOfOrder(error) || queue.hasEarlierUnderWay(batch)) return;
    batch.baseSequence = -1;
    this.#idempotence?.requestReset();
  }

  #fail(batch: ProducerBatch, error: Error, wasSent: boolean): void {
    const { topic, partition } = batch;
    this.#accumulator.release(batch, false);
    this.#metrics.record('errors', batch.recordCount);
    if (wasSent) this.#idempotence?.requestReset();
    batch.complete({ topic, partition, baseOffset: -1, logAppendTimeMs: -1, error });
    this.#events.onBatchDone(batch);
  }

  #expire(node: NodeSender, nowMs: number): void {
    const { deliveryTimeoutMs } = this.#config;
    for (const queue of [...node.queues]) {
      for (;;) {
        const [batch] = queue.batches;
        if (batch === undefined) node.queues.delete(queue);
        if (batch === undefined || nowMs < batch.createdAtMs + deliveryTimeoutMs) break;
        queue.batches.shift();
        const reason = `Expiring ${batch.recordCount} record(s) for ${batch.topic}-${batch.partition}:${Math.floor(nowMs - batch.createdAtMs)} ms has passed since batch creation`;
        this.#fail(batch, new TimeoutError(reason), 0 < batch.attempts);
      }
    }
  }

  *#waitingQueues(): Generator<PartitionQueue> {
    for (const node of this.#nodes.values()) yield* node.queues;
  }

  /** Looks for work again after `delayMs`, or sooner when something else wants that. */
  #armTimer(delayMs: number): void {
    const atMs = this.#nowMs() + delayMs;
    if (delayMs === Number.POSITIVE_INFINITY) return;
    if (this.#timer !== undefined && this.#timerAtMs <= atMs) return;
    this.#timer?.dispose();
    this.#timerAtMs = atMs;
    this.#timer = this.#client.ports.scheduler.after(Math.max(1, Math.ceil(delayMs)), () => {
      this.#timer = undefined;
      this.pump();
    });
  }

  #warnOfRetry(batch: ProducerBatch, error: Error): void {
    const left = this.#config.retries - batch.attempts;
    const code = error instanceof BrokerError ? error.code : 'NETWORK_EXCEPTION';
    const message = `Got error produce response on topic-partition ${batch.topic}-${batch.partition}, retrying (${left} attempts left). Error: ${code}`;
    loggerOf(this.#client.ports).log('WARN', logSource, this.#client.logPrefix + message);
  }
}
