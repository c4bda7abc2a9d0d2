import { expect, test } from 'vitest';
import { brokerlab } from '../broker-process.ts';
import { killNine } from './kill-nine.ts';

test('a broker that is killed three times under load loses, doubles and reorders nothing', async () => {
  const report = await killNine(brokerlab, 3);
  expect(report).toMatchObject({ lost: [], duplicated: [], reordered: [], failures: [] });
  expect(report.acknowledged).toBeGreaterThan(100);
});
