import { expect, test } from 'vitest';
import { VirtualClock } from '../host/virtual/virtual-clock.ts';
import { VirtualScheduler } from '../host/virtual/virtual-scheduler.ts';
import { Timeouts } from './timeouts.ts';

function lab() {
  const clock = new VirtualClock();
  const scheduler = new VirtualScheduler(clock, { settle: () => Promise.resolve() });
  return { clock, scheduler, timeouts: new Timeouts({ clock, scheduler }) };
}

test('what waits ends at its time, never before', async () => {
  const { clock, scheduler, timeouts } = lab();
  const ended: string[] = [];
  timeouts.add(100, () => ended.push(`a at ${clock.monotonicMs()}`));
  timeouts.add(95, () => ended.push(`b at ${clock.monotonicMs()}`));
  timeouts.add(300, () => ended.push('c'));
  await scheduler.advance(99);
  expect(ended).toEqual([]);
  await scheduler.advance(20);
  expect(ended).toEqual(['a at 100', 'b at 100']);
});

test('what is given up does not end, also not by what ends with it', async () => {
  const { scheduler, timeouts } = lab();
  const ended: string[] = [];
  const giveUp = timeouts.add(100, () => ended.push('a'));
  timeouts.add(100, () => {
    ended.push('b');
    giveUpLast();
  });
  const giveUpLast = timeouts.add(100, () => ended.push('c'));
  giveUp();
  await scheduler.advance(200);
  expect(ended).toEqual(['b']);
});

test('nothing ends after disposal', async () => {
  const { scheduler, timeouts } = lab();
  let hasEnded = false;
  timeouts.add(10, () => {
    hasEnded = true;
  });
  timeouts.dispose();
  await scheduler.advance(100);
  expect(hasEnded).toBe(false);
});
