import type { Report } from './theorem.ts';

/**
 * Theorem: two replicas that have a committed record of the metadata log at the same offset have the
 * same record there, byte by byte, whoever told it to them, in whichever of their lives.
 *
 * Raft's "State Machine Safety": so that the images which nodes build from the log are the same images.
 */
export class SameMetadataAtSameOffset {
  readonly #report: Report;
  readonly #known = new Map<number, { readonly content: string; readonly who: string }>();

  constructor(report: Report) {
    this.#report = report;
  }

  has(who: string, offset: number, content: string): void {
    const known = this.#known.get(offset);
    if (known === undefined) this.#known.set(offset, { content, who });
    if (known === undefined || known.content === content) return;
    this.#report({
      theorem: 'SameMetadataAtSameOffset',
      expected: `at offset ${offset} ${who} has what ${known.who} has: ${known.content}`,
      found: content,
    });
  }
}
