import { expect, test } from 'vitest';
import { parsePerfLine, parsePerfOutput } from './perf-run.ts';
import { perfSettings, runLabels } from './perf-settings.ts';

// Both lines have the form that the tools of Kafka 3.8.0 print.
const producerLine =
  '1000000 records sent, 80560.702489 records/sec (78.67 MB/sec), 378.71 ms avg latency, 834.00 ms max latency, 372 ms 50th, 574 ms 95th, 681 ms 99th, 801 ms 99.9th.';
const windowLine =
  '402536 records sent, 80507.2 records/sec (78.62 MB/sec), 359.1 ms avg latency, 834.0 ms max latency.';
const consumerLine =
  '2024-08-01 10:00:00:123, 2024-08-01 10:00:03:623, 488.2813, 139.5089, 500000, 142857.1429, 500, 3000, 162.7604, 166666.6667';

test('the producer’s last line is a run, its window lines are not', () => {
  const runs = parsePerfOutput(`${windowLine}\n${producerLine}\r\n`, 'the command');
  expect(runs).toEqual([
    {
      kind: 'producer',
      command: 'the command',
      records: 1_000_000,
      recordsPerSecond: 80560.702489,
      megabytesPerSecond: 78.67,
      latencyMs: { average: 378.71, max: 834, p50: 372, p95: 574, p99: 681, p999: 801 },
    },
  ]);
});

test('the consumer’s summary is a run', () => {
  expect(parsePerfLine(consumerLine, '')).toMatchObject({
    kind: 'consumer',
    records: 500_000,
    megabytesPerSecond: 139.5089,
    recordsPerSecond: 142857.1429,
    rebalanceMs: 500,
    fetchMs: 3000,
  });
});

test('other lines are no run', () => {
  expect(parsePerfOutput('[learner@worker1 ~]$ ls\nconfig\n', '')).toEqual([]);
});

test('settings are read from the command line, abbreviated options too', () => {
  const command =
    'bin/kafka-producer-perf-test.sh --topic test --num-record 1000000 --record-size 1024 --throughput -1 --producer-props bootstrap.servers=worker1:9092 acks=1 | tee out';
  expect(perfSettings(command)).toEqual({
    'record-size': '1024',
    throughput: '-1',
    acks: '1',
  });
});

test('labels name what differs between runs', () => {
  const base = 'kafka-producer-perf-test.sh --record-size 1024 --producer-props acks=';
  const runs = ['0', 'all batch.size=65536'].flatMap((acks) =>
    parsePerfOutput(producerLine, base + acks),
  );
  expect(runLabels(runs)).toEqual(['acks=0', 'acks=all batch.size=65536']);
  expect(runLabels(runs.slice(0, 1))).toEqual(['record-size=1024 acks=0']);
});
