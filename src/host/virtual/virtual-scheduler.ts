import { assert } from '../../base/assert.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { Scheduler } from '../../base/scheduler.ts';
import type { VirtualClock } from './virtual-clock.ts';

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly task: () => void;
}

export interface VirtualSchedulerOptions {
  /**
   * Waits until all promises that can settle by themselves have settled. The default awaits a number of
   * microtasks, which is enough for the virtual host; a test with real I/O passes `setImmediate` as a promise.
   */
  readonly settle?: () => Promise<void>;
}

const microtasksToSettle = 64;
/** A program that only ever asks for another turn would run for ever. */
const turnsMax = 1_000_000;

/** Timers and turns that happen when a test says so: in order of time, then in order of creation. */
export class VirtualScheduler implements Scheduler {
  readonly #clock: VirtualClock;
  readonly #settle: () => Promise<void>;
  readonly #timers: Timer[] = [];
  #turns: (() => void)[] = [];
  #order = 0;

  constructor(clock: VirtualClock, options: VirtualSchedulerOptions = {}) {
    this.#clock = clock;
    this.#settle = options.settle ?? awaitMicrotasks;
  }

  after(delayMs: number, task: () => void): Disposable {
    assert(0 <= delayMs, 'a timer is never set in the past');
    const timer = { atMs: this.#clock.monotonicMs() + delayMs, order: this.#order++, task };
    this.#timers.splice(insertionIndex(this.#timers, timer), 0, timer);
    return {
      dispose: () => {
        const at = insertionIndex(this.#timers, timer) - 1;
        if (this.#timers[at] === timer) this.#timers.splice(at, 1);
      },
    };
  }

  soon(task: () => void): void {
    this.#turns.push(task);
  }

  /** How long until the next timer; undefined when there is none. */
  get nextTimerInMs(): number | undefined {
    const next = this.#timers[0];
    return next === undefined ? undefined : Math.max(0, next.atMs - this.#clock.monotonicMs());
  }

  /** Runs all turns and promises that can run without time going by. */
  async settle(): Promise<void> {
    await this.#settle();
    for (let turns = 0; 0 < this.#turns.length; turns++) {
      assert(turns < turnsMax, 'a program comes to rest some time');
      const batch = this.#turns;
      this.#turns = [];
      for (const task of batch) task();
      await this.#settle();
    }
  }

  /** Lets `byMs` go by, with all timers and turns that fall into it. */
  async advance(byMs: number): Promise<void> {
    const untilMs = this.#clock.monotonicMs() + byMs;
    await this.settle();
    for (;;) {
      const timer = this.#timers[0];
      if (timer === undefined || untilMs < timer.atMs) break;
      this.#timers.shift();
      this.#clock.advance(Math.max(0, timer.atMs - this.#clock.monotonicMs()));
      timer.task();
      await this.settle();
    }
    this.#clock.advance(untilMs - this.#clock.monotonicMs());
  }

  /** Advances from timer to timer until `promise` settles; at most `withinMs`. */
  async runUntil<T>(promise: Promise<T>, withinMs = 3_600_000): Promise<T> {
    let isSettled = false;
    const settled = () => {
      isSettled = true;
    };
    promise.then(settled, settled);
    const deadlineMs = this.#clock.monotonicMs() + withinMs;
    await this.settle();
    while (!isSettled) {
      const stepMs = this.nextTimerInMs;
      assert(stepMs !== undefined, 'a promise that is waited for has a timer or a turn to come');
      assert(this.#clock.monotonicMs() + stepMs <= deadlineMs, 'a promise settles within its time');
      await this.advance(stepMs);
    }
    return promise;
  }
}

/** After all that come before it, and after itself where it is there. */
function insertionIndex(timers: readonly Timer[], timer: Timer): number {
  let low = 0;
  let high = timers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = timers[middle] as Timer;
    const isBefore = other.atMs < timer.atMs;
    if (isBefore || (other.atMs === timer.atMs && other.order <= timer.order)) low = middle + 1;
    else high = middle;
  }
  return low;
}

async function awaitMicrotasks(): Promise<void> {
  for (let i = 0; i < microtasksToSettle; i++) await undefined;
}
