import { chmod, utimes } from 'node:fs/promises';
import { type Disposable, toDisposable } from '../../base/disposable.ts';
import { NetworkError } from '../../base/network.ts';
import type { ByteSink, ByteSource, ProgramContext, Signal } from '../../base/program.ts';
import { topicsByTool } from '../../shell/interactive/topics-by-tool.ts';
import type {
  ChildProcess,
  FileAttributes,
  Machines,
  ShellHost,
  ShellProcesses,
  SpawnCommand,
  Terminal,
} from '../../shell/shell-host.ts';
import { GuestChild } from './guest-child.ts';
import { type GuestMachine, programs } from './guest-machine.ts';
import { GuestTerminal } from './guest-terminal.ts';

const shellSignals: readonly Signal[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGCONT'];
const firstAdoptedPid = 1_000_000;

/** What the shell needs, from Node inside a container. */
export class GuestShellHost implements ShellHost {
  readonly files: ShellHost['files'];
  readonly attributes: FileAttributes;
  readonly network: ShellHost['network'];
  readonly clock: ShellHost['clock'];
  readonly scheduler: ShellHost['scheduler'];
  readonly random: ShellHost['random'];
  readonly environment: ShellHost['environment'];
  readonly hostname: string;
  readonly user = 'learner';
  readonly pid = process.pid;
  readonly stdin: ByteSource;
  readonly stdout: ByteSink;
  readonly stderr: ByteSink;
  readonly terminal?: Terminal;
  readonly processes: ShellProcesses;
  readonly machines: Machines;
  readonly executableNames: readonly string[] = ['node', 'jps'];
  readonly #machine: GuestMachine;
  readonly #terminal: GuestTerminal | undefined;
  readonly #handlers = new Set<(signal: Signal) => void>();

  constructor(context: ProgramContext, machine: GuestMachine) {
    this.#machine = machine;
    this.files = machine.files;
    this.attributes = attributesOf(machine);
    this.network = context.network;
    this.clock = context.clock;
    this.scheduler = context.scheduler;
    this.random = context.random;
    this.environment = { ...context.env, PWD: context.cwd };
    this.hostname = machine.name;
    this.#terminal = process.stdin.isTTY
      ? new GuestTerminal((signal) => this.#signal(signal))
      : undefined;
    this.stdin = this.#terminal?.input ?? context.stdin;
    this.stdout = this.#terminal?.output ?? context.stdout;
    this.stderr = this.#terminal?.output ?? context.stderr;
    if (this.#terminal) this.terminal = this.#terminal;
    this.processes = { ...machine.processes, adopt: () => Promise.resolve(adopted()) };
    this.machines = {
      names: [machine.name],
      files: (name) => Promise.reject(noMachine(name)),
      spawn: (name) => Promise.reject(noMachine(name)),
    };
  }

  async spawn(command: SpawnCommand): Promise<ChildProcess> {
    const guest = await this.#machine.commandFor(command);
    return GuestChild.start(guest, command, this.#terminal);
  }

  resolveExecutable(name: string): string | undefined {
    const path = `/usr/bin/${name}`;
    return programs.has(path) && this.executableNames.includes(name) ? path : undefined;
  }

  completeTopics(): Promise<readonly string[]> {
    return topicsByTool(this);
  }

  onSignal(handler: (signal: Signal) => void): Disposable {
    if (this.#handlers.size === 0) {
      for (const signal of shellSignals) process.on(signal, () => this.#signal(signal));
    }
    this.#handlers.add(handler);
    return toDisposable(() => this.#handlers.delete(handler));
  }

  /** What is still to be drawn. */
  async finish(): Promise<void> {
    await this.#terminal?.drained();
  }

  #signal(signal: Signal): void {
    for (const handler of [...this.#handlers]) handler(signal);
  }
}

function attributesOf({ files }: GuestMachine): FileAttributes {
  return {
    setMode: (path, mode) => chmod(files.hostPath(path), mode),
    setModifiedAtMs: (path, modifiedAtMs) => {
      const seconds = modifiedAtMs / 1_000;
      return utimes(files.hostPath(path), seconds, seconds);
    },
  };
}

function noMachine(name: string): NetworkError {
  return new NetworkError('ENOTFOUND', `${name}: this lab runs on one machine`);
}

let lastAdopted = firstAdoptedPid;

/** Simplified: a job inside the shell has a number, but only the shell itself can signal it. */
function adopted() {
  lastAdopted += 1;
  return { pid: lastAdopted, dispose() {} };
}
