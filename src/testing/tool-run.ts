import type { FileSystem } from '../base/file-system.ts';
import type { Processes, Program, ProgramContext, Signal } from '../base/program.ts';
import { MemoryFileSystem } from '../host/virtual/memory-file-system.ts';
import { SeededRandom } from '../host/virtual/seeded-random.ts';
import { VirtualClock } from '../host/virtual/virtual-clock.ts';
import { VirtualNetwork } from '../host/virtual/virtual-network.ts';
import { VirtualScheduler } from '../host/virtual/virtual-scheduler.ts';
import type { TestCluster } from './cluster.ts';

export interface ToolResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface ToolRunOptions {
  readonly stdin?: string;
  readonly files?: FileSystem;
  /** What runs on the machine; nothing by default. */
  readonly processes?: Partial<Processes>;
  /** The machine on the network; `client` by default. */
  readonly host?: string;
}

/** A tool on a virtual machine; beside a cluster it is on the cluster's network and in its time. */
export class ToolMachine {
  readonly clock: VirtualClock;
  readonly scheduler: VirtualScheduler;
  readonly network: VirtualNetwork;
  readonly files: MemoryFileSystem;

  constructor(cluster?: TestCluster) {
    this.clock = cluster?.clock ?? new VirtualClock();
    this.scheduler =
      cluster?.scheduler ?? new VirtualScheduler(this.clock, { settle: nextImmediate });
    this.network = cluster?.network ?? new VirtualNetwork(this.scheduler);
    this.files = cluster?.files ?? new MemoryFileSystem({ clock: this.clock });
  }

  /** Runs the tool to its end; time goes by from timer to timer. */
  async run(
    program: Program,
    args: readonly string[],
    options: ToolRunOptions = {},
  ): Promise<ToolResult> {
    const output = { stdout: '', stderr: '' };
    const ctx = this.#context(args, output, options);
    const exitCode = await this.scheduler.runUntil(program.run(ctx), 600_000);
    return { ...output, exitCode };
  }

  #context(
    args: readonly string[],
    output: { stdout: string; stderr: string },
    options: ToolRunOptions,
  ): ProgramContext {
    const sink = (name: 'stdout' | 'stderr') => ({
      isTerminal: false,
      write(data: string | Uint8Array) {
        output[name] += typeof data === 'string' ? data : new TextDecoder().decode(data);
        return Promise.resolve();
      },
    });
    const chunks = options.stdin === undefined ? [] : [new TextEncoder().encode(options.stdin)];
    return {
      args,
      env: { KAFKA_HOME: '/opt/kafka' },
      cwd: '/',
      pid: 100,
      hostname: options.host ?? 'client',
      stdin: { isTerminal: false, read: () => Promise.resolve(chunks.shift() ?? null) },
      stdout: sink('stdout'),
      stderr: sink('stderr'),
      files: options.files ?? this.files,
      network: this.network.host(options.host ?? 'client'),
      clock: this.clock,
      scheduler: this.scheduler,
      random: new SeededRandom(11),
      processes: {
        list: () => Promise.resolve([]),
        kill: () => Promise.resolve(),
        spawnDetached: () => Promise.reject(new TypeError('no processes here')),
        ...options.processes,
      },
      onSignal: (_: Signal) => ({ dispose() {} }),
    };
  }
}

/** By then every promise that waits for nothing outside has settled. */
function nextImmediate(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
