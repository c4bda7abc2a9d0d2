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

  readonly #nodes: number;
  readonly #isDynamic: boolean;

  constructor(seed: number, kind: 'plain' | 'prevote' | 'dynamic' = 'plain') {
    this.#random = new SeededRandom(seed);
    this.#isDynamic = kind === 'dynamic';
    this.#nodes = this.#isDynamic ? 4 : 3;
    this.#quorum.execute('voters 1 2 3');
    if (kind !== 'plain') this.#quorum.execute(kind);
    this.#quorum.execute(kind === 'dynamic' ? 'start 1 2 3 4' : 'start 1 2 3');
  }

  /** How often the voters were changed for good. */
  get voterChanges(): number {
    const offsets = this.#quorum.replicas.map(({ voterLog }) => voterLog.votersOffset);
    return Math.max(...offsets);
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
    const node = 1 + this.#below(this.#nodes);
    const dice = this.#below(100);
    if (dice < 70 && this.#quorum.hasMessages) {
      this.#quorum.deliverOne(this.#below(1000), this.#below(12) === 0);
      return;
    }
    if (dice < 85) this.#quorum.execute(`wait ${this.#below(400)}`);
    else if (dice < 94) this.#quorum.execute(`append ${node} v${this.#below(1000)}`);
    else if (dice < 95) this.#quorum.execute(`cut ${node} ${1 + (node % this.#nodes)}`);
    else if (dice < 96) this.#changeVoters(node);
    else if (dice < 98) this.#quorum.execute('heal');
    else this.#restart(node);
  }

  /** Somebody is added or removed, by whoever leads or believes to. */
  #changeVoters(node: number): void {
    if (!this.#isDynamic) return;
    for (let leader = 1; leader <= this.#nodes; leader++) {
      this.#quorum.execute(`${this.#below(2) === 0 ? 'add' : 'remove'} ${leader} ${node}`);
    }
  }

  #restart(node: number): void {
    this.#highWatermarks.delete(node);
    this.#quorum.execute(`crash ${node}`);
    if (this.#isDynamic && this.#below(3) === 0)
      this.#quorum.execute(`move ${node} ${9094 + node}`);
    this.#quorum.execute(`start ${node}`);
  }

  /** Nothing is cut or lost any more, for as long as all voters need to say where they are, one after another. */
  calmDown(): void {
    this.#quorum.execute('heal');
    for (let i = 0; i < 60; i++) {
      this.#quorum.execute('wait 500');
      this.#quorum.execute('deliver');
    }
  }

  /** Voters whom the log of one that leads has elsewhere than they are. */
  get misplaced(): readonly string[] {
    const ports = new Map(this.#quorum.replicas.map(({ id, port }) => [id, port]));
    const leader = this.#quorum.replicas.find(({ state }) => state?.role.kind === 'leader');
    const voters = leader?.voterLog.voters ?? [];
    return voters.flatMap(({ id, endpoints }) => {
      const logged = endpoints[0]?.port;
      return logged === ports.get(id) ? [] : [`${id} is at ${ports.get(id)}, not at ${logged}`];
    });
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

test.for(Array.from({ length: 20 }, (_, seed) => seed))(
  'seed %i with pre-votes: the same holds',
  (seed) => {
    const simulation = new Simulation(seed, 'prevote');
    for (let i = 0; i < STEPS; i++) simulation.step();
  },
);

test.for(Array.from({ length: 30 }, (_, seed) => seed))(
  'seed %i with voters that come, go and move: the same holds, and in the end the log knows where they are',
  (seed) => {
    const simulation = new Simulation(seed, 'dynamic');
    for (let i = 0; i < 2 * STEPS; i++) simulation.step();
    simulation.calmDown();
    expect(simulation.misplaced).toEqual([]);
  },
);

test('the simulation changes voters, so that its theorems are about that, too', () => {
  const simulations = Array.from({ length: 5 }, (_, seed) => new Simulation(seed, 'dynamic'));
  for (const simulation of simulations) {
    for (let i = 0; i < 2 * STEPS; i++) simulation.step();
  }
  // The first leader writes the voters at offset 2.
  expect(Math.max(...simulations.map(({ voterChanges }) => voterChanges))).toBeGreaterThan(2);
});

test('the simulation commits records, so that its theorems are about something', () => {
  const simulation = new Simulation(1);
  for (let i = 0; i < 4 * STEPS; i++) simulation.step();
  expect(simulation.committedCount).toBeGreaterThan(10);
});
