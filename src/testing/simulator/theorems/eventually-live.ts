import type { Report } from './theorem.ts';

/**
 * Theorem: once all machines run, all links are whole and no disk is full, the cluster works again within
 * `withinMs` of virtual time: there is a leader whom all voters follow, and something newly written is committed
 * and reaches all of them.
 */
export class EventuallyLive {
  readonly withinMs: number;
  readonly #report: Report;

  constructor(report: Report, withinMs: number) {
    this.#report = report;
    this.withinMs = withinMs;
  }

  isNotYetLive(found: string): void {
    this.#report({
      theorem: 'EventuallyLive',
      expected: `the cluster works again ${this.withinMs} ms after everything was repaired`,
      found,
    });
  }
}
