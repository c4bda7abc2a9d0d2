import type { Disposable } from '../../base/disposable.ts';
import type { Signal } from '../../base/program.ts';
import type { Command } from '../language/syntax.ts';
import type { ShellHost } from '../shell-host.ts';
import type { Executables } from './executables.ts';
import type { ForegroundControl } from './foreground-control.ts';
import type { JobTable } from './job-table.ts';
import type { FileTable } from './open-file.ts';
import type { Task } from './task.ts';
import type { Variables } from './variables.ts';

export interface ShellOptions {
  errexit: boolean;
  nounset: boolean;
  xtrace: boolean;
  pipefail: boolean;
  noglob: boolean;
  noclobber: boolean;
  verbose: boolean;
  monitor: boolean;
}

export const defaultOptions: ShellOptions = {
  errexit: false,
  nounset: false,
  xtrace: false,
  pipefail: false,
  noglob: false,
  noclobber: false,
  verbose: false,
  monitor: false,
};

/** A builtin as the interpreter sees it; answers the status. */
type RunBuiltin = (call: {
  readonly env: Environment;
  readonly name: string;
  readonly args: readonly string[];
}) => number | Promise<number>;

/** What all environments of one shell share. */
export interface Session {
  readonly host: ShellHost;
  readonly executables: Executables;
  readonly builtins: ReadonlyMap<string, RunBuiltin>;
  readonly jobs: JobTable;
  readonly history: string[];
  readonly isInteractive: boolean;
  readonly startedAtMs: number;
  /** Runs a tree in an environment and answers its status; throws control flow. */
  execute(env: Environment, command: Command): Promise<number>;
  /** Runs source text in an environment, line by line. Syntax errors are reported, with status 2. */
  runSource(env: Environment, source: string, firstLine?: number): Promise<number>;
  /** Runs a command by its arguments: functions and aliases aside, as `xargs` and `env` do. */
  runArguments(env: Environment, argv: readonly string[]): Promise<number>;
}

interface EnvironmentParts {
  readonly session: Session;
  readonly task: Task;
  readonly files: FileTable;
  readonly variables: Variables;
  readonly foreground: ForegroundControl;
  readonly cwd: string;
  readonly name: string;
}

/** A shell execution environment: what a subshell gets a copy of. */
export class Environment {
  readonly session: Session;
  readonly variables: Variables;
  readonly functions: Map<string, Command>;
  readonly aliases: Map<string, string>;
  readonly traps: Map<string, string>;
  readonly options: ShellOptions;
  task: Task;
  files: FileTable;
  foreground: ForegroundControl;
  cwd: string;
  /** `$0`. */
  name: string;
  positional: readonly string[] = [];
  umask = 0o022;
  lastStatus = 0;
  lastBackgroundPid: number | undefined;
  pipeStatus: readonly number[] = [0];
  /** Before messages: `bash: `, or the script's name with the line. */
  messageName = 'bash';
  showsLines = false;
  /** The program came with `-c`. */
  isCommandString = false;
  line = 1;
  loopDepth = 0;
  sourceDepth = 0;
  callDepth = 0;
  /** Descriptors of process substitutions, to be closed after their command. */
  readonly substituted: number[] = [];
  /** Where `getopts` is inside a word of several letters. */
  optionOffset = { index: 1, offset: 1 };
  /** The list item that runs, as written: what `jobs` shows if it is stopped. */
  currentText = '';
  /** Set by `exec` without a command: its redirections stay. */
  keepsFiles = false;
  /** Above zero `set -e` has no effect: a condition is being tested. */
  conditionDepth = 0;
  isSubshell = false;
  pid: number;
  directoryStack: readonly string[] = [];
  /** Told once what the first command became: a program with this pid, or something inside the shell. */
  reportProcess: ((pid: number | undefined) => void) | undefined;
  readonly #pendingTraps: string[] = [];
  readonly #trapHandlers = new Map<string, Disposable>();

  constructor(parts: EnvironmentParts, from?: Environment) {
    this.session = parts.session;
    this.task = parts.task;
    this.files = parts.files;
    this.variables = parts.variables;
    this.foreground = parts.foreground;
    this.cwd = parts.cwd;
    this.name = parts.name;
    this.pid = parts.session.host.pid;
    this.functions = new Map(from?.functions);
    this.aliases = new Map(from?.aliases);
    // Ignored signals stay ignored in a subshell, other traps are reset.
    this.traps = new Map([...(from?.traps ?? [])].filter(([, action]) => action === ''));
    this.options = { ...(from?.options ?? defaultOptions) };
    if (from !== undefined) this.#inherit(from);
  }

  get host(): ShellHost {
    return this.session.host;
  }

  /** A copy for a subshell; its files are its own. */
  fork(
    task: Task,
    overrides: { foreground?: ForegroundControl; files?: FileTable } = {},
  ): Environment {
    const parts = {
      session: this.session,
      task,
      files: overrides.files ?? this.files.fork(),
      variables: this.variables.fork(),
      foreground: overrides.foreground ?? this.foreground,
      cwd: this.cwd,
      name: this.name,
    };
    return new Environment(parts, this);
  }

  #inherit(from: Environment): void {
    this.positional = from.positional;
    this.umask = from.umask;
    this.lastStatus = from.lastStatus;
    this.lastBackgroundPid = from.lastBackgroundPid;
    this.messageName = from.messageName;
    this.showsLines = from.showsLines;
    this.line = from.line;
    this.isCommandString = from.isCommandString;
    this.loopDepth = 0;
    this.sourceDepth = from.sourceDepth;
    this.callDepth = from.callDepth;
    this.conditionDepth = from.conditionDepth;
    this.directoryStack = from.directoryStack;
    this.isSubshell = true;
    for (const [name, action] of this.traps) this.#listen(name, action);
  }

  /** Writes a message of the shell itself. */
  async complain(text: string): Promise<void> {
    const where = this.showsLines ? `${this.messageName}: line ${this.line}` : this.messageName;
    await this.files.stderr.write(`${where}: ${text}\n`);
  }

  /** Sets what runs on a signal or at EXIT; undefined restores the default, '' ignores. */
  setTrap(name: string, action: string | undefined): void {
    this.#trapHandlers.get(name)?.dispose();
    this.#trapHandlers.delete(name);
    if (action === undefined) {
      this.traps.delete(name);
      return;
    }
    this.traps.set(name, action);
    this.#listen(name, action);
  }

  /** From now on the environment runs in another task (the next line of an interactive shell). */
  moveTo(task: Task): void {
    this.task = task;
    for (const [name, action] of this.traps) {
      this.#trapHandlers.get(name)?.dispose();
      this.#listen(name, action);
    }
  }

  #listen(name: string, action: string): void {
    if (!name.startsWith('SIG')) return;
    // Names of traps come from `parseSignal`.
    const disposable = this.task.onSignal(name as Signal, () => {
      if (action !== '') this.#pendingTraps.push(action);
    });
    this.#trapHandlers.set(name, disposable);
  }

  get hasPendingTraps(): boolean {
    return 0 < this.#pendingTraps.length;
  }

  /** Between commands: ends, stops or yields as the task says, and runs traps that are due. */
  async checkpoint(): Promise<void> {
    if (this.task.isCheckpointDue) await this.task.checkpoint();
    if (this.#pendingTraps.length === 0) return;
    const status = this.lastStatus;
    for (const action of this.#pendingTraps.splice(0)) await this.session.runSource(this, action);
    this.lastStatus = status;
  }
}
