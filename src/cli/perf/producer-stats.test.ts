import { expect, test } from 'vitest';
import { ProducerStats } from './producer-stats.ts';
import { RandomPayload } from './random-payload.ts';
import { ThroughputThrottle } from './throughput-throttle.ts';

test('a window line comes with the first acknowledgement after five seconds, and a total at the end', () => {
  const lines: string[] = [];
  const options = { nowMs: 0, reportingIntervalMs: 5000 };
  const stats = new ProducerStats(200, options, (line) => lines.push(line));
  for (let i = 1; i <= 100; i++) stats.record(i, 1024, i * 50);
  for (let i = 1; i <= 100; i++) stats.record(i, 1024, 5000 + i);
  stats.printTotal(10_000);
  expect(lines).toEqual([
    '100 records sent, 20.0 records/sec (0.02 MB/sec), 50.5 ms avg latency, 100.0 ms max latency.',
    '200 records sent, 20.000000 records/sec (0.02 MB/sec), 50.50 ms avg latency, 100.00 ms max latency, 51 ms 50th, 96 ms 95th, 100 ms 99th, 100 ms 99.9th.',
  ]);
});

test('payloads are letters from A to Z, new ones each time', () => {
  const random = new RandomPayload(1001, 42);
  const first = random.next().slice();
  const second = random.next().slice();
  expect(first).toHaveLength(1001);
  expect([...first, ...second].every((byte) => 65 <= byte && byte <= 90)).toBe(true);
  expect(new Set(first).size).toBe(26);
  expect(second).not.toEqual(first);
});

test('a throttle saves up pauses until a timer is worth it', () => {
  const throttle = new ThroughputThrottle(1000, 0);
  expect(throttle.shouldThrottle(5, 10)).toBe(false);
  expect(throttle.shouldThrottle(50, 10)).toBe(true);
  expect([throttle.pauseMs(), throttle.pauseMs(), throttle.pauseMs()]).toEqual([0, 2, 0]);
  expect(new ThroughputThrottle(-1, 0).shouldThrottle(1_000_000, 1)).toBe(false);
});
