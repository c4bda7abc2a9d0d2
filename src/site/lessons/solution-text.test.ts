import { expect, test } from 'vitest';
import { solutionText } from './solution-text.ts';

test('a solution on several machines says where each line runs, once', () => {
  const commands = [
    { run: 'jps' },
    { run: 'ls\n' },
    { run: 'jps', machine: 'worker2' },
    { run: 'pwd', machine: 'worker1' },
  ];
  expect(solutionText(commands, ['worker1', 'worker2'])).toBe(
    '# worker1\njps\nls\n# worker2\njps\n# worker1\npwd',
  );
});

test('with one machine nothing is said of it', () => {
  expect(solutionText([{ run: 'jps' }], ['worker1'])).toBe('jps');
});
