import type { Report } from './theorem.ts';

/**
 * Theorem: nobody is shown a state older than one that was already confirmed.
 *
 * - In the quorum: when a replica hears that it leads, it has been handed every record that was committed
 *   before its election. A controller that acted on less would decide by an old image.
 * - For consumers: what a read has shown stays at its offset for ever; a consumer's next read begins where
 *   its last one ended and shows what follows; and a group's committed offset, once confirmed, is never
 *   answered lower after the cluster has healed.
 */
export class NoStaleRead {
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  /** A new leader speaks: it knows records up to `knownEnd`, and `committedEnd` were committed before. */
  leaderKnows(who: string, knownEnd: number, committedEnd: number): void {
    if (committedEnd <= knownEnd) return;
    this.#report({
      theorem: 'NoStaleRead',
      expected: `${who} has read all records before offset ${committedEnd} when it hears that it leads`,
      found: `it has read up to offset ${knownEnd}`,
    });
  }
}
