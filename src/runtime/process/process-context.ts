import type { Clock } from '../../base/clock.ts';
import type { HostCompression } from '../../base/compression.ts';
import { type Disposable, toDisposable } from '../../base/disposable.ts';
import type {
  DetachedCommand,
  Processes,
  ProcessInfo,
  ProgramContext,
  ProgramTerminal,
  Signal,
} from '../../base/program.ts';
import type { Random } from '../../base/random.ts';
import type { Scheduler } from '../../base/scheduler.ts';
import { wrapPort } from '../port.ts';
import type { TerminalSize } from '../provider.ts';
import { RpcClient } from '../rpc.ts';
import type { KernelEvent, ProcessStart, SystemCalls } from '../system-calls.ts';
import { FileClient } from './file-client.ts';
import { NetworkClient } from './network-client.ts';
import { Outbox } from './outbox.ts';
import { FdSink, FdSource, type Gate } from './standard-streams.ts';

/** What the worker's host gives: a scheduler that can stand still for a stopped process. */
export interface ProcessHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly compression: HostCompression;
  readonly scheduler: Scheduler & { pause(): void; resume(): void };
}

const defaultColumns = 80;

/** A process as seen from its worker: the ProgramContext and what only shells and Node need besides. */
export class ProcessContext implements ProgramContext {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly pid: number;
  readonly hostname: string;
  readonly stdin: FdSource;
  readonly stdout: FdSink;
  readonly stderr: FdSink;
  readonly terminal?: ProgramTerminal;
  readonly files: FileClient;
  readonly network: NetworkClient;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly compression: HostCompression;
  readonly processes: Processes;
  readonly kernel: RpcClient<SystemCalls, KernelEvent>;
  readonly start: ProcessStart;
  readonly gate: Gate;
  readonly outbox: Outbox;
  /** The terminal's size, undefined without one. */
  size: TerminalSize | undefined;
  readonly #host: ProcessHost;
  readonly #signalHandlers = new Map<Signal, Set<() => void>>();
  readonly #sizeHandlers = new Set<(size: TerminalSize) => void>();
  readonly #adopted = new Map<number, (signal: Signal) => void>();
  readonly #wanted = new Map<number, () => void>();
  #continued: { promise: Promise<void>; resolve: () => void } | undefined;

  constructor(start: ProcessStart, host: ProcessHost) {
    this.start = start;
    this.#host = host;
    this.kernel = new RpcClient(wrapPort(start.port));
    this.kernel.onEvent((event) => this.#handle(event));
    this.args = start.arguments;
    this.env = start.env;
    this.cwd = start.cwd;
    this.pid = start.pid;
    this.hostname = start.hostname;
    this.size = start.size;
    this.clock = host.clock;
    this.random = host.random;
    this.compression = host.compression;
    this.scheduler = host.scheduler;
    const [input, output, errors] = start.terminals;
    if (input && output) this.terminal = this.#makeTerminal();
    this.gate = {
      isClosed: () => this.#continued !== undefined,
      pass: async () => this.#continued?.promise,
    };
    this.stdin = new FdSource(this.kernel, 0, input, this.gate);
    this.stdout = new FdSink(this.kernel, 1, output, this.gate);
    this.stderr = new FdSink(this.kernel, 2, errors, this.gate);
    const outbox = new Outbox(host.scheduler);
    this.kernel.onBeforeSend = () => outbox.sendFiles();
    this.outbox = outbox;
    this.network = new NetworkClient(this.kernel, { scheduler: host.scheduler, outbox });
    this.files = new FileClient(this.kernel, {
      outbox,
      onBacklog: (isBehind) => this.network.setHeld(isBehind),
    });
    this.processes = processesOf(this.kernel);
  }

  #makeTerminal(): ProgramTerminal {
    return {
      columns: () => this.size?.columns ?? defaultColumns,
      setRaw: (isRaw) => this.kernel.post('setTerminalMode', { isRaw }),
    };
  }

  onSignal(signal: Signal, handler: () => void): Disposable {
    const handlers = this.#signalHandlers.get(signal) ?? new Set();
    this.#signalHandlers.set(signal, handlers);
    handlers.add(handler);
    this.#tellSignals();
    return toDisposable(() => {
      handlers.delete(handler);
      this.#tellSignals();
    });
  }

  onResize(handler: (size: TerminalSize) => void): Disposable {
    this.#sizeHandlers.add(handler);
    return toDisposable(() => this.#sizeHandlers.delete(handler));
  }

  /** A pid for a job inside this process. */
  async adopt(
    command: readonly string[],
    onSignal: (signal: Signal) => void,
  ): Promise<{ readonly pid: number } & Disposable> {
    const { pid } = await this.kernel.call('adopt', { command });
    this.#adopted.set(pid, onSignal);
    const release = toDisposable(() => {
      this.#adopted.delete(pid);
      this.kernel.post('releaseAdopted', { pid });
    });
    return { pid, dispose: () => release.dispose() };
  }

  /** Told when somebody waits for bytes of a pipe that was opened on demand. */
  onWanted(fd: number, handler: () => void): Disposable {
    this.#wanted.set(fd, handler);
    return toDisposable(() => this.#wanted.delete(fd));
  }

  /** The process's last words: its connections end in order, then the kernel takes the rest. */
  exit(code: number): void {
    this.network.closeAll();
    this.kernel.post('exit', { code });
  }

  #handle(event: KernelEvent): void {
    if (this.network.handleEvent(event)) return;
    switch (event.event) {
      case 'signal':
        for (const handler of [...(this.#signalHandlers.get(event.signal) ?? [])]) handler();
        break;
      case 'adoptedSignal':
        this.#adopted.get(event.pid)?.(event.signal);
        break;
      case 'stop':
        this.#stop();
        break;
      case 'continue':
        this.#continue();
        break;
      case 'wanted':
        this.#wanted.get(event.fd)?.();
        break;
      case 'resize':
        this.size = event.size;
        for (const handler of [...this.#sizeHandlers]) handler(event.size);
        break;
      default:
        // Events of the network are handled above.
        break;
    }
  }

  /** Simplified: a worker cannot be frozen; a stopped process gets no timers and no answers from its standard streams. */
  #stop(): void {
    if (this.#continued) return;
    let resolve = () => {};
    const promise = new Promise<void>((done) => {
      resolve = done;
    });
    this.#continued = { promise, resolve };
    this.#host.scheduler.pause();
  }

  #continue(): void {
    this.#continued?.resolve();
    this.#continued = undefined;
    this.#host.scheduler.resume();
  }

  #tellSignals(): void {
    const signals = [...this.#signalHandlers]
      .filter(([, handlers]) => 0 < handlers.size)
      .map(([signal]) => signal);
    this.kernel.post('handleSignals', { signals });
  }
}

function processesOf(kernel: RpcClient<SystemCalls, KernelEvent>): Processes {
  return {
    list: () => kernel.call('processes', {}),
    kill: (pid, signal) => kernel.call('kill', { pid, signal }),
    spawnDetached: ({ command, env, cwd, outputPath }: DetachedCommand): Promise<ProcessInfo> =>
      kernel.call('spawnDetached', { command, env, cwd, outputPath }),
  };
}
