import { type Disposable, toDisposable } from '../../base/disposable.ts';
import { FileError, type FileSystem } from '../../base/file-system.ts';
import {
  BrokenPipeError,
  type ByteSink,
  type ByteSource,
  type ExitCode,
  type Signal,
} from '../../base/program.ts';
import type {
  ChildProcess,
  FileAttributes,
  Machines,
  ShellHost,
  ShellProcesses,
  SpawnCommand,
  Terminal,
} from '../../shell/shell-host.ts';
import type { SpawnAnswer } from '../system-calls.ts';
import { FileClient } from './file-client.ts';
import type { ProcessContext } from './process-context.ts';
import { FdSink, FdSource } from './standard-streams.ts';

/** Everything that the shell may be sent; SIGKILL nobody handles. */
const shellSignals: readonly Signal[] = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  'SIGQUIT',
  'SIGTSTP',
  'SIGCONT',
];

/** What the shell needs, from the process in which it runs. */
export class ProcessShellHost implements ShellHost {
  readonly files: FileClient;
  readonly attributes: FileAttributes;
  readonly network: ShellHost['network'];
  readonly clock: ShellHost['clock'];
  readonly scheduler: ShellHost['scheduler'];
  readonly random: ShellHost['random'];
  readonly environment: ShellHost['environment'];
  readonly hostname: string;
  readonly user: string;
  readonly pid: number;
  readonly stdin: ByteSource;
  readonly stdout: ByteSink;
  readonly stderr: ByteSink;
  readonly terminal?: Terminal;
  readonly processes: ShellProcesses;
  readonly machines: Machines;
  readonly executableNames: readonly string[] = [];
  readonly #context: ProcessContext;

  constructor(context: ProcessContext) {
    this.#context = context;
    this.files = context.files;
    this.attributes = context.files;
    this.network = context.network;
    this.clock = context.clock;
    this.scheduler = context.scheduler;
    this.random = context.random;
    this.environment = { ...context.env, PWD: context.cwd };
    this.hostname = context.hostname;
    this.user = context.env['USER'] ?? 'learner';
    this.pid = context.pid;
    this.stdin = context.stdin;
    this.stdout = context.stdout;
    this.stderr = context.stderr.isTerminal ? context.stdout : context.stderr;
    if (context.stdin.isTerminal && context.stdout.isTerminal) this.terminal = terminalOf(context);
    this.processes = {
      list: () => context.processes.list(),
      kill: (pid, signal) => context.processes.kill(pid, signal),
      spawnDetached: (command) => context.processes.spawnDetached(command),
      adopt: (command, onSignal) => context.adopt(command, onSignal),
    };
    this.machines = this.#machines();
  }

  spawn(command: SpawnCommand): Promise<ChildProcess> {
    return spawnChild(this.#context, command, undefined);
  }

  /** Every program has a file in PATH. */
  resolveExecutable(): undefined {
    return undefined;
  }

  async completeTopics(): Promise<readonly string[]> {
    const { topicsByTool } = await import('../../shell/interactive/topics-by-tool.ts');
    return await topicsByTool(this);
  }

  onSignal(handler: (signal: Signal) => void): Disposable {
    const handlers = shellSignals.map((signal) =>
      this.#context.onSignal(signal, () => handler(signal)),
    );
    return toDisposable(() => {
      for (const one of handlers) one.dispose();
    });
  }

  #machines(): Machines {
    const { kernel, start, outbox } = this.#context;
    return {
      names: start.machines,
      async files(machine): Promise<FileSystem> {
        await kernel.call('checkReachable', { machine });
        return new FileClient(kernel, { machine, outbox });
      },
      spawn: async (machine, command) => {
        await kernel.call('checkReachable', { machine });
        return spawnChild(this.#context, command, machine);
      },
    };
  }
}

function terminalOf(context: ProcessContext): Terminal {
  const { kernel, start, stdin, stdout } = context;
  return {
    input: stdin,
    output: stdout,
    size: () => context.size ?? { columns: 80, rows: 24 },
    onResize: (handler) => context.onResize(handler),
    setMode: (mode) => kernel.post('setTerminalMode', { isRaw: mode === 'raw' }),
    setForeground: (group) =>
      kernel.post('setForeground', { group: group === 'shell' ? start.group : group }),
    /** Simplified: the page opens the file beside the terminal, so the shell goes on at once. */
    async edit(path) {
      await stdout.write(`\x1b]777;edit;${path}\x07`);
      return true;
    },
  };
}

async function spawnChild(
  context: ProcessContext,
  command: SpawnCommand,
  machine: string | undefined,
): Promise<ChildProcess> {
  const streams = await connectStreams(context, command);
  const answer = await context.kernel.call('spawn', {
    command: command.argv,
    path: command.path,
    env: command.env,
    cwd: command.cwd,
    fds: streams.fds,
    ...(command.processGroup === undefined ? {} : { group: command.processGroup }),
    ...(machine === undefined ? {} : { machine }),
  });
  streams.closeChildEnds();
  if (!('pid' in answer)) {
    streams.stopInput();
    throw spawnError(answer);
  }
  return new KernelChild(context, answer.pid, streams);
}

function spawnError(answer: Exclude<SpawnAnswer, { pid: number }>): FileError {
  const isThere = answer.exitCode === 126;
  return new FileError(isThere ? 'EACCES' : 'ENOENT', answer.path, answer.reason);
}

interface ChildStreams {
  readonly fds: readonly [number, number, number];
  /** The child has its own copies. */
  closeChildEnds(): void;
  /** The child reads no more. */
  stopInput(): void;
  /** All output has been written on. */
  readonly drained: () => Promise<void>;
}

/** Descriptors of this process go to the child as they are; other streams pass through pipes. */
async function connectStreams(
  context: ProcessContext,
  { stdin, stdout, stderr }: SpawnCommand,
): Promise<ChildStreams> {
  const temporaryFds: number[] = [];
  const outputs: Promise<void>[] = [];
  let stopInput = () => {};
  const { kernel } = context;

  const inputFd = async (): Promise<number> => {
    if (stdin instanceof FdSource) return stdin.fd;
    const { readFd, writeFd } = await kernel.call('openPipe', { isOnDemand: true });
    temporaryFds.push(readFd);
    const pump = new InputPump(context, stdin, new FdSink(kernel, writeFd, false, context.gate));
    stopInput = () => pump.stop();
    return readFd;
  };
  const outputFd = async (sink: ByteSink): Promise<number> => {
    if (sink instanceof FdSink) return sink.fd;
    const { readFd, writeFd } = await kernel.call('openPipe', { isOnDemand: false });
    temporaryFds.push(writeFd);
    outputs.push(pumpOutput(new FdSource(kernel, readFd, false, context.gate), sink));
    return writeFd;
  };

  const output = await outputFd(stdout);
  const errors = stderr === stdout ? output : await outputFd(stderr);
  return {
    fds: [await inputFd(), output, errors],
    closeChildEnds() {
      for (const fd of temporaryFds) kernel.post('close', { fd });
    },
    stopInput: () => stopInput(),
    drained: async () => {
      await Promise.all(outputs);
    },
  };
}

/** Feeds a child from a stream of the shell, when the child asks: what it does not read stays in the stream. */
class InputPump {
  readonly #source: ByteSource;
  readonly #sink: FdSink;
  readonly #demand: Disposable;
  #isReading = false;
  #isStopped = false;

  constructor(context: ProcessContext, source: ByteSource, sink: FdSink) {
    this.#source = source;
    this.#sink = sink;
    this.#demand = context.onWanted(sink.fd, () => void this.#feed());
  }

  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#demand.dispose();
    this.#sink.close();
  }

  async #feed(): Promise<void> {
    if (this.#isReading || this.#isStopped) return;
    this.#isReading = true;
    const bytes = await this.#source.read();
    this.#isReading = false;
    // Simplified: a chunk that comes after the child has ended is lost, as with a pipe.
    if (bytes === null) this.stop();
    else if (!this.#isStopped) this.#sink.write(bytes).catch(() => this.stop());
  }
}

/** Passes a child's output on; when nobody wants it any more the child gets a broken pipe. */
async function pumpOutput(source: FdSource, sink: ByteSink): Promise<void> {
  try {
    for (;;) {
      const bytes = await source.read();
      if (bytes === null) return;
      await sink.write(bytes);
    }
  } catch (error) {
    if (!(error instanceof BrokenPipeError)) throw error;
  } finally {
    source.close();
  }
}

class KernelChild implements ChildProcess {
  readonly pid: number;
  readonly exit: Promise<ExitCode>;
  readonly #context: ProcessContext;
  readonly #stateHandlers = new Set<(state: 'stopped' | 'running') => void>();

  constructor(context: ProcessContext, pid: number, streams: ChildStreams) {
    this.#context = context;
    this.pid = pid;
    this.exit = this.#follow(streams);
  }

  signal(signal: Signal): void {
    this.#context.kernel.post('kill', { pid: this.pid, signal });
  }

  onStateChange(handler: (state: 'stopped' | 'running') => void): Disposable {
    this.#stateHandlers.add(handler);
    return toDisposable(() => this.#stateHandlers.delete(handler));
  }

  async #follow(streams: ChildStreams): Promise<ExitCode> {
    for (;;) {
      const answer = await this.#context.kernel.call('wait', { pid: this.pid });
      if ('exitCode' in answer) {
        streams.stopInput();
        await streams.drained();
        return answer.exitCode;
      }
      const state = 'stoppedBy' in answer ? 'stopped' : 'running';
      for (const handler of [...this.#stateHandlers]) handler(state);
    }
  }
}
