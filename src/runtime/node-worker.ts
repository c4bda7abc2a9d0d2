/// <reference lib="webworker" />
import { browserClock } from '../host/browser/browser-clock.ts';
import { createBrowserRandom } from '../host/browser/browser-random.ts';
import { BrowserScheduler } from '../host/browser/browser-scheduler.ts';
import { runNode } from './node/run-node.ts';
import { ProcessContext } from './process/process-context.ts';
import type { ProcessStart } from './system-calls.ts';

/** A worker that is a Node process: learners' own programs. */
self.onmessage = (event: MessageEvent<ProcessStart>) => {
  const scheduler = new BrowserScheduler();
  const random = createBrowserRandom();
  const host = { clock: browserClock, random, scheduler, compression: {} };
  const context = new ProcessContext(event.data, host);
  void runNode(context);
};
