import { expect, test } from 'vitest';
import { RecentAppends, RecentAppendsBudget } from './recent-appends.ts';

/** A part of a larger buffer, as it comes from the network. */
function chunk(length: number, fill: number): Uint8Array {
  return new Uint8Array(length + 1).fill(fill).subarray(1);
}

const offsets = (firstOffset: number, end: number) => ({ firstOffset, lastOffset: end - 1 });
const all = { maxBytes: 1_000, upTo: 10_000, minOneMessage: true };

test('what was appended last is read back, one append as it is and several as one', () => {
  const recent = new RecentAppends(new RecentAppendsBudget(1_000));
  const first = chunk(10, 1);
  recent.add(first, offsets(0, 5));
  recent.add(chunk(20, 2), offsets(5, 7));
  expect(recent.read({ ...all, startOffset: 0, upTo: 5 })).toBe(first);
  expect(recent.read({ ...all, startOffset: 0 })).toEqual(
    new Uint8Array([...Array(10).fill(1), ...Array(20).fill(2)]),
  );
});

test('neither bytes nor offsets go beyond what is asked for', () => {
  const recent = new RecentAppends(new RecentAppendsBudget(1_000));
  recent.add(chunk(10, 1), offsets(0, 5));
  recent.add(chunk(20, 2), offsets(5, 7));
  expect(recent.read({ ...all, startOffset: 0, maxBytes: 29 })).toHaveLength(10);
  expect(recent.read({ ...all, startOffset: 5, maxBytes: 5 })).toHaveLength(20);
  expect(
    recent.read({ ...all, startOffset: 5, maxBytes: 5, minOneMessage: false }),
  ).toBeUndefined();
  expect(recent.read({ ...all, startOffset: 5, upTo: 6 })).toBeUndefined();
});

test('what is not there, or begins within an append, is left to the file', () => {
  const recent = new RecentAppends(new RecentAppendsBudget(1_000));
  recent.add(chunk(10, 1), offsets(10, 15));
  expect(recent.read({ ...all, startOffset: 9 })).toBeUndefined();
  expect(recent.read({ ...all, startOffset: 12 })).toBeUndefined();
  expect(recent.read({ ...all, startOffset: 15 })).toBeUndefined();
  recent.clear();
  expect(recent.read({ ...all, startOffset: 10 })).toBeUndefined();
});

test('all logs of a process together keep no more than their budget', () => {
  const budget = new RecentAppendsBudget(100);
  const logs = [new RecentAppends(budget), new RecentAppends(budget)];
  for (let i = 0; i < 5_000; i++) {
    logs[i % 2]?.add(chunk(10, 1), offsets(Math.floor(i / 2), Math.floor(i / 2) + 1));
    if (100 < budget.bytes) throw new RangeError(`${budget.bytes} bytes are kept`);
  }
  expect(logs[0]?.read({ ...all, startOffset: 2_499 })).toHaveLength(10);
  expect(logs[0]?.read({ ...all, startOffset: 2_000 })).toBeUndefined();
});

test('a chunk that spans its whole buffer is copied, because the network may give it away', () => {
  const recent = new RecentAppends(new RecentAppendsBudget(1_000));
  const whole = new Uint8Array(10).fill(3);
  recent.add(whole, offsets(0, 1));
  const read = recent.read({ ...all, startOffset: 0 });
  expect(read).toEqual(whole);
  expect(read?.buffer).not.toBe(whole.buffer);
});
