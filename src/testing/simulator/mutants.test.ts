import { expect, test } from 'vitest';
import { raftMutants } from './mutants.ts';
import { simulateRaft } from './raft/simulate-raft.ts';

const SEEDS = 1000;

/**
 * Begins with a seed that is known to find the mutant. Should a change have given the seeds another meaning, the
 * others are tried: slower, and `npm run simulate -- --mutants` tells a better seed.
 */
test.for(raftMutants)(
  'the simulator notices a node that $does',
  { timeout: 300_000 },
  async ({ seed, nodes, defects }) => {
    for (let tries = 0; tries < SEEDS; tries++) {
      const result = await simulateRaft({ seed: (seed + tries) % SEEDS, nodes }, defects);
      if (result.finding !== undefined) return;
    }
    expect.unreachable(`no seed of ${SEEDS} finds it`);
  },
);
