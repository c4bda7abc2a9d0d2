import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findApacheKafka } from '../apache-kafka.ts';
import type { BrokerProcess } from '../broker-process.ts';
import { startBrokerUnderTest } from './broker-under-test.ts';

const found = findApacheKafka({ fetch: false });
const reason = 'reason' in found ? found.reason : undefined;
const kafka = 'reason' in found ? undefined : found;
if (reason !== undefined) process.stderr.write(`skipped: the Java tools (${reason})\n`);

let broker: BrokerProcess;

beforeAll(async () => {
  if (kafka !== undefined) broker = await startBrokerUnderTest();
});

afterAll(() => broker?.dispose());

describe.skipIf(kafka === undefined)('the Java tools of Apache Kafka 3.8.0, unmodified', () => {
  test('kafka-topics creates, describes, alters and deletes', () => {
    topics('--create', '--topic', 'made-by-java', '--partitions', '2');
    expect(topics('--list')).toContain('made-by-java');
    topics('--alter', '--topic', 'made-by-java', '--partitions', '3');
    const described = topics('--describe', '--topic', 'made-by-java');
    expect(described).toMatch(/PartitionCount: 3\tReplicationFactor: 1/);
    expect(described).toMatch(/Partition: 2\tLeader: 1\tReplicas: 1\tIsr: 1/);
    topics('--delete', '--topic', 'made-by-java');
    expect(topics('--list')).not.toContain('made-by-java');
  });

  test.each(['0', '1', 'all'])('the perf tools produce with acks=%s and consume', (acks) => {
    const topic = `perf-${acks}`;
    topics('--create', '--topic', topic);
    const produced = java('org.apache.kafka.tools.ProducerPerformance', [
      ...[
        '--topic',
        topic,
        '--num-records',
        '20000',
        '--record-size',
        '1024',
        '--throughput',
        '-1',
      ],
      ...['--producer-props', `bootstrap.servers=${broker.bootstrap}`, `acks=${acks}`],
      ...(acks === 'all' ? [] : ['enable.idempotence=false']),
    ]);
    expect(produced).toMatch(/^20000 records sent, .* 99\.9th\.$/m);
    const consumed = java('org.apache.kafka.tools.ConsumerPerformance', [
      ...['--bootstrap-server', broker.bootstrap, '--topic', topic],
      ...['--messages', '20000', '--timeout', '20000'],
    ]);
    expect(consumed.trim().split('\n').at(-1)?.split(', ')[4]).toBe('20000');
  });

  test.each(['gzip', 'snappy', 'lz4', 'zstd'])('the perf tool produces %s', (codec) => {
    const produced = java('org.apache.kafka.tools.ProducerPerformance', [
      ...['--topic', `packed-${codec}`, '--num-records', '2000', '--record-size', '500'],
      ...['--throughput', '-1', '--producer-props', `bootstrap.servers=${broker.bootstrap}`],
      `compression.type=${codec}`,
    ]);
    expect(produced).toMatch(/^2000 records sent/m);
  });

  test('kafka-consumer-groups, kafka-configs, kafka-get-offsets and kafka-log-dirs answer', () => {
    topics('--create', '--topic', 'looked-at', '--partitions', '2');
    java('org.apache.kafka.tools.ConsumerPerformance', [
      ...['--bootstrap-server', broker.bootstrap, '--topic', 'looked-at', '--group', 'looker'],
      ...['--messages', '1', '--timeout', '5000'],
    ]);
    const groups = java('org.apache.kafka.tools.consumer.group.ConsumerGroupCommand', [
      ...['--bootstrap-server', broker.bootstrap, '--list'],
    ]);
    expect(groups).toContain('looker');
    const target = ['--entity-type', 'topics', '--entity-name', 'looked-at'];
    const configs = (...args: string[]) =>
      java('kafka.admin.ConfigCommand', [
        '--bootstrap-server',
        broker.bootstrap,
        ...target,
        ...args,
      ]);
    expect(configs('--alter', '--add-config', 'retention.ms=1000')).toContain('Completed updating');
    expect(configs('--describe')).toContain('retention.ms=1000 sensitive=false');
    const offsets = java('org.apache.kafka.tools.GetOffsetShell', [
      ...['--bootstrap-server', broker.bootstrap, '--topic', 'looked-at'],
    ]);
    expect(offsets.trim().split('\n')).toEqual(['looked-at:0:0', 'looked-at:1:0']);
    const dirs = java('org.apache.kafka.tools.LogDirsCommand', [
      ...['--bootstrap-server', broker.bootstrap, '--describe', '--topic-list', 'looked-at'],
    ]);
    expect(dirs).toContain('"partition":"looked-at-1","size":0');
  });
});

function topics(...args: string[]): string {
  const command = ['--bootstrap-server', broker.bootstrap, ...args];
  return java('org.apache.kafka.tools.TopicCommand', command);
}

function java(mainClass: string, args: readonly string[]): string {
  return kafka?.output(mainClass, args) ?? '';
}
