import { expect, test } from 'vitest';
import { mutants, simulateMutant } from './mutants.ts';

const SEEDS = 1000;

/**
 * Begins with a seed that is known to find the mutant. Should a change have given the seeds another meaning, the
 * others are tried: slower, and `npm run simulate -- --mutants` tells a better seed.
 */
test.for(mutants)(
  'the simulator notices a node that $does',
  { timeout: 300_000 },
  async (mutant) => {
    for (let tries = 0; tries < SEEDS; tries++) {
      const result = await simulateMutant(mutant, (mutant.seed + tries) % SEEDS);
      if (result.finding !== undefined) return;
    }
    expect.unreachable(`no seed of ${SEEDS} finds it`);
  },
);
