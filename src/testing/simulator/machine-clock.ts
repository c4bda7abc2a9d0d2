import type { Clock } from '../../base/clock.ts';

/** A machine's own clock: durations are everybody's, wall-clock time may jump. */
export class MachineClock implements Clock {
  readonly #clock: Clock;
  #offsetMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  nowMs(): number {
    return this.#clock.nowMs() + this.#offsetMs;
  }

  monotonicMs(): number {
    return this.#clock.monotonicMs();
  }

  jump(byMs: number): void {
    this.#offsetMs += byMs;
  }
}
