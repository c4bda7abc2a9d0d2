import { FileError } from '../base/file-system.ts';
import { NetworkError } from '../base/network.ts';
import {
  BrokenPipeError,
  type ByteSink,
  type ByteSource,
  ProcessError,
  type ProcessInfo,
  type Signal,
} from '../base/program.ts';
import { nodeClock } from '../host/node/node-clock.ts';
import { nodeScheduler } from '../host/node/node-scheduler.ts';
import { MemoryFileSystem } from '../host/virtual/memory-file-system.ts';
import { SeededRandom } from '../host/virtual/seeded-random.ts';
import { emptySource } from '../shell/pipe.ts';
import type {
  AdoptedProcess,
  ChildProcess,
  ShellHost,
  ShellProcesses,
  SpawnCommand,
  Terminal,
} from '../shell/shell-host.ts';

/** A program of the test: what `node` would run on a real machine. */
export type TestProgram = (
  command: SpawnCommand,
  onSignal: (handler: (signal: Signal) => void) => void,
) => Promise<number>;

export interface VirtualShellOptions {
  readonly programs?: Readonly<Record<string, TestProgram>>;
  readonly stdin?: string | ByteSource;
  readonly terminal?: Terminal;
  readonly environment?: Readonly<Record<string, string>>;
  readonly stdout?: ByteSink;
}

/** A machine in this process for tests of the shell: files in memory, programs as functions, real time. */
export class VirtualShellHost implements ShellHost {
  readonly clock = nodeClock;
  readonly scheduler = nodeScheduler;
  readonly random = new SeededRandom(1);
  readonly files = new MemoryFileSystem({ clock: this.clock });
  readonly attributes = {
    setMode: async (path: string, mode: number) => this.files.setMode(path, mode),
    setModifiedAtMs: async () => undefined,
  };
  readonly network = {
    listen: () => Promise.reject(new NetworkError('EACCES', 'no network')),
    connect: () => Promise.reject(new NetworkError('ECONNREFUSED', 'nobody listens')),
  };
  readonly hostname = 'worker1';
  readonly user = 'learner';
  readonly pid = 100;
  readonly environment: Readonly<Record<string, string>>;
  readonly stdin: ByteSource;
  readonly stdout: ByteSink;
  readonly stderr: ByteSink;
  readonly terminal?: Terminal;
  readonly executableNames: readonly string[];
  readonly processes: ShellProcesses;
  readonly machines: ShellHost['machines'];
  readonly output: string[] = [];
  readonly errors: string[] = [];
  readonly table = new Map<number, { info: ProcessInfo; signal: (signal: Signal) => void }>();
  readonly #programs: Readonly<Record<string, TestProgram>>;
  readonly #signalHandlers = new Set<(signal: Signal) => void>();
  #nextPid = 101;

  constructor(options: VirtualShellOptions = {}) {
    this.#programs = options.programs ?? {};
    this.executableNames = Object.keys(this.#programs);
    this.environment = {
      HOME: '/home/learner',
      PATH: '/opt/kafka/bin:/usr/local/bin:/usr/bin:/bin',
      PWD: '/home/learner',
      USER: 'learner',
      ...options.environment,
    };
    if (options.terminal !== undefined) this.terminal = options.terminal;
    this.stdin = options.terminal?.input ?? toSource(options.stdin);
    this.stdout = options.terminal?.output ?? options.stdout ?? collect(this.output);
    this.stderr = options.terminal?.output ?? collect(this.errors);
    this.processes = {
      list: async () => [...this.table.values()].map(({ info }) => info),
      kill: async (pid, signal) => {
        const entry = this.table.get(pid);
        if (entry === undefined) throw new ProcessError('no such process');
        entry.signal(signal);
      },
      spawnDetached: () => Promise.reject(new ProcessError('no detached programs here')),
      adopt: async (command, onSignal) => this.#adopt(command, onSignal),
    };
    this.machines = {
      names: ['worker1'],
      files: () => Promise.reject(new NetworkError('ENOTFOUND', 'no such machine')),
      spawn: () => Promise.reject(new NetworkError('ENOTFOUND', 'no such machine')),
    };
  }

  async prepare(): Promise<this> {
    for (const path of ['/home/learner', '/tmp', '/opt/kafka/bin', '/usr/bin']) {
      await this.files.makeDirectory(path);
    }
    return this;
  }

  write(path: string, content: string, mode = 0o644): void {
    const file = this.files.create(path);
    file.write(0, [new TextEncoder().encode(content)]);
    void file.close();
    this.files.setMode(path, mode);
  }

  async spawn(command: SpawnCommand): Promise<ChildProcess> {
    const name = command.path.slice(command.path.lastIndexOf('/') + 1);
    const program = this.#programs[name];
    if (program === undefined) throw new FileError('ENOENT', command.path, 'no such program');
    const handlers: ((signal: Signal) => void)[] = [];
    const killed = Promise.withResolvers<number>();
    const numbers: Record<string, number> = { SIGINT: 2, SIGHUP: 1, SIGKILL: 9, SIGTERM: 15 };
    const signal = (name: Signal) => {
      if (handlers.length === 0 || name === 'SIGKILL') killed.resolve(128 + (numbers[name] ?? 0));
      for (const handler of handlers) handler(name);
    };
    const { pid, dispose } = this.#adopt(command.argv, signal);
    const run = program(command, (handler) => handlers.push(handler)).catch((error: unknown) => {
      if (error instanceof BrokenPipeError) return 141;
      throw error;
    });
    const exit = Promise.race([run, killed.promise]);
    void exit.then(dispose);
    return { pid, exit, signal };
  }

  resolveExecutable(name: string): string | undefined {
    return Object.hasOwn(this.#programs, name) ? `/usr/bin/${name}` : undefined;
  }

  onSignal(handler: (signal: Signal) => void) {
    this.#signalHandlers.add(handler);
    return { dispose: () => void this.#signalHandlers.delete(handler) };
  }

  /** A signal from outside, or from the terminal, to the shell's own process. */
  signal(signal: Signal): void {
    for (const handler of this.#signalHandlers) handler(signal);
  }

  #adopt(command: readonly string[], signal: (signal: Signal) => void): AdoptedProcess {
    const pid = this.#nextPid++;
    const info = { pid, parentPid: this.pid, command, startedAtMs: this.clock.nowMs() };
    this.table.set(pid, { info, signal });
    return { pid, dispose: () => void this.table.delete(pid) };
  }
}

function toSource(stdin: string | ByteSource | undefined): ByteSource {
  if (stdin === undefined) return emptySource;
  if (typeof stdin !== 'string') return stdin;
  let rest: Uint8Array | null = new TextEncoder().encode(stdin);
  return {
    isTerminal: false,
    read: async () => {
      const chunk = rest;
      rest = null;
      return chunk;
    },
  };
}

function collect(into: string[]): ByteSink {
  const decoder = new TextDecoder();
  return {
    isTerminal: false,
    write: async (data) => {
      into.push(typeof data === 'string' ? data : decoder.decode(data, { stream: true }));
    },
  };
}
