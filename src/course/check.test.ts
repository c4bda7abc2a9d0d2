import { expect, test } from 'vitest';
import { type ExecResult, type LabReader, runChecks } from './check.ts';
import type { Check } from './lesson.ts';

function labThatPrints(stdout: string, rest: Partial<ExecResult> = {}): LabReader {
  return {
    exec: () => Promise.resolve({ exitCode: 0, stderr: '', stdout, ...rest }),
    readFile: () => Promise.resolve(undefined),
    ...virtualTime(),
  };
}

function virtualTime(): Pick<LabReader, 'nowMs' | 'sleep'> {
  let nowMs = 0;
  const sleep = (delayMs: number) => {
    nowMs += delayMs;
    return Promise.resolve();
  };
  return { nowMs: () => nowMs, sleep };
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

test('a check that may take its time looks again until it passes', async () => {
  const check: Check = { exec: 'x', expect: { match: '^third$' }, says: 's', withinMs: 5_000 };
  const answers = ['first', 'second', 'third', 'fourth'];
  const lab = labThatPrints('');
  const exec = () => Promise.resolve({ exitCode: 0, stderr: '', stdout: answers.shift() ?? '' });
  expect(await runChecks([check], { ...lab, exec })).toMatchObject({ passed: true });
  expect(answers).toEqual(['fourth']);
});

test('a check gives up after its time with what it saw last', async () => {
  const check: Check = { exec: 'x', expect: { match: '^no$' }, says: 's', withinMs: 2_000 };
  const lab = labThatPrints('still yes');
  const result = await runChecks([check], lab);
  expect(result).toEqual({ passed: false, expected: 's', found: 'still yes' });
  expect(lab.nowMs()).toBe(2_000);
});

test('one look is enough where nobody wants to wait', async () => {
  const check: Check = { exec: 'x', expect: { match: '^no$' }, says: 's', withinMs: 2_000 };
  const lab = labThatPrints('yes');
  expect(await runChecks([check], lab, { isPatient: false })).toMatchObject({ passed: false });
  expect(lab.nowMs()).toBe(0);
});
