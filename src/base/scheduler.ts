import type { Disposable } from './disposable.ts';

/** Port: timers and turns of the event loop. */
export interface Scheduler {
  /**
   * Runs `task` once, `delayMs` (0 or more) from now, unless the result is disposed first. More than
   * `DELAY_MS_MAX` counts as that.
   */
  after(delayMs: number, task: () => void): Disposable;
  /** Runs `task` in a turn of its own soon (Node: setImmediate). Lets signals, sockets and timers in between. */
  soon(task: () => void): void;
}

/** 24 days: the longest delay that setTimeout keeps, in Node and in browsers; a longer one would fire at once. */
export const DELAY_MS_MAX = 2_147_483_647;

/** Resolves after `delayMs`, or at once when `signal` aborts. */
export function sleep(scheduler: Scheduler, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      timer.dispose();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = scheduler.after(delayMs, done);
    signal?.addEventListener('abort', done);
  });
}

/** Resolves in a later turn of the event loop: loops that run long await it every 8 ms or so. */
export function nextTurn(scheduler: Scheduler): Promise<void> {
  return new Promise((resolve) => scheduler.soon(resolve));
}
