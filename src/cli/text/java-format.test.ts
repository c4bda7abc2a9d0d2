import { expect, test } from 'vitest';
import { formatDouble, formatFixed } from './java-format.ts';

// Recorded: String.format("%.<digits>f", value) of Java 17.
test.each([
  [0.125, 2, '0.13'],
  [1.005, 2, '1.01'],
  [2.675, 2, '2.68'],
  [0.05, 1, '0.1'],
  [12345.6789, 1, '12345.7'],
  [1e21, 1, '1000000000000000000000.0'],
  [1.5e-7, 6, '0.000000'],
  [9.9999999, 6, '10.000000'],
  [99999.95, 1, '100000.0'],
  [-0.5, 0, '-1'],
  [0, 3, '0.000'],
  [Number.NaN, 2, 'NaN'],
  [Number.POSITIVE_INFINITY, 2, 'Infinity'],
])('%f with %i digits is %s, as in Java', (value, digits, text) => {
  expect(formatFixed(value, digits)).toBe(text);
});

test('a whole double has a fraction', () => {
  expect(formatDouble(1024)).toBe('1024.0');
  expect(formatDouble(0.5)).toBe('0.5');
});
