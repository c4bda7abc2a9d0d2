import { workerName } from '../story.ts';
import type { Report } from './theorem.ts';

/**
 * Theorem: in no epoch do two replicas lead, not even one after the other.
 *
 * Everything else rests on it: two leaders of one epoch would write different records at the same
 * offset under the same epoch, and no follower could tell them apart (Raft, "Election Safety").
 */
export class SingleLeaderPerEpoch {
  readonly #report: Report;
  readonly #leaders = new Map<string, number>();

  constructor(report: Report) {
    this.#report = report;
  }

  /** `scope` is what is led: the metadata quorum or a partition. */
  leads(scope: string, epoch: number, nodeId: number): void {
    const key = `${scope}@${epoch}`;
    const known = this.#leaders.get(key) ?? nodeId;
    this.#leaders.set(key, known);
    if (known === nodeId) return;
    this.#report({
      theorem: 'SingleLeaderPerEpoch',
      expected: `${workerName(known)} leads epoch ${epoch} of ${scope}, and nobody else ever does`,
      found: `${workerName(nodeId)} leads epoch ${epoch} too`,
    });
  }
}
