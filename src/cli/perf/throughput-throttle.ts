const minPauseMs = 2;

/** Holds a rate over the whole run (Kafka's ThroughputThrottler): says when to pause, and how long. */
export class ThroughputThrottle {
  readonly #perSecond: number;
  readonly #startMs: number;
  #deficitMs = 0;

  /** `perSecond` below 0 is without limit. */
  constructor(perSecond: number, startMs: number) {
    this.#perSecond = perSecond;
    this.#startMs = startMs;
  }

  shouldThrottle(amountSoFar: number, nowMs: number): boolean {
    if (this.#perSecond < 0) return false;
    const elapsedSeconds = (nowMs - this.#startMs) / 1000;
    return 0 < elapsedSeconds && this.#perSecond < amountSoFar / elapsedSeconds;
  }

  /** How long to pause now; pauses too short for a timer are saved up. */
  pauseMs(): number {
    if (this.#perSecond === 0) return Number.POSITIVE_INFINITY;
    this.#deficitMs += 1000 / this.#perSecond;
    if (this.#deficitMs < minPauseMs) return 0;
    const pauseMs = this.#deficitMs;
    this.#deficitMs = 0;
    return pauseMs;
  }

  /** What a pause took too long is not paused again. */
  overslept(byMs: number): void {
    this.#deficitMs -= byMs;
  }
}
