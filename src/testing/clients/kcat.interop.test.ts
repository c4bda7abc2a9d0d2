import { spawn, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BrokerProcess } from '../broker-process.ts';
import { startBrokerUnderTest } from './broker-under-test.ts';
import { eventually } from './eventually.ts';

const hasKcat = spawnSync('kcat', ['-V']).status === 0;
if (!hasKcat)
  process.stderr.write('skipped: kcat is not installed here (Debian: apt-get install kcat)\n');

let broker: BrokerProcess;

beforeAll(async () => {
  if (hasKcat) broker = await startBrokerUnderTest();
});

afterAll(() => broker?.dispose());

describe.skipIf(!hasKcat)('kcat, unmodified', () => {
  test('lists the broker and its topics', () => {
    kcat(['-P', '-t', 'listed'], 'one\n');
    const listed = kcat(['-L']);
    expect(listed).toContain('1 brokers:');
    expect(listed).toContain('topic "listed" with 1 partitions:');
    expect(listed).toContain('partition 0, leader 1, replicas: 1, isrs: 1');
  });

  test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('produces and consumes with %s', (codec) => {
    const topic = `codec-${codec}`;
    const lines = Array.from({ length: 1000 }, (_, index) => `record ${index} of ${codec}`);
    kcat(['-P', '-t', topic, '-z', codec], `${lines.join('\n')}\n`);
    expect(kcat(['-C', '-t', topic, '-e', '-q']).trim().split('\n')).toEqual(lines);
  });

  test('keeps keys, headers and nulls', () => {
    kcat(['-P', '-t', 'shaped', '-K', ':', '-H', 'a=1', '-H', 'b=2', '-Z'], 'key:value\nlonely:\n');
    const format = '%k|%s|%S|%h\n';
    expect(kcat(['-C', '-t', 'shaped', '-e', '-q', '-f', format])).toBe(
      'key|value|5|a=1,b=2\nlonely||-1|a=1,b=2\n',
    );
  });

  test('produces idempotently', () => {
    kcat(['-P', '-t', 'once', '-X', 'enable.idempotence=true'], 'a\nb\nc\n');
    expect(kcat(['-C', '-t', 'once', '-e', '-q'])).toBe('a\nb\nc\n');
  });

  test('asks for offsets by time and reads from the end backwards', () => {
    kcat(['-P', '-t', 'timed'], 'a\nb\nc\n');
    expect(kcat(['-Q', '-t', 'timed:0:-1'])).toContain('timed [0] offset 3');
    expect(kcat(['-Q', '-t', 'timed:0:-2'])).toContain('timed [0] offset 0');
    expect(kcat(['-C', '-t', 'timed', '-o', '-1', '-e', '-q'])).toBe('c\n');
  });

  test('a balanced group of three splits the partitions and takes over when one leaves', async () => {
    kcat(['-P', '-t', 'warm-up'], 'x\n');
    const members = ['a', 'b', 'c'].map(() => startMember('warm-up'));
    await eventually(
      () => members.map((member) => member.errors()),
      (errors) => errors.every((text) => text.includes('rebalanced')),
    );
    members[0]?.stop();
    const before = members[1]?.errors().length ?? 0;
    await eventually(
      () => members[1]?.errors() ?? '',
      (text) => text.slice(before).includes('rebalanced'),
    );
    for (const member of members) member.stop();
  });
});

function kcat(args: readonly string[], input = ''): string {
  const command = ['-b', broker.bootstrap, ...args];
  const result = spawnSync('kcat', command, { input, encoding: 'utf8', timeout: 60_000 });
  if (result.status !== 0) throw new TypeError(`kcat ${args.join(' ')}: ${result.stderr}`);
  return result.stdout;
}

function startMember(topic: string): { errors(): string; stop(): void } {
  const child = spawn('kcat', ['-b', broker.bootstrap, '-G', 'balanced', topic]);
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  return { errors: () => errors, stop: () => child.kill('SIGTERM') };
}
