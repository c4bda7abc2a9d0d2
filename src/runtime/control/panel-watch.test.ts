import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SandboxProcess } from '../provider.ts';
import type { LabState } from '../system-calls.ts';
import { PanelWatch } from './panel-watch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const state: LabState = {
  machines: [
    {
      name: 'worker1',
      processes: [],
      listening: [
        { host: '', port: 9_092 },
        { host: '127.0.0.1', port: 9_999 },
      ],
      ended: [],
    },
  ],
  faults: [],
};

/** A watcher's process, and what was asked of it and of the kernel. */
function open() {
  const seen = { spawned: 0, killed: 0, states: 0, orders: [] as unknown[], machines: 0 };
  const process = {
    output: new ReadableStream<Uint8Array>(),
    write: (line: string) => {
      seen.orders.push(JSON.parse(line));
      return Promise.resolve();
    },
    kill: () => {
      seen.killed += 1;
      return Promise.resolve();
    },
  } as unknown as SandboxProcess;
  const spawn = () => {
    seen.spawned += 1;
    return Promise.resolve(process);
  };
  const readState = () => {
    seen.states += 1;
    return Promise.resolve(state);
  };
  const watch = new PanelWatch({ spawn }, readState, {
    onReport: () => undefined,
    onMachines: () => {
      seen.machines += 1;
    },
  });
  return { watch, seen };
}

test('an open panel runs the watcher and tells it who listens where others can come', async () => {
  const { watch, seen } = open();
  await vi.advanceTimersByTimeAsync(1_600);
  expect(seen).toMatchObject({ spawned: 1, killed: 0, states: 4, machines: 4 });
  expect(seen.orders).toEqual([
    { isPaused: false },
    { targets: [{ machine: 'worker1', port: 9_092 }] },
  ]);
  watch.dispose();
});

test('a paused panel asks nothing, and a closed one has no watcher', async () => {
  const { watch, seen } = open();
  await vi.advanceTimersByTimeAsync(100);
  watch.setPaused(true);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(seen).toMatchObject({ states: 1, killed: 0 });
  expect(seen.orders.at(-1)).toEqual({ isPaused: true });
  watch.setPaused(false);
  await vi.advanceTimersByTimeAsync(100);
  expect(seen.states).toBe(2);
  watch.dispose();
  watch.setPaused(false);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(seen).toMatchObject({ states: 2, killed: 1 });
  expect(vi.getTimerCount()).toBe(0);
});
