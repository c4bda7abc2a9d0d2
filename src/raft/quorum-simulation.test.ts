import { expect, test } from 'vitest';
import { randomBelow } from '../base/random.ts';
import { SeededRandom } from '../host/virtual/seeded-random.ts';
import { QuorumTranscript } from '../testing/raft/quorum-transcript.ts';

const STEPS = 250;

/** Random messages, losses, cuts, crashes and appends; after each step the theorems of Raft hold. */
class Simulation {
  readonly #random: SeededRandom;
  readonly #quorum = new QuorumTranscript();
  readonly #leaders = new Map<number, number>();
  /** What was once committed, by offset: epoch and bytes. */
  readonly #committed: string[] = [];
  readonly #highWatermarks = new Map<number, number>();

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
    this.#quorum.execute('voters 1 2 3');
    this.#quorum.execute('start 1 2 3');
  }

  get committedCount(): number {
    return this.#committed.length;
  }

  step(): void {
    this.#act();
    this.#expectSingleLeaderPerEpoch();
    this.#expectCommittedDataStays();
  }

  #below(bound: number): number {
    return randomBelow(this.#random, bound);
  }

  #act(): void {
    const node = 1 + this.#below(3);
    const dice = this.#below(100);
    if (dice < 70 && this.#quorum.hasMessages) {
      this.#quorum.deliverOne(this.#below(1000), this.#below(12) === 0);
      return;
    }
    if (dice < 85) this.#quorum.execute(`wait ${this.#below(400)}`);
    else if (dice < 94) this.#quorum.execute(`append ${node} v${this.#below(1000)}`);
    else if (dice < 96) this.#quorum.execute(`cut ${node} ${1 + (node % 3)}`);
    else if (dice < 98) this.#quorum.execute('heal');
    else this.#restart(node);
  }

  #restart(node: number): void {
    this.#highWatermarks.delete(node);
    this.#quorum.execute(`crash ${node}`);
    this.#quorum.execute(`start ${node}`);
  }

  #expectSingleLeaderPerEpoch(): void {
    for (const { id, state } of this.#quorum.replicas) {
      if (state?.role.kind !== 'leader') continue;
      const known = this.#leaders.get(state.role.epoch) ?? id;
      expect(known, `leader of epoch ${state.role.epoch}`).toBe(id);
      this.#leaders.set(state.role.epoch, id);
    }
  }

  #expectCommittedDataStays(): void {
    for (const { id, state, log } of this.#quorum.replicas) {
      const highWatermark = state?.highWatermark ?? 0;
      expect(highWatermark).toBeGreaterThanOrEqual(this.#highWatermarks.get(id) ?? 0);
      this.#highWatermarks.set(id, highWatermark);
      for (const batch of log.batches) {
        if (highWatermark <= batch.lastOffset) break;
        const content = `${batch.partitionLeaderEpoch}:${batch.crc}`;
        const known = this.#committed[batch.baseOffset] ?? content;
        if (known !== content) expect(content, `record at ${batch.baseOffset}`).toBe(known);
        this.#committed[batch.baseOffset] = content;
      }
    }
  }
}

test.for(Array.from({ length: 60 }, (_, seed) => seed))(
  'seed %i: one leader an epoch, and what is committed stays',
  (seed) => {
    const simulation = new Simulation(seed);
    for (let i = 0; i < STEPS; i++) simulation.step();
  },
);

test('the simulation commits records, so that its theorems are about something', () => {
  const simulation = new Simulation(1);
  for (let i = 0; i < 4 * STEPS; i++) simulation.step();
  expect(simulation.committedCount).toBeGreaterThan(10);
});
