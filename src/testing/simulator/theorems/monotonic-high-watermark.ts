import type { Report } from './theorem.ts';

/**
 * Theorem: as long as a process lives and a log is not deleted, the high watermark that it knows never goes back.
 *
 * What was once visible to readers stays visible. A process that starts anew learns the high watermark
 * anew (or reads it from a checkpoint that may be old), and so may a replica begin again lower.
 */
export class MonotonicHighWatermark {
  readonly #report: Report;
  readonly #highWatermarks = new Map<string, number>();

  constructor(report: Report) {
    this.#report = report;
  }

  /** `replica` names one replica in one life of its process. */
  knows(replica: string, highWatermark: number): void {
    const before = this.#highWatermarks.get(replica) ?? 0;
    if (before <= highWatermark) {
      this.#highWatermarks.set(replica, highWatermark);
      return;
    }
    this.#report({
      theorem: 'MonotonicHighWatermark',
      expected: `the high watermark of ${replica} is at least ${before}, as it was`,
      found: `it is ${highWatermark}`,
    });
  }
}
