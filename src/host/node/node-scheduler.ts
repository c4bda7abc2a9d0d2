import { DELAY_MS_MAX, type Scheduler } from '../../base/scheduler.ts';

export const nodeScheduler: Scheduler = {
  after(delayMs, task) {
    const timer = setTimeout(task, Math.min(delayMs, DELAY_MS_MAX));
    return { dispose: () => clearTimeout(timer) };
  },
  soon(task) {
    setImmediate(task);
  },
};
