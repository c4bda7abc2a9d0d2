import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { clusterSpec } from '../options/cluster-options.ts';
import { producerPerfTestSpec } from '../options/producer-perf-test-options.ts';
import { metadataQuorumSpec } from '../options/quorum-options.ts';
import { storageSpec } from '../options/storage-options.ts';
import { parseArgparse } from './argparse-parser.ts';

interface Recorded {
  readonly args: string[];
  readonly stdout: string;
  readonly stderr: string;
}

const recorded: Record<string, Recorded[]> = JSON.parse(
  readFileSync(new URL('../testdata/argparse-usage.json', import.meta.url), 'utf8'),
);
const specs = {
  'kafka-storage.sh': storageSpec,
  'kafka-producer-perf-test.sh': producerPerfTestSpec,
  'kafka-metadata-quorum.sh': metadataQuorumSpec,
  'kafka-cluster.sh': clusterSpec,
};

for (const [name, spec] of Object.entries(specs)) {
  test.each(
    (recorded[name] ?? [])
      .filter(
        (each) =>
          0 < each.args.length &&
          !(each.stderr.includes('must be\nspecified') || each.stderr.includes('config\nmust')),
      )
      .map((each) => [each.args.join(' '), each] as const),
  )(`${name} %s says what Kafka 3.8.0 says`, (_, { args, stdout, stderr }) => {
    const outcome = parseArgparse(spec, args);
    const said = outcome.kind === 'parsed' ? '' : outcome.text;
    expect(said).toBe(stdout + stderr);
  });
}

test('a long option may be abbreviated and a negative number is a value', () => {
  const line =
    '--topic test --num-record 1000000 --record-size 1024 --throughput -1 --producer-props bootstrap.servers=worker1:9092 acks=1';
  const outcome = parseArgparse(producerPerfTestSpec, line.split(' '));
  expect(outcome.kind === 'parsed' && Object.fromEntries(outcome.parsed.values)).toEqual({
    topic: ['test'],
    'num-records': ['1000000'],
    'record-size': ['1024'],
    throughput: ['-1'],
    'producer-props': ['bootstrap.servers=worker1:9092', 'acks=1'],
  });
});
