import { expect, test } from 'vitest';
import { printable } from './tool.ts';

test('what a terminal would obey is shown instead', () => {
  expect(printable('\u001b[2Jtopic\u0007\u009b1m\r')).toBe(
    '\\u001b[2Jtopic\\u0007\\u009b1m\\u000d',
  );
  expect(printable('\tTopic: 主题\nnext')).toBe('\tTopic: 主题\nnext');
});
