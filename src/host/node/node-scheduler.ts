import type { Scheduler } from '../../base/scheduler.ts';

export const nodeScheduler: Scheduler = {
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return { dispose: () => clearTimeout(timer) };
  },
  soon(task) {
    setImmediate(task);
  },
};
