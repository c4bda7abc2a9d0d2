import { AssertionError } from '../../base/assert.ts';
import { FileError } from '../../base/file-system.ts';
import { BrokenPipeError, type ByteSink } from '../../base/program.ts';
import type { Command, CommandContext, RunOptions, ShellInvocation } from '../command.ts';
import { errorMessage } from '../file-messages.ts';
import type { ChildProcess } from '../shell-host.ts';
import { Environment } from './environment.ts';
import { type FileTable, OpenFile, ShellSource } from './open-file.ts';
import { brokenPipeStatus, statusOfSignal } from './signals.ts';
import { endEnvironment } from './subshell.ts';
import { KilledBySignal, Task } from './task.ts';
import { Variables } from './variables.ts';

/** A foreground command that takes longer than this gets a pid that `ps` shows. */
const adoptAfterMs = 300;

/** Runs one of the shell's own commands as a process would: a signal ends it, whatever it does. */
export async function runCommand(
  env: Environment,
  argv: readonly string[],
  command: Command,
): Promise<number> {
  const task = new Task(env.host);
  const link = env.task.addChild(task, false);
  const adoption = adoptLater(env, argv, task);
  try {
    return await task.race(command(commandContext(env, argv, task)));
  } catch (error) {
    return await failedStatus(env, argv[0] ?? '', error);
  } finally {
    link.dispose();
    adoption.dispose();
    if (!task.abortSignal.aborted) task.end();
  }
}

async function failedStatus(env: Environment, name: string, error: unknown): Promise<number> {
  if (error instanceof KilledBySignal) return statusOfSignal(error.signal);
  if (error instanceof BrokenPipeError) return brokenPipeStatus;
  if (error instanceof AssertionError || !(error instanceof Error)) throw error;
  await env.files.stderr.write(`${name}: ${errorMessage(error) ?? error.message}\n`);
  return 1;
}

function adoptLater(env: Environment, argv: readonly string[], task: Task) {
  let isOver = false;
  let release = () => {
    isOver = true;
  };
  const timer = env.host.scheduler.after(adoptAfterMs, () => {
    env.host.processes
      .adopt(argv, (signal) => task.signal(signal))
      .then(
        (adopted) => {
          if (isOver) adopted.dispose();
          else release = () => adopted.dispose();
        },
        () => undefined,
      );
  });
  return {
    dispose() {
      timer.dispose();
      release();
    },
  };
}

function commandContext(env: Environment, argv: readonly string[], task: Task): CommandContext {
  const variables = env.variables.exported();
  return {
    name: argv[0] ?? '',
    args: argv.slice(1),
    env: variables,
    cwd: env.cwd,
    umask: env.umask,
    host: env.host,
    stdin: guardSource(env.files.stdin, task),
    stdout: guardSink(env.files.stdout, task),
    stderr: guardSink(env.files.stderr, task),
    task,
    rawInput: env.files.stdin.direct,
    rawOutput: env.files.stdout,
    rawErrors: env.files.stderr,
    waitFor: (child) => waitForProgram(env, child),
    files: env.files,
    commandNames: env.session.executables.commandNames,
    async which(name) {
      const place = { cwd: env.cwd, path: variables['PATH'] };
      return (await env.session.executables.find(name, place))?.path;
    },
    isBuiltin: (name) => env.session.builtins.has(name),
    run: (inner, options = {}) =>
      runInside({ env, task, options }, (sub) => env.session.runArguments(sub, inner)),
    runShell: (invocation, options = {}) =>
      runInside({ env, task, options, invocation }, (sub) =>
        env.session.runSource(sub, invocation.source),
      ),
  };
}

interface InnerRun {
  readonly env: Environment;
  readonly task: Task;
  readonly options: RunOptions;
  readonly invocation?: ShellInvocation;
}

async function runInside(
  { env, task: parent, options, invocation }: InnerRun,
  run: (sub: Environment) => Promise<number>,
): Promise<number> {
  const task = options.task ?? new Task(env.host);
  const link = parent.addChild(task, false);
  const files = env.files.fork();
  const { stdin, stdout, stderr } = options;
  if (stdin !== undefined) await files.set(0, OpenFile.ofSource(stdin));
  if (stdout !== undefined) await files.set(1, new OpenFile({ sink: stdout }));
  if (stderr !== undefined) await files.set(2, new OpenFile({ sink: stderr }));
  const sub = freshEnvironment(env, {
    task,
    files,
    variables: options.env ?? env.variables.exported(),
  });
  sub.cwd = options.cwd ?? env.cwd;
  if (invocation !== undefined) configure(sub, invocation);
  try {
    return await endEnvironment(sub, () => run(sub));
  } finally {
    link.dispose();
  }
}

function configure(env: Environment, invocation: ShellInvocation): void {
  env.name = invocation.name;
  env.messageName = invocation.name;
  env.showsLines = invocation.isScript;
  env.isCommandString = invocation.isCommandString === true;
  env.positional = invocation.positional;
  env.options.errexit = invocation.options.includes('e');
  env.options.nounset = invocation.options.includes('u');
  env.options.xtrace = invocation.options.includes('x');
}

/** What a new shell process starts with: exported variables, and nothing else of its parent. */
export function freshEnvironment(
  env: Environment,
  parts: { task: Task; files: FileTable; variables: Readonly<Record<string, string>> },
): Environment {
  const variables = new Variables(
    Object.entries(parts.variables).map(([name, value]) => [
      name,
      { value, isExported: true, isReadonly: false },
    ]),
  );
  const fresh = new Environment({
    session: env.session,
    task: parts.task,
    files: parts.files,
    variables,
    foreground: env.foreground,
    cwd: env.cwd,
    name: env.name,
  });
  fresh.messageName = env.messageName;
  fresh.showsLines = env.showsLines;
  fresh.umask = env.umask;
  fresh.isSubshell = true;
  return fresh;
}

function guardSource(inner: ShellSource, task: Task): ShellSource {
  const guarded = new ShellSource({
    isTerminal: inner.isTerminal,
    async read() {
      await task.checkpoint();
      return await task.race(inner.readUnless(() => task.abortSignal.aborted));
    },
  });
  return guarded.returningTo(inner);
}

function guardSink(inner: ByteSink, task: Task): ByteSink {
  return {
    isTerminal: inner.isTerminal,
    async write(data) {
      if (task.isCheckpointDue) await task.checkpoint();
      await task.race(inner.write(data));
    },
  };
}

/** Runs a program of the host in the foreground or background of its job. */
export async function runProgram(
  env: Environment,
  path: string,
  argv: readonly string[],
): Promise<number> {
  const { foreground, files } = env;
  const group = foreground.group;
  try {
    const child = await env.host.spawn({
      path,
      argv,
      env: env.variables.exported(),
      cwd: env.cwd,
      stdin: files.stdin.direct,
      stdout: files.stdout,
      stderr: files.stderr,
      ...(group !== undefined && { processGroup: group }),
    });
    env.reportProcess?.(child.pid);
    return await waitForProgram(env, child);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    await env.complain(`${argv[0]}: ${errorMessage(error)}`);
    return error.code === 'ENOENT' ? 127 : 126;
  }
}

/** Waits in the job of an environment for a program that runs. */
export async function waitForProgram(env: Environment, child: ChildProcess): Promise<number> {
  const { task, foreground } = env;
  const link = task.addChild(child, true);
  const state = child.onStateChange?.((change) => {
    if (change === 'stopped') task.stop();
    else task.continue();
  });
  foreground.started(child.pid);
  const status = await child.exit;
  link.dispose();
  state?.dispose();
  foreground.ended();
  task.continue();
  interruptLikeProgram(env, status);
  return status;
}

/** Ctrl-C went to the program's group alone, but ends the script or line that waits for it, too. */
function interruptLikeProgram(env: Environment, status: number): void {
  if (env.host.terminal === undefined || !env.foreground.isForeground) return;
  if (status === statusOfSignal('SIGINT')) env.task.root.signal('SIGINT');
}

/** Runs a script of the shell's own language as a process of its own. */
export async function runScript(
  env: Environment,
  script: { readonly path: string; readonly text: string },
  argv: readonly string[],
): Promise<number> {
  env.reportProcess?.(undefined);
  const task = new Task(env.host);
  const link = env.task.addChild(task, false);
  const sub = freshEnvironment(env, {
    task,
    files: env.files.fork(),
    variables: env.variables.exported(),
  });
  configure(sub, {
    source: script.text,
    name: argv[0] ?? script.path,
    positional: argv.slice(1),
    options: '',
    isScript: true,
  });
  try {
    return await endEnvironment(sub, () => env.session.runSource(sub, script.text));
  } finally {
    link.dispose();
  }
}
