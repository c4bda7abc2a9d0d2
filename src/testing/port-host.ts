import { browserClock } from '../host/browser/browser-clock.ts';
import { createBrowserRandom } from '../host/browser/browser-random.ts';
import { BrowserScheduler } from '../host/browser/browser-scheduler.ts';
import { Kernel } from '../runtime/kernel/kernel.ts';
import type { KernelHost } from '../runtime/kernel/kernel-services.ts';
import { Description, nullFile } from '../runtime/kernel/open-file.ts';
import { ProcessContext } from '../runtime/process/process-context.ts';
import { runProgram } from '../runtime/process/run-program.ts';
import type { ProgramRegistry } from '../runtime/programs.ts';
import type { ProcessStart } from '../runtime/system-calls.ts';

/** A kernel whose process workers are objects of this very thread, connected over real message ports. */
export interface PortHost {
  readonly kernel: Kernel;
  /** A process that does nothing by itself: the test acts for it. */
  openProcess(machine?: string): ProcessContext;
  dispose(): void;
}

const machines = ['worker1', 'worker2', 'worker3'];

export function createPortHost(programs: ProgramRegistry = new Map()): PortHost {
  const schedulers: BrowserScheduler[] = [];
  let started: ProcessContext | undefined;
  const startWorker: KernelHost['startWorker'] = (_kind, start: ProcessStart) => {
    const scheduler = new BrowserScheduler();
    schedulers.push(scheduler);
    const random = createBrowserRandom();
    started = new ProcessContext(start, {
      clock: browserClock,
      compression: {},
      random,
      scheduler,
    });
    const load = programs.get(start.program);
    if (load) void runProgram(started, load);
    return { terminate() {} };
  };
  const host: KernelHost = {
    nowMs: () => Date.now(),
    after: (delayMs, task) => void setTimeout(task, delayMs),
    startWorker,
    disks: undefined,
  };
  const boot = { machines, files: {}, memoryLimitBytes: 100_000_000, spillAboveBytes: 50_000_000 };
  const kernel = new Kernel(boot, host);
  return {
    kernel,
    openProcess(name = 'worker1') {
      const machine = kernel.machine(name);
      const tty = new Description(nullFile);
      kernel.spawn({
        machine,
        command: ['/usr/bin/jps'],
        env: machine.environment,
        cwd: '/',
        descriptors: [tty, tty.share(), tty.share()],
        terminal: undefined,
        parentPid: 1,
        group: undefined,
      });
      if (!started) throw new Error('the kernel starts a worker at once');
      return started;
    },
    dispose() {
      for (const { pid } of machines.flatMap((name) => kernel.processes.list(name))) {
        const process = kernel.processes.get(pid);
        if (process) kernel.processes.finish(process, 0);
      }
      for (const scheduler of schedulers) scheduler.close();
    },
  };
}
