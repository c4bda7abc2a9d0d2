import type { Disposable } from '../base/disposable.ts';
import type { Scheduler } from '../base/scheduler.ts';

/** Something that waits until a condition holds or a time is over. */
export interface DelayedOperation {
  readonly timeoutMs: number;
  /** Checks the condition and, when it holds, completes and answers true. Cheap: called often. */
  tryComplete(): boolean;
  /** The time is over, or there is no room to wait: completes with what there is. */
  complete(): void;
}

interface Entry {
  readonly operation: DelayedOperation;
  readonly keys: readonly string[];
  timer: Disposable | null;
  isDone: boolean;
}

/**
 * Holds delayed operations by the keys of what they wait for (Kafka's `DelayedOperationPurgatory`).
 * Bounded: when it is full, an operation is completed at once instead of waiting.
 */
export class Purgatory implements Disposable {
  readonly #scheduler: Scheduler;
  readonly #operationsMax: number;
  readonly #watchers = new Map<string, Set<Entry>>();
  #size = 0;

  constructor(scheduler: Scheduler, operationsMax = 10_000) {
    this.#scheduler = scheduler;
    this.#operationsMax = operationsMax;
  }

  /** How many operations wait. */
  get size(): number {
    return this.#size;
  }

  /** Completes the operation if it can be, else keeps it under every key. Disposing the result gives it up silently. */
  tryCompleteElseWatch(operation: DelayedOperation, keys: readonly string[]): Disposable {
    const entry: Entry = { operation, keys, timer: null, isDone: false };
    const handle = { dispose: () => this.#forget(entry) };
    if (operation.tryComplete()) {
      entry.isDone = true;
      return handle;
    }
    if (operation.timeoutMs <= 0 || this.#operationsMax <= this.#size) {
      entry.isDone = true;
      operation.complete();
      return handle;
    }
    this.#watch(entry);
    return handle;
  }

  /** Something happened to `key`: completes what can be completed now. */
  checkAndComplete(key: string): void {
    const watchers = this.#watchers.get(key);
    if (watchers === undefined) return;
    for (const entry of [...watchers]) {
      if (!entry.isDone && entry.operation.tryComplete()) this.#forget(entry);
    }
  }

  /** Completes everything, as if all time were over. */
  dispose(): void {
    for (const watchers of [...this.#watchers.values()]) {
      for (const entry of [...watchers]) this.#expire(entry);
    }
  }

  #watch(entry: Entry): void {
    this.#size += 1;
    for (const key of entry.keys) {
      const watchers = this.#watchers.get(key);
      if (watchers === undefined) this.#watchers.set(key, new Set([entry]));
      else watchers.add(entry);
    }
    entry.timer = this.#scheduler.after(entry.operation.timeoutMs, () => this.#expire(entry));
  }

  #expire(entry: Entry): void {
    if (entry.isDone) return;
    this.#forget(entry);
    entry.operation.complete();
  }

  #forget(entry: Entry): void {
    if (entry.isDone) return;
    entry.isDone = true;
    entry.timer?.dispose();
    this.#size -= 1;
    for (const key of entry.keys) {
      const watchers = this.#watchers.get(key);
      watchers?.delete(entry);
      if (watchers?.size === 0) this.#watchers.delete(key);
    }
  }
}
