import { expect, test } from 'vitest';
import { judge } from './acknowledgements.ts';

const logOf = (...values: string[]) => values.map((value) => ({ partition: 0, value }));

test('a log with everything once and in order is clean', () => {
  const verdict = judge(new Set(['a:0', 'a:1', 'b:0']), logOf('a:0', 'b:0', 'a:1', 'b:1'));
  expect(verdict).toEqual({ acknowledged: 3, inLog: 4, lost: [], duplicated: [], reordered: [] });
});

test('a missing acknowledged record is lost', () => {
  expect(judge(new Set(['a:0', 'a:1']), logOf('a:0')).lost).toEqual(['a:1']);
});

test('a record that stands twice is duplicated', () => {
  expect(judge(new Set(), logOf('a:0', 'a:0')).duplicated).toEqual(['a:0']);
});

test('an earlier record behind a later one is reordered, within a partition only', () => {
  expect(judge(new Set(), logOf('a:1', 'a:0')).reordered).toEqual(['a:0 in 0']);
  const twoPartitions = [
    { partition: 0, value: 'a:1' },
    { partition: 1, value: 'a:0' },
  ];
  expect(judge(new Set(), twoPartitions).reordered).toEqual([]);
});
