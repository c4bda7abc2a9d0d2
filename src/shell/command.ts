import type { ByteSink, ByteSource } from '../base/program.ts';
import type { FileTable, ShellSource } from './runtime/open-file.ts';
import type { Task } from './runtime/task.ts';
import type { ChildProcess, ShellHost } from './shell-host.ts';

/** What one of the shell's own commands (`ls`, `grep`) gets: what a process gets from its kernel. */
export interface CommandContext {
  /** As typed. */
  readonly name: string;
  /** Without the name. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly umask: number;
  readonly host: ShellHost;
  /** Reads and writes reject with KilledBySignal once the command is killed, and wait while it is stopped. */
  readonly stdin: ShellSource;
  readonly stdout: ByteSink;
  readonly stderr: ByteSink;
  readonly task: Task;
  /** All descriptors, for `/dev/fd/63`. */
  readonly files: FileTable;
  /** The streams themselves, for a program that gets the terminal. */
  readonly rawInput: ByteSource;
  readonly rawOutput: ByteSink;
  readonly rawErrors: ByteSink;
  /** Waits for a program in this command's job: it gets the terminal and its signals. */
  waitFor(child: ChildProcess): Promise<number>;
  /** Runs another command and waits for its status, as `xargs` and `timeout` do. */
  run(argv: readonly string[], options?: RunOptions): Promise<number>;
  /** The path of a command as `which` finds it. */
  which(name: string): Promise<string | undefined>;
  /** Whether the shell itself has the command. */
  isBuiltin(name: string): boolean;
  /** Parses and runs shell text in a fresh shell: `bash -c`. */
  runShell(shell: ShellInvocation, options?: RunOptions): Promise<number>;
  /** Names of the shell's commands, for `man` and completion. */
  readonly commandNames: readonly string[];
}

export interface RunOptions {
  readonly stdin?: ShellSource;
  readonly stdout?: ByteSink;
  readonly stderr?: ByteSink;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Signals to this task reach the command. */
  readonly task?: Task;
}

export interface ShellInvocation {
  readonly source: string;
  /** `$0`. */
  readonly name: string;
  readonly positional: readonly string[];
  /** Letters of `set`, such as `e` and `x`. */
  readonly options: string;
  /** Whether messages name the line. */
  readonly isScript: boolean;
  /** The text came with `-c`. */
  readonly isCommandString?: boolean;
}

/** Answers the exit status. */
export type Command = (ctx: CommandContext) => Promise<number>;
