import { expect, test } from 'vitest';
import { VirtualClock } from '../host/virtual/virtual-clock.ts';
import { VirtualScheduler } from '../host/virtual/virtual-scheduler.ts';
import { Purgatory } from './purgatory.ts';

function lab(operationsMax?: number) {
  const scheduler = new VirtualScheduler(new VirtualClock());
  const purgatory = new Purgatory(scheduler, operationsMax);
  const ends: string[] = [];
  let isReady = false;
  const watch = (name: string, timeoutMs = 100) =>
    purgatory.tryCompleteElseWatch(
      {
        timeoutMs,
        tryComplete() {
          if (isReady) ends.push(`${name} completed`);
          return isReady;
        },
        complete: () => ends.push(`${name} expired`),
      },
      ['a', 'b'],
    );
  const setReady = () => {
    isReady = true;
  };
  return { scheduler, purgatory, ends, watch, setReady };
}

test('an operation completes when one of its keys has news, once', async () => {
  const { purgatory, ends, watch, setReady, scheduler } = lab();
  watch('fetch');
  purgatory.checkAndComplete('a');
  expect(ends).toEqual([]);
  setReady();
  purgatory.checkAndComplete('b');
  purgatory.checkAndComplete('a');
  await scheduler.advance(1_000);
  expect(ends).toEqual(['fetch completed']);
  expect(purgatory.size).toBe(0);
});

test('an operation expires after its time', async () => {
  const { scheduler, purgatory, ends, watch } = lab();
  watch('fetch');
  await scheduler.advance(99);
  expect(ends).toEqual([]);
  await scheduler.advance(1);
  expect(ends).toEqual(['fetch expired']);
  expect(purgatory.size).toBe(0);
});

test('a full purgatory completes what comes at once', () => {
  const { ends, watch } = lab(1);
  watch('first');
  watch('second');
  expect(ends).toEqual(['second expired']);
});

test('an operation that was given up never ends', async () => {
  const { scheduler, purgatory, ends, watch, setReady } = lab();
  watch('fetch').dispose();
  setReady();
  purgatory.checkAndComplete('a');
  await scheduler.advance(1_000);
  expect(ends).toEqual([]);
});
