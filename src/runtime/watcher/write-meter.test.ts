import { expect, test } from 'vitest';
import type { ClusterChange } from './cluster-report.ts';
import type { ClusterSample } from './cluster-sample.ts';
import { WriteMeter } from './write-meter.ts';

const fenced: ClusterChange = { kind: 'broker-fenced', nodeId: 1 };

function sampleOf(atMs: number, offsets: Readonly<Record<string, number>>): ClusterSample {
  return {
    atMs,
    monotonicMs: atMs,
    leaderGoneAtMs: undefined,
    isAnswered: true,
    quorum: undefined,
    metadata: undefined,
    offsets: new Map(Object.entries(offsets)),
  };
}

/** Two partitions, read twice a second; each gets the records that `perSample` says. */
function write(perSample: readonly (readonly [number, number])[], troubleAt?: number) {
  const meter = new WriteMeter();
  let [a, b] = [0, 0];
  let sample = sampleOf(0, {});
  const events = perSample.flatMap(([moreInA, moreInB], at) => {
    [a, b] = [a + moreInA, b + moreInB];
    sample = sampleOf(at * 500, { 'a-0': a, 'b-0': b });
    return meter
      .take(sample, at === troubleAt ? [fenced] : [])
      .map((event) => ({ at: at * 500, ...event }));
  });
  return { events, rate: meter.report(sample)?.recordsPerSecond };
}

function times<T>(count: number, value: T): readonly T[] {
  return Array.from({ length: count }, () => value);
}

test('the rate is that of the last two seconds', () => {
  expect(write([...times(10, [50, 0] as const), ...times(2, [0, 0] as const)]).rate).toBe(50);
  expect(write(times(10, [50, 10] as const)).rate).toBe(120);
  expect(write([[50, 50]]).rate).toBeUndefined();
});

test('partitions that stood still after a failure are told with the longest time, when they go on', () => {
  const { events } = write(
    [...times(6, [10, 10] as const), ...times(8, [0, 0] as const), [10, 0], [10, 10], [10, 10]],
    8,
  );
  expect(events).toEqual([
    { at: 7_000, kind: 'writes-go-on', partitions: 1, example: 'a-0', afterMs: 4_500 },
    { at: 7_500, kind: 'writes-go-on', partitions: 1, example: 'b-0', afterMs: 5_000 },
  ]);
});

test('a pause of the producer’s own, and a line typed now and then, are not told', () => {
  const pause = [...times(6, [10, 10] as const), ...times(8, [0, 0] as const), [10, 10] as const];
  expect(write(pause).events).toEqual([]);
  const typed = [[0, 0], [1, 0], ...times(8, [0, 0]), [1, 0], ...times(8, [0, 0]), [1, 0]] as const;
  expect(write(typed as readonly (readonly [number, number])[], 12).events).toEqual([]);
});

test('a partition whose leader does not answer stands still and is missing from the count', () => {
  const meter = new WriteMeter();
  for (let at = 0; at < 4; at++) {
    meter.take(sampleOf(at * 500, { 'a-0': at * 10, 'b-0': at * 10 }), []);
  }
  const alone = sampleOf(2_000, { 'b-0': 40 });
  meter.take(alone, [{ kind: 'leader-lost', nodeId: 1, epoch: 3 }]);
  expect(meter.report(alone)?.partitions).toBe(1);
  const back = sampleOf(12_000, { 'a-0': 90, 'b-0': 50 });
  for (let at = 5; at < 24; at++) meter.take(sampleOf(at * 500, { 'b-0': 40 + at }), []);
  expect(meter.take(back, [])).toEqual([
    { kind: 'writes-go-on', partitions: 1, example: 'a-0', afterMs: 10_500 },
  ]);
});
