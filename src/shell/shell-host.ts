import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { FileSystem } from '../base/file-system.ts';
import type { Network } from '../base/network.ts';
import type { ByteSink, ByteSource, ExitCode, Processes, Signal } from '../base/program.ts';
import type { Random } from '../base/random.ts';
import type { Scheduler } from '../base/scheduler.ts';

/**
 * Port: what the shell needs from the machine on which it runs. A tab's kernel, Node and the virtual
 * machine of the tests implement it. One host object serves one shell process.
 *
 * The shell runs its own commands (`ls`, `grep`, subshells, scripts of bash) inside its own process and
 * asks the host only for programs: files with `#!…node` and what `resolveExecutable` knows.
 */
export interface ShellHost {
  readonly files: FileSystem;
  /** Absent where the host keeps neither modes nor times: `chmod` and `touch -d` then say so. */
  readonly attributes?: FileAttributes;
  readonly network: Network;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** The first environment: PATH, HOME, USER, KAFKA_HOME, LANG, TERM, PWD … */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly hostname: string;
  readonly user: string;
  /** The shell's own pid: `$$`. */
  readonly pid: number;
  /** The shell's standard streams. With a terminal they are `terminal.input` and `terminal.output`, the very objects. */
  readonly stdin: ByteSource;
  readonly stdout: ByteSink;
  readonly stderr: ByteSink;
  /** Absent: no terminal, no line editor, no job control. */
  readonly terminal?: Terminal;
  readonly processes: ShellProcesses;
  readonly machines: Machines;
  /**
   * Starts a program. Rejects with FileError: ENOENT where there is no such program, EACCES where the
   * file is not executable. Resolves once the process has a pid.
   */
  spawn(command: SpawnCommand): Promise<ChildProcess>;
  /**
   * The path of a program that the host can spawn although PATH may have no file for it (`node`,
   * `jps`), or undefined. Asked with a bare name after functions, builtins, the shell's commands and
   * PATH were searched.
   */
  resolveExecutable(name: string): string | undefined;
  /** The names that `resolveExecutable` knows, for completion. */
  readonly executableNames: readonly string[];
  /**
   * Signals sent to the shell process itself: SIGINT and SIGTSTP from the terminal while the shell's
   * own group is in the foreground, and what `kill` sends. The host does not end the shell on them
   * (SIGKILL excepted).
   */
  onSignal(handler: (signal: Signal) => void): Disposable;
  /** Topics for completion after `--topic`; must answer soon (the shell waits 500 ms at most). */
  completeTopics?(): Promise<readonly string[]>;
}

export interface FileAttributes {
  /** Rejects with FileError (ENOENT). */
  setMode(path: string, mode: number): Promise<void>;
  /** Rejects with FileError (ENOENT). */
  setModifiedAtMs(path: string, modifiedAtMs: number): Promise<void>;
}

export interface SpawnCommand {
  /** Absolute path, as found in PATH or answered by `resolveExecutable`. */
  readonly path: string;
  /** `argv[0]` is the name as typed. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly cwd: string;
  /**
   * If it is `terminal.input` itself, the host connects the process to the terminal (its stdin is a
   * TTY, nothing passes through the shell). Else the host reads it as the process asks for bytes (it
   * reads ahead no more than one chunk) and ends the process's stdin at null. The host does not read
   * any more once the process has exited.
   */
  readonly stdin: ByteSource;
  /**
   * If it is `terminal.output` itself, the process writes to the terminal directly. Else the host
   * writes what the process writes, awaiting each `write` (back-pressure reaches the process);
   * a BrokenPipeError from `write` ends the process with status 141 (as SIGPIPE does). Never closed by
   * the host: the shell knows who else holds it.
   */
  readonly stdout: ByteSink;
  readonly stderr: ByteSink;
  /**
   * Job control. A number: the process joins this group; undefined: it leads a new group, whose number
   * is its pid.
   */
  readonly processGroup?: number;
}

export interface ChildProcess {
  readonly pid: number;
  /** 128 + n when ended by signal n. Resolves after all output was written to the sinks. Never rejects. */
  readonly exit: Promise<ExitCode>;
  /** To this process only. Silent when it is gone. */
  signal(signal: Signal): void;
  /** Tells that the process was stopped (Ctrl-Z, SIGTSTP) or continues. Absent: the host cannot stop processes. */
  onStateChange?(handler: (state: 'stopped' | 'running') => void): Disposable;
}

/**
 * The controlling terminal. The host owns the line discipline: in `cooked` mode it echoes, edits
 * lines, turns Ctrl-D at a line's start into an end, and Ctrl-C, Ctrl-\ and Ctrl-Z into SIGINT, SIGQUIT and SIGTSTP for the foreground group;
 * in `raw` mode every key arrives as its bytes, unechoed (Ctrl-C is 0x03). Output newlines become CR LF
 * in both modes.
 */
export interface Terminal {
  readonly input: ByteSource;
  readonly output: ByteSink;
  size(): TerminalSize;
  onResize(handler: (size: TerminalSize) => void): Disposable;
  setMode(mode: 'raw' | 'cooked'): void;
  /** Who gets the terminal's keys and signals: a process group, or 'shell' for the shell's own process. */
  setForeground(group: number | 'shell'): void;
  /**
   * Asks the page to open a file in the lesson's editor and resolves when it was closed; absent or
   * false: there is no page, or it did not take it. The terminal's owner implements it, usually with
   * the escape sequence `OSC 777;edit;PATH BEL`.
   */
  edit?(path: string): Promise<boolean>;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface ShellProcesses extends Processes {
  /**
   * Gives a job that runs inside the shell's process a pid of its own, so that `ps` shows it and
   * `kill` reaches it from anywhere. The result is disposed when the job has ended.
   */
  adopt(command: readonly string[], onSignal: (signal: Signal) => void): Promise<AdoptedProcess>;
}

export interface AdoptedProcess extends Disposable {
  readonly pid: number;
}

/** The other machines of the lab, for ssh and scp. */
export interface Machines {
  /** Names of all machines, this one included. */
  readonly names: readonly string[];
  /** Rejects with NetworkError: ENOTFOUND, EHOSTUNREACH where the network is cut, ECONNREFUSED. */
  files(machine: string): Promise<FileSystem>;
  /**
   * Starts a program on another machine, `/bin/bash` (a shell) among them, with the machine's own
   * environment under `command.env`. Streams and terminal as with `spawn`. Rejects as `files` does.
   */
  spawn(machine: string, command: SpawnCommand): Promise<ChildProcess>;
}
