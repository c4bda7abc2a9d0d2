import type { Report } from './theorem.ts';

/**
 * Theorem: no process ends itself, and no assertion of it fails, unless its disk has failed it.
 */
export class NoOwnFault {
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  hasFailed(who: string, error: unknown): void {
    const found = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#report({ theorem: 'NoOwnFault', expected: `${who} runs on`, found });
  }
}
