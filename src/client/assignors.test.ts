import { expect, test } from 'vitest';
import { rangeAssignor, roundRobinAssignor } from './assignors.ts';

const show = (assignments: ReadonlyMap<string, readonly { topic: string; partition: number }[]>) =>
  Object.fromEntries(
    [...assignments].map(([id, own]) => [id, own.map((p) => `${p.topic}${p.partition}`).join(' ')]),
  );

// The examples of Kafka's own documentation of RangeAssignor and RoundRobinAssignor.
test('range gives each member a run of each topic', () => {
  const members = new Map([
    ['C0', ['a', 'b']],
    ['C1', ['a', 'b']],
  ]);
  const counts = new Map([
    ['a', 3],
    ['b', 3],
  ]);
  expect(show(rangeAssignor.assign(members, counts))).toEqual({
    C0: 'a0 a1 b0 b1',
    C1: 'a2 b2',
  });
});

test('round robin deals all partitions out and skips who did not subscribe', () => {
  const members = new Map([
    ['C0', ['t0']],
    ['C1', ['t0', 't1']],
    ['C2', ['t0', 't1', 't2']],
  ]);
  const counts = new Map([
    ['t0', 1],
    ['t1', 2],
    ['t2', 3],
  ]);
  expect(show(roundRobinAssignor.assign(members, counts))).toEqual({
    C0: 't00',
    C1: 't10',
    C2: 't11 t20 t21 t22',
  });
});

test('a topic that does not exist is left out', () => {
  const members = new Map([['C0', ['nope']]]);
  expect(show(rangeAssignor.assign(members, new Map()))).toEqual({ C0: '' });
});
