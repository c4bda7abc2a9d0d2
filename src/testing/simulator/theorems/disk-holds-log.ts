import type { Report } from './theorem.ts';

/**
 * Theorem: reading a log from its files gives the batches that were appended and not removed, each once, in order.
 */
export class DiskHoldsLog {
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  holds(who: string, onDisk: string, known: string): void {
    if (onDisk === known) return;
    this.#report({
      theorem: 'DiskHoldsLog',
      expected: `the files of ${who} hold ${known}`,
      found: onDisk,
    });
  }
}
