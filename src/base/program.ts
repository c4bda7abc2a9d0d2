import type { Clock } from './clock.ts';
import type { HostCompression } from './compression.ts';
import type { Disposable } from './disposable.ts';
import type { FileSystem } from './file-system.ts';
import type { Network } from './network.ts';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';

/** A command-line program: `kafka-topics.sh`, the broker, `jps`. Universal: the host gives it everything. */
export interface Program {
  /** As in the shell, such as `kafka-topics.sh`. */
  readonly name: string;
  run(ctx: ProgramContext): Promise<ExitCode>;
}

/** 0 is success; 128 + n means ended by signal n. */
export type ExitCode = number;

export interface ProgramContext {
  /** Without the program's own name. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly pid: number;
  readonly hostname: string;
  readonly stdin: ByteSource;
  readonly stdout: ByteSink;
  readonly stderr: ByteSink;
  /** Where standard input and output are a terminal that a program may edit lines on. */
  readonly terminal?: ProgramTerminal;
  readonly files: FileSystem;
  readonly network: Network;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly processes: Processes;
  /** What the host compresses with; without it, the portable codecs do. */
  readonly compression?: HostCompression;
  /** Without a handler SIGINT, SIGTERM and SIGHUP end the process. Several handlers all run. */
  onSignal(signal: Signal, handler: () => void): Disposable;
}

export type Signal =
  | 'SIGINT'
  | 'SIGTERM'
  | 'SIGHUP'
  | 'SIGKILL'
  | 'SIGTSTP'
  | 'SIGCONT'
  | 'SIGQUIT';

export interface ProgramTerminal {
  columns(): number;
  /** Raw: each key comes as its bytes at once, unechoed, Ctrl-C too. Cooked (false): lines, as a program finds it. */
  setRaw(isRaw: boolean): void;
}

export interface ByteSource {
  readonly isTerminal: boolean;
  /** The next bytes, or null at the end. */
  read(): Promise<Uint8Array | null>;
}

export interface ByteSink {
  readonly isTerminal: boolean;
  /** Resolves when more may be written; rejects with BrokenPipeError when nobody reads any more. Order of calls is order of bytes, awaited or not. */
  write(data: string | Uint8Array): Promise<void>;
}

export class BrokenPipeError extends Error {
  override readonly name = 'BrokenPipeError';
}

/** Port: the machine's processes, as far as this program may see and touch them. */
export interface Processes {
  list(): Promise<readonly ProcessInfo[]>;
  /** Rejects with ProcessError when there is no such process. */
  kill(pid: number, signal: Signal): Promise<void>;
  /** Starts a process that outlives this one; its output goes to `outputPath` (appended). */
  spawnDetached(command: DetachedCommand): Promise<ProcessInfo>;
}

export interface ProcessInfo {
  readonly pid: number;
  readonly parentPid: number;
  /** The program and its arguments. */
  readonly command: readonly string[];
  readonly startedAtMs: number;
}

export interface DetachedCommand {
  /** First the program's path or name, as in the shell. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly outputPath: string;
}

export class ProcessError extends Error {
  override readonly name = 'ProcessError';
}
