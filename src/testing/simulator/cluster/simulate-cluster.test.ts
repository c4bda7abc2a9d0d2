import { expect, test } from 'vitest';
import { report } from '../simulation.ts';
import { simulateCluster, simulatePowerCuts } from './simulate-cluster.ts';

/**
 * Seeds that have found bugs: 20, a producer that wrote a batch again under a new number while the first one was in
 * the log; 1041 and 1075, a consumer that believed a replica that led no more and began anew (KIP-320).
 */
const telling = [20, 1041, 1075];
const seeds = [...Array.from({ length: 8 }, (_, seed) => seed), ...telling].map((seed) => ({
  seed,
  nodes: seed % 2 === 0 ? 3 : 5,
}));

test.for(seeds)(
  'seed $seed of $nodes nodes: every theorem holds',
  { timeout: 60_000 },
  async (options) => {
    const result = await simulateCluster(options);
    expect(result.finding, report(result)).toBeUndefined();
    expect(result.counts['acknowledged']).toBeGreaterThan(50);
  },
);

test.for([
  { seed: 0, nodes: 3 },
  { seed: 5, nodes: 5 },
])(
  'power cuts that take the ends of logs, seed $seed of $nodes nodes: every theorem holds',
  { timeout: 60_000 },
  async (options) => {
    const result = await simulatePowerCuts(options);
    expect(result.finding, report(result)).toBeUndefined();
    expect(result.story.join('\n')).toContain('loses power, and all that it had not flushed');
  },
);

test('the same seed tells the same story, byte by byte', { timeout: 60_000 }, async () => {
  const first = await simulateCluster({ seed: 3, nodes: 3 });
  const second = await simulateCluster({ seed: 3, nodes: 3 });
  expect(second.story.join('\n')).toBe(first.story.join('\n'));
});
