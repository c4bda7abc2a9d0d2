import { expect, test } from 'vitest';
import { sendMalformedFrames } from '../testing/malformed-frames.ts';

test.for([1, 2])('seed %i: malformed frames bother nobody but their sender', async (seed) => {
  const report = await sendMalformedFrames({ frames: 1_000, seed });
  expect(report.errorLines).toEqual([]);
  expect(report.closedConnections).toBeGreaterThan(100);
  expect(report.witnessRecords).toBe(5);
  expect(report.connectionsLeft).toBe(1);
});

test.for([1, 2])(
  'seed %i: malformed frames at the controller listener do no harm either',
  async (seed) => {
    const report = await sendMalformedFrames({ frames: 1_000, seed, listener: 'controller' });
    expect(report.errorLines).toEqual([]);
    expect(report.closedConnections).toBeGreaterThan(100);
    expect(report.witnessRecords).toBe(5);
  },
);
