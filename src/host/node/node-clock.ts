import { performance } from 'node:perf_hooks';
import type { Clock } from '../../base/clock.ts';

export const nodeClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
