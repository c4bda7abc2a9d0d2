import { expect, test } from 'vitest';
import { escapeProperty, parseProperties } from './properties.ts';

test('keys and values are read as Java reads them', () => {
  const text = [
    '# a comment',
    '! another',
    '',
    'a=1',
    '  b : two words  ',
    'c three',
    'd',
    'listeners=PLAINTEXT://:9092,\\',
    '    CONTROLLER://:9093',
    'path=C\\:\\\\kafka\\tlogs',
    'u=\\u00e9',
    'a=again',
  ].join('\n');
  expect(parseProperties(text)).toEqual({
    a: 'again',
    b: 'two words  ',
    c: 'three',
    d: '',
    listeners: 'PLAINTEXT://:9092,CONTROLLER://:9093',
    path: 'C:\\kafka\tlogs',
    u: 'é',
  });
});

test('what is escaped is read back', () => {
  const value = ' a=b:c#d!\te\\f\n';
  const line = `${escapeProperty('k y', true)}=${escapeProperty(value, false)}`;
  expect(line).toBe('k\\ y=\\ a\\=b\\:c\\#d\\!\\te\\\\f\\n');
  expect(parseProperties(line)).toEqual({ 'k y': value });
});
