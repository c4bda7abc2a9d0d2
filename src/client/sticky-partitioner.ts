import { type Random, randomBelow } from '../base/random.ts';
import type { PartitionInfo } from './client-metadata.ts';

/** How much waits for each partition, in batches. */
export type QueueLength = (partition: number) => number;

/**
 * Chooses partitions for records without keys (KIP-794, BuiltInPartitioner): stays with one until
 * `batch.size` bytes went there, then draws another, those with short queues more often.
 */
export class StickyPartitioner {
  readonly #random: Random;
  readonly #stickyBytes: number;
  readonly #isAdaptive: boolean;
  #partition = -1;
  #producedBytes = 0;

  constructor(
    random: Random,
    options: { readonly stickyBytes: number; readonly isAdaptive: boolean },
  ) {
    this.#random = random;
    this.#stickyBytes = options.stickyBytes;
    this.#isAdaptive = options.isAdaptive;
  }

  /** The partition for the next record. */
  current(partitions: readonly PartitionInfo[], queueLength: QueueLength): number {
    if (0 <= this.#partition && this.#partition < partitions.length) return this.#partition;
    this.#partition = this.#draw(partitions, queueLength);
    this.#producedBytes = 0;
    return this.#partition;
  }

  /**
   * Counts what went to the partition. It is left when it has had enough and a batch has just ended, or
   * when it had twice as much (so that `linger.ms` does not fill one partition's batch for ever).
   */
  produced(bytes: number, isBatchComplete: boolean): void {
    this.#producedBytes += bytes;
    const hasEnough = this.#stickyBytes <= this.#producedBytes && isBatchComplete;
    if (hasEnough || 2 * this.#stickyBytes <= this.#producedBytes) this.#partition = -1;
  }

  #draw(partitions: readonly PartitionInfo[], queueLength: QueueLength): number {
    const available = partitions.filter(({ leader }) => 0 <= leader);
    if (available.length === 0) return randomBelow(this.#random, partitions.length);
    if (!this.#isAdaptive || available.length === 1) {
      return available[randomBelow(this.#random, available.length)]?.partition ?? 0;
    }
    // The chance of a partition falls linearly with the length of its queue.
    const lengths = available.map(({ partition }) => queueLength(partition));
    const longest = Math.max(...lengths);
    const weights = lengths.map((length) => longest + 1 - length);
    let drawn = randomBelow(
      this.#random,
      weights.reduce((sum, weight) => sum + weight, 0),
    );
    const at = weights.findIndex((weight) => {
      drawn -= weight;
      return drawn < 0;
    });
    return available[at]?.partition ?? 0;
  }
}
