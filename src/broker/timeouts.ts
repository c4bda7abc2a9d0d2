import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Scheduler } from '../base/scheduler.ts';

/** Operations that end together, within so many milliseconds, share a timer of the host. */
const bucketMs = 20;

interface Bucket {
  readonly timer: Disposable;
  readonly tasks: Set<() => void>;
}

/**
 * Ends of waiting, many thousands of them at the cost of a timer for each 20 ms (Kafka's hierarchical timing
 * wheel). Never early, late by less than a bucket.
 */
export class Timeouts implements Disposable {
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;
  readonly #buckets = new Map<number, Bucket>();

  constructor(ports: { readonly clock: Clock; readonly scheduler: Scheduler }) {
    this.#clock = ports.clock;
    this.#scheduler = ports.scheduler;
  }

  /** Runs `task` once unless the answer is called before. */
  add(timeoutMs: number, task: () => void): () => void {
    const nowMs = this.#clock.monotonicMs();
    const key = Math.ceil((nowMs + timeoutMs) / bucketMs);
    const tasks = (this.#buckets.get(key) ?? this.#open(key, nowMs)).tasks;
    // A wrapper of its own: the same function may wait twice.
    const entry = () => task();
    tasks.add(entry);
    return () => {
      tasks.delete(entry);
      if (tasks.size === 0) this.#close(key, tasks);
    };
  }

  /** Nothing that waits is run any more. */
  dispose(): void {
    for (const { timer } of this.#buckets.values()) timer.dispose();
    this.#buckets.clear();
  }

  #open(key: number, nowMs: number): Bucket {
    const tasks = new Set<() => void>();
    const delayMs = Math.max(0, key * bucketMs - nowMs);
    const timer = this.#scheduler.after(delayMs, () => {
      this.#buckets.delete(key);
      for (const task of [...tasks]) {
        // One before it may have ended it.
        if (tasks.delete(task)) task();
      }
    });
    const bucket = { timer, tasks };
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #close(key: number, tasks: Set<() => void>): void {
    const bucket = this.#buckets.get(key);
    if (bucket?.tasks !== tasks) return;
    bucket.timer.dispose();
    this.#buckets.delete(key);
  }
}
