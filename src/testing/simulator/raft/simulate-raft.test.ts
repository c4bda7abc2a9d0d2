import { expect, test } from 'vitest';
import { report } from '../simulation.ts';
import { simulateRaft } from './simulate-raft.ts';

const seeds = Array.from({ length: 190 }, (_, seed) => ({ seed, nodes: seed % 2 === 0 ? 3 : 5 }));

test.for(seeds)('seed $seed of $nodes replicas: every theorem holds', async (options) => {
  const result = await simulateRaft(options);
  expect(result.finding, report(result)).toBeUndefined();
});

test('the same seed tells the same story, byte by byte', async () => {
  const first = await simulateRaft({ seed: 7, nodes: 5 });
  const second = await simulateRaft({ seed: 7, nodes: 5 });
  expect(second.story.join('\n')).toBe(first.story.join('\n'));
  expect(first.story.length).toBeGreaterThan(50);
});

test('a simulation has elections, faults and commits, so that its theorems are about something', async () => {
  const { counts } = await simulateRaft({ seed: 4, nodes: 3 });
  expect(counts['leaders']).toBeGreaterThan(1);
  expect(counts['faults']).toBeGreaterThan(4);
  expect(counts['committed']).toBeGreaterThan(20);
});

test('a broken theorem is told with its story and the command that shows it again', async () => {
  const result = await simulateRaft({ seed: 0, nodes: 3 }, { ignoresEpochs: true });
  expect(report(result)).toMatch(
    /^Seed 0 of scenario raft with 3 nodes:\n {5}0 ms {2}worker1 starts[\s\S]*is broken\.\n {2}expected: .*\n {2}found: {4}.*\nTo see it again: npm run simulate -- --scenario raft --nodes 3 --seed 0$/,
  );
});
