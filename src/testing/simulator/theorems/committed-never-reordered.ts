import type { Report } from './theorem.ts';

/**
 * Theorem: what one producer (or, in the metadata log, one leader in one epoch) has written one after
 * another is committed in that order, and nothing of it is committed twice or left out in between.
 */
export class CommittedNeverReordered {
  readonly #report: Report;
  readonly #last = new Map<string, number>();
  readonly #gapsAllowed: boolean;

  constructor(report: Report, options: { readonly gapsAllowed: boolean }) {
    this.#report = report;
    this.#gapsAllowed = options.gapsAllowed;
  }

  /** Committed records, told in the order of the log. Sequences of a writer count from 0. */
  follows(writer: string, sequence: number, place: string): void {
    const last = this.#last.get(writer) ?? -1;
    this.#last.set(writer, sequence);
    const isNext = this.#gapsAllowed ? last < sequence : sequence === last + 1;
    if (isNext) return;
    this.#report({
      theorem: 'CommittedNeverReordered',
      expected: `after number ${last} of ${writer} comes number ${last + 1}${this.#gapsAllowed ? ' or a later one' : ''}`,
      found: `number ${sequence} at ${place}`,
    });
  }
}
