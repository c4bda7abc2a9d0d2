import type { ProducerBatch } from './producer-batch.ts';
import type { ProducerConfig } from './producer-config.ts';
import type { PartitionQueue } from './record-accumulator.ts';

/** Of each producer and partition, for recognizing a batch that comes again (ProducerStateEntry.NUM_BATCHES_TO_RETAIN). */
const REMEMBERED_BATCHES = 5;

/** When a batch may be sent: lingering, back-off, order (RecordAccumulator.batchReady). */
export class DrainRules {
  readonly #config: ProducerConfig;
  readonly #isHurried: () => boolean;

  constructor(config: ProducerConfig, isHurried: () => boolean) {
    this.#config = config;
    this.#isHurried = isHurried;
  }

  /** How long until the queue's first batch may be sent; infinite when only an answer can change that. */
  readyInMs(queue: PartitionQueue, nowMs: number): number {
    const [batch] = queue.batches;
    if (batch === undefined || this.mustWaitForAnswers(queue, batch)) {
      return Number.POSITIVE_INFINITY;
    }
    if (0 < batch.attempts) return batch.notBeforeMs - nowMs;
    const isFull = 1 < queue.batches.length || batch.builder.isFull;
    if (isFull || this.#isHurried()) return 0;
    return batch.createdAtMs + this.#config.lingerMs - nowMs;
  }

  /**
   * Order: a batch that is sent again goes alone, when all before and after it are answered. So does the first one
   * of an epoch: a leader that knows nothing of the producer takes any sequence number (ProducerAppendInfo), also
   * the second batch's when it refused the first one because it did not know yet that it leads.
   */
  mustWaitForAnswers(queue: PartitionQueue, batch: ProducerBatch): boolean {
    if (queue.sent.size === 0) return false;
    if (this.#config.isIdempotent && !queue.hasSequenceInLog) return true;
    // Brokers know this many again. After a move the first of them may wait at the old leader, and later ones be
    // answered by the new one: they count as well.
    if (this.#config.isIdempotent && REMEMBERED_BATCHES <= queue.sentSinceUnanswered) return true;
    if (this.#config.maxInFlightRequests === 1) return true;
    return this.#config.isIdempotent && 0 < batch.attempts;
  }

  /** How long until a batch of these queues becomes ready or expires. */
  nextInMs(queues: Iterable<PartitionQueue>, nowMs: number): number {
    let delayMs = Number.POSITIVE_INFINITY;
    for (const queue of queues) {
      const [batch] = queue.batches;
      if (batch === undefined) continue;
      const readyInMs = this.readyInMs(queue, nowMs);
      const expiresInMs = batch.createdAtMs + this.#config.deliveryTimeoutMs - nowMs;
      delayMs = Math.min(delayMs, 0 < readyInMs ? readyInMs : expiresInMs, expiresInMs);
    }
    return delayMs;
  }
}
