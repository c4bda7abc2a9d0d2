import { unreachable } from '../../base/assert.ts';
import { ProcessError } from '../../base/program.ts';
import type { KernelBoot } from '../host-calls.ts';
import { observerName } from '../observer.ts';
import { openChannel, type Port } from '../port.ts';
import { type Handlers, serveCalls } from '../rpc.ts';
import type { ProcessStart, SpawnAnswer, SystemCalls } from '../system-calls.ts';
import { Daemons } from './daemons.ts';
import { descriptorCalls } from './descriptor-calls.ts';
import { findExecutable, programFile } from './executable.ts';
import { GrowingBody, MemoryBudget } from './file-body.ts';
import { fileCalls } from './file-calls.ts';
import { KernelProcess } from './kernel-process.ts';
import type { KernelHost, KernelServices, SpawnPlan } from './kernel-services.ts';
import { labCalls } from './lab-calls.ts';
import { createMachine, type Machine } from './machine.ts';
import { networkCalls } from './network-calls.ts';
import { processCalls } from './process-calls.ts';
import { ProcessTable } from './process-table.ts';
import { Switchboard } from './switchboard.ts';

/** The operating system of a lab: machines, processes, files, network. Knows no browser. */
export class Kernel implements KernelServices {
  readonly host: KernelHost;
  readonly machines: ReadonlyMap<string, Machine>;
  readonly switchboard: Switchboard;
  readonly processes: ProcessTable;
  readonly #observer: Machine;
  readonly daemons = new Daemons();

  constructor(boot: Omit<KernelBoot, 'workers'>, host: KernelHost) {
    this.host = host;
    const { memoryLimitBytes: limitBytes, spillAboveBytes } = boot;
    const budget = new MemoryBudget({ limitBytes, spillAboveBytes });
    const newBody = () => new GrowingBody(budget, host.disks);
    const machines = new Map<string, Machine>();
    for (const name of boot.machines) {
      const files = { ...boot.files['*'], ...boot.files[name] };
      const plan = { name, machines: boot.machines, files };
      const machine = createMachine(plan, () => host.nowMs(), newBody);
      machine.files.markUnchanged();
      machines.set(name, machine);
    }
    this.machines = machines;
    const observer = { name: observerName, machines: boot.machines, files: observerFiles };
    this.#observer = createMachine(observer, () => host.nowMs(), newBody);
    this.switchboard = new Switchboard(boot.machines, openChannel);
    this.processes = new ProcessTable(this.switchboard, (delayMs, task) =>
      host.after(delayMs, task),
    );
  }

  /** Throws ProcessError for a machine that there is not. */
  machine(name: string): Machine {
    const machine = name === observerName ? this.#observer : this.machines.get(name);
    if (!machine) throw new ProcessError(`${name}: no such machine`);
    return machine;
  }

  spawn(plan: SpawnPlan): SpawnAnswer {
    const { machine, command, cwd } = plan;
    const sought = plan.path ?? command[0] ?? '';
    const found = findExecutable(machine.files, sought, cwd, plan.env['PATH'] ?? '');
    if (found.kind === 'failure') {
      for (const description of plan.descriptors) description.close();
      return found;
    }
    const given = command.slice(1);
    switch (found.kind) {
      case 'program':
        return this.#start(plan, found.name === 'node' ? 'node' : 'program', found.name, given);
      case 'node':
        return this.#start(plan, 'node', 'node', [found.path, ...given]);
      case 'script':
        return this.#start(plan, 'program', 'bash', [found.path, ...given]);
      default:
        return unreachable(found);
    }
  }

  #start(
    plan: SpawnPlan,
    kind: 'program' | 'node',
    program: string,
    programArguments: readonly string[],
  ): { readonly pid: number } {
    const { machine, command, terminal } = plan;
    const pid = this.processes.takePid();
    const group = plan.group ?? pid;
    const [near, far] = openChannel();
    const identity = { pid, machine, command, startedAtMs: this.host.nowMs(), terminal };
    const process = new KernelProcess(identity, plan.parentPid, group, near);
    plan.descriptors.forEach((description, fd) => {
      process.descriptors.set(fd, description);
    });
    this.processes.add(process);
    this.#serve(process);
    const isTerminal = (fd: 0 | 1 | 2) => plan.descriptors[fd].file.isTerminal;
    const start: ProcessStart = {
      port: far.raw,
      program,
      command,
      arguments: programArguments,
      env: plan.env,
      cwd: plan.cwd,
      pid,
      parentPid: plan.parentPid,
      group,
      hostname: machine.name,
      machines: [...this.machines.keys()],
      terminals: [isTerminal(0), isTerminal(1), isTerminal(2)],
      size: terminal?.size,
    };
    process.worker = this.host.startWorker(kind, start, (reason) => this.#failed(process, reason));
    return { pid };
  }

  /** The worker could not be started or died of itself. */
  #failed(process: KernelProcess, reason: string): void {
    try {
      process.descriptors
        .get(2)
        ?.file.write(new TextEncoder().encode(`${reason}\n`))
        ?.catch(() => {});
    } catch {
      // Nobody reads it.
    }
    this.processes.terminate(process, 1);
  }

  #serve(process: KernelProcess): void {
    const handlers: Handlers<SystemCalls> = {
      ...descriptorCalls(process),
      ...fileCalls(this, process),
      ...networkCalls(this, process),
      ...processCalls(this, process),
      ...labCalls(this),
    };
    serveCalls(countCalls(process), handlers);
  }
}

const observerFiles = { '/usr/bin/cluster-watcher': { content: programFile('cluster-watcher') } };

function countCalls(process: KernelProcess): Port {
  const { port } = process;
  return {
    ...port,
    onMessage(handler) {
      port.onMessage((message) => {
        process.calls += 1;
        handler(message);
      });
    },
  };
}
