import { expect, test } from 'vitest';
import { killBrokerRepeatedly } from '../testing/kill-broker.ts';

test('no acknowledged record is lost or repeated when the broker is killed', async () => {
  const report = await killBrokerRepeatedly({ kills: 3 });
  expect(report.acknowledged).toBeGreaterThan(100);
  expect(report).toMatchObject({ kills: 3, lost: [], repeated: [], outOfOrder: false });
});
