import type { Clock } from '../../base/clock.ts';

export const browserClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
