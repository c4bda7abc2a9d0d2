import { expect, test } from 'vitest';
import { type ExecResult, type LabReader, runChecks } from './check.ts';
import type { Check } from './lesson.ts';

function labThatPrints(stdout: string, rest: Partial<ExecResult> = {}): LabReader {
  return {
    exec: () => Promise.resolve({ exitCode: 0, stderr: '', stdout, ...rest }),
    readFile: () => Promise.resolve(undefined),
  };
}

const twoPartitions: Check = {
  exec: 'kafka-get-offsets.sh --bootstrap-server worker1:9092 --topic test',
  expect: { sum: '^test:\\d+:(\\d+)', atLeast: 1_000_000 },
  says: 'a million records',
};

test('a sum counts every partition', async () => {
  const result = await runChecks([twoPartitions], labThatPrints('test:0:400000\ntest:1:600000\n'));
  expect(result).toEqual({ passed: true, expected: 'a million records', found: '1000000' });
});

test('a sum that falls short is said', async () => {
  const result = await runChecks([twoPartitions], labThatPrints('test:0:400000\n'));
  expect(result).toEqual({ passed: false, expected: 'a million records', found: '400000' });
});

test('what the tool said last is what was found when nothing matches', async () => {
  const lab = labThatPrints('', { exitCode: 1, stderr: 'one\nTopic test does not exist.\n' });
  const result = await runChecks([twoPartitions], lab);
  expect(result.found).toBe('Topic test does not exist.');
});

test('a match answers with its whole line', async () => {
  const check: Check = { exec: 'x', expect: { match: 'PartitionCount: 1\\b' }, says: 's' };
  const lab = labThatPrints(
    'Topic: test\tTopicId: a\tPartitionCount: 1\tConfigs:\n\tTopic: test\n',
  );
  expect((await runChecks([check], lab)).found).toBe(
    'Topic: test TopicId: a PartitionCount: 1 Configs:',
  );
});

test('checks stop at the first that fails', async () => {
  const failing: Check = { file: '/tmp/none', expect: { match: '.' }, says: 'a file' };
  const result = await runChecks([failing, twoPartitions], labThatPrints('test:0:1000000'));
  expect(result).toEqual({ passed: false, expected: 'a file', found: '/tmp/none: ENOENT' });
});
