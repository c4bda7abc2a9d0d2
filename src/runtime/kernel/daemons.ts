import type { DetachedSpawn } from '../system-calls.ts';

/** What was last started in the background on each machine: `lab start` starts it again. */
export class Daemons {
  readonly #byMachine = new Map<string, readonly Daemon[]>();

  /** Those that run beside it stay; what had ended before it was started is forgotten. */
  add(machine: string, daemon: Daemon, isRunning: (pid: number) => boolean): void {
    const known = this.#byMachine.get(machine) ?? [];
    const isAnyRunning = known.some(({ pid }) => isRunning(pid));
    this.#byMachine.set(machine, isAnyRunning ? [...known, daemon] : [daemon]);
  }

  of(machine: string): readonly Daemon[] {
    return this.#byMachine.get(machine) ?? [];
  }
}

export interface Daemon {
  readonly pid: number;
  readonly request: DetachedSpawn;
}
