import { expect, test } from 'vitest';
import { sleep } from '../../base/scheduler.ts';
import { VirtualClock } from './virtual-clock.ts';
import { VirtualScheduler } from './virtual-scheduler.ts';

function start() {
  const clock = new VirtualClock(1000);
  return { clock, scheduler: new VirtualScheduler(clock) };
}

test('timers run in order of time, then of creation, and see the time at which they were due', async () => {
  const { clock, scheduler } = start();
  const log: string[] = [];
  const note = (name: string) => () => log.push(`${name}@${clock.nowMs()}`);
  scheduler.after(20, note('c'));
  scheduler.after(10, note('a'));
  scheduler.after(10, note('b'));
  scheduler.after(15, note('never')).dispose();
  scheduler.after(31, note('late'));
  await scheduler.advance(30);
  expect(log).toEqual(['a@1010', 'b@1010', 'c@1020']);
  expect(clock.monotonicMs()).toBe(30);
  expect(scheduler.nextTimerInMs).toBe(1);
});

test('a timer set by a timer runs in the same advance if it is due', async () => {
  const { clock, scheduler } = start();
  const dueAt: number[] = [];
  const tick = () => {
    dueAt.push(clock.monotonicMs());
    scheduler.after(10, tick);
  };
  scheduler.after(10, tick);
  await scheduler.advance(35);
  expect(dueAt).toEqual([10, 20, 30]);
});

test('settle runs turns and promises without letting time go by', async () => {
  const { clock, scheduler } = start();
  const log: string[] = [];
  scheduler.soon(() => {
    log.push('turn 1');
    void Promise.resolve().then(() => scheduler.soon(() => log.push('turn 2')));
  });
  await scheduler.settle();
  expect(log).toEqual(['turn 1', 'turn 2']);
  expect(clock.monotonicMs()).toBe(0);
});

test('runUntil goes from timer to timer until a promise settles', async () => {
  const { clock, scheduler } = start();
  const work = async () => {
    await sleep(scheduler, 500);
    await sleep(scheduler, 700);
    return 'done';
  };
  expect(await scheduler.runUntil(work())).toBe('done');
  expect(clock.monotonicMs()).toBe(1200);
});

test('the wall clock may jump; durations do not', async () => {
  const { clock, scheduler } = start();
  let isDue = false;
  scheduler.after(10, () => {
    isDue = true;
  });
  clock.jumpTo(99_999);
  await scheduler.advance(9);
  expect(isDue).toBe(false);
  await scheduler.advance(1);
  expect(isDue).toBe(true);
});
