/// <reference lib="webworker" />
import { browserClock } from '../../host/browser/browser-clock.ts';
import { browserCompression } from '../../host/browser/browser-compression.ts';
import { createBrowserRandom } from '../../host/browser/browser-random.ts';
import { BrowserScheduler } from '../../host/browser/browser-scheduler.ts';
import type { ProgramRegistry } from '../programs.ts';
import type { ProcessStart } from '../system-calls.ts';
import { ProcessContext } from './process-context.ts';
import { runProgram } from './run-program.ts';

/** Makes this worker a process that runs one of the programs, as its first message says. */
export function runWorkerProcess(programs: ProgramRegistry): void {
  self.onmessage = (event: MessageEvent<ProcessStart>) => {
    const start = event.data;
    const scheduler = new BrowserScheduler();
    const random = createBrowserRandom();
    const context = new ProcessContext(start, {
      clock: browserClock,
      compression: browserCompression,
      random,
      scheduler,
    });
    const load = programs.get(start.program);
    reportUncaught(context);
    const missing = () => Promise.reject(new Error(`${start.program}: no such program`));
    void runProgram(context, load ?? missing);
  };
}

/** What a program throws outside of its promise ends it, as in any other runtime. */
function reportUncaught(context: ProcessContext): void {
  const end = (error: unknown) => {
    const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
    context.stderr.write(`${shown}\n`).catch(() => {});
    context.exit(1);
  };
  self.addEventListener('error', (event) => {
    event.preventDefault();
    end(event.error ?? event.message);
  });
  self.addEventListener('unhandledrejection', (event) => {
    event.preventDefault();
    end(event.reason);
  });
}
