import type { Report } from './theorem.ts';

/** A record or batch at its place, with a fingerprint of its content. */
export interface Placed {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly epoch: number;
  readonly content: string;
}

/**
 * Theorem: what one replica has called committed is in the log of every leader of a later epoch, and in
 * the end in every log, at the same offset and with the same content.
 *
 * Raft's "Leader Completeness": elections choose only among those who have it, a majority keeps it on
 * disk before it counts, and nobody truncates below it.
 */
export class CommittedNeverLost {
  readonly #report: Report;
  readonly #committed: (Placed & { readonly inEpoch: number })[] = [];

  constructor(report: Report) {
    this.#report = report;
  }

  get committed(): readonly Placed[] {
    return this.#committed;
  }

  /** Some replica says in `inEpoch` that this is committed; what is committed is told in order. */
  isCommitted(placed: Placed, inEpoch: number): void {
    const end = this.#committed.at(-1)?.lastOffset ?? -1;
    if (end < placed.baseOffset) this.#committed.push({ ...placed, inEpoch });
  }

  /** Everything that was committed before `epoch` must be in this log, from its start on. */
  holdsAll(
    who: string,
    log: {
      readonly batches: readonly Placed[];
      readonly startOffset: number;
      readonly epoch: number;
    },
  ): void {
    const batches = new Map(log.batches.map((batch) => [batch.baseOffset, batch]));
    for (const expected of this.#committed) {
      if (expected.lastOffset < log.startOffset || log.epoch <= expected.inEpoch) continue;
      const found = batches.get(expected.baseOffset);
      if (found?.epoch === expected.epoch && found.content === expected.content) continue;
      this.#report({
        theorem: 'CommittedNeverLost',
        expected: `the log of ${who} holds what was committed at offset ${described(expected)}`,
        found: found === undefined ? 'nothing is there' : `there is ${described(found)}`,
      });
      return;
    }
  }
}

function described({ baseOffset, lastOffset, epoch, content }: Placed): string {
  return `${baseOffset}–${lastOffset} of epoch ${epoch} (${content})`;
}
