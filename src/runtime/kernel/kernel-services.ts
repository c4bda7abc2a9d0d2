import type { ProcessStart, SpawnAnswer } from '../system-calls.ts';
import type { Daemons } from './daemons.ts';
import type { DiskPool } from './file-body.ts';
import type { ProcessWorker } from './kernel-process.ts';
import type { Machine } from './machine.ts';
import type { Description } from './open-file.ts';
import type { ProcessTable } from './process-table.ts';
import type { Switchboard } from './switchboard.ts';
import type { Terminal } from './terminal.ts';

/** What the kernel needs of the worker in which it runs. */
export interface KernelHost {
  nowMs(): number;
  after(delayMs: number, task: () => void): void;
  /** Starts a worker for a process; `onFailure` is told when its script cannot run. */
  startWorker(
    kind: 'program' | 'node',
    start: ProcessStart,
    onFailure: (reason: string) => void,
  ): ProcessWorker;
  readonly disks: DiskPool | undefined;
}

export interface SpawnPlan {
  readonly machine: Machine;
  readonly command: readonly string[];
  /** Where `command[0]` is only what is shown. */
  readonly path?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Shared by the process from now on; closed again when it cannot be started. */
  readonly descriptors: readonly [Description, Description, Description];
  readonly terminal: Terminal | undefined;
  readonly parentPid: number;
  readonly group: number | undefined;
}

/** The kernel as its system calls see it. */
export interface KernelServices {
  readonly host: KernelHost;
  readonly machines: ReadonlyMap<string, Machine>;
  readonly switchboard: Switchboard;
  readonly processes: ProcessTable;
  readonly daemons: Daemons;
  /** Also the observer, which is none of `machines`. Throws ProcessError for a machine that there is not. */
  machine(name: string): Machine;
  spawn(plan: SpawnPlan): SpawnAnswer;
}
