import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';

/** Time that stands still until someone moves it. */
export class VirtualClock implements Clock {
  #wallMs: number;
  #monotonicMs = 0;

  constructor(startMs = 1_700_000_000_000) {
    this.#wallMs = startMs;
  }

  nowMs(): number {
    // As on real machines: whole milliseconds, though time may stand between two of them.
    return Math.floor(this.#wallMs);
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  /** Moves both times forward. Timers do not notice: use `VirtualScheduler.advance` where there are any. */
  advance(byMs: number): void {
    assert(0 <= byMs, 'time never goes back');
    this.#wallMs += byMs;
    this.#monotonicMs += byMs;
  }

  /** Lets the wall clock jump, as when an administrator sets it; durations are not touched. */
  jumpTo(wallMs: number): void {
    this.#wallMs = wallMs;
  }
}
