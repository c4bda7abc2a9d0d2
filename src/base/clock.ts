/** Port: time. The core never reads the host's clock. */
export interface Clock {
  /** Wall-clock time in milliseconds since the epoch; may jump. For timestamps that people and records see. */
  nowMs(): number;
  /** Milliseconds since some fixed moment, with fractions; never goes back. For durations and deadlines. */
  monotonicMs(): number;
}
