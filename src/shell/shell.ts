import { readFile } from '../base/file-system.ts';
import type { ExitCode } from '../base/program.ts';
import { allBuiltins } from './builtins/all-builtins.ts';
import { commandTable } from './commands/command-table.ts';
import { errorMessage } from './file-messages.ts';
import { runInteractive } from './interactive/interactive-shell.ts';
import { needsMoreInput } from './language/parser.ts';
import { resolvePath } from './paths.ts';
import { Environment, type Session } from './runtime/environment.ts';
import { Executables } from './runtime/executables.ts';
import { ForegroundControl } from './runtime/foreground-control.ts';
import { execute, runSource } from './runtime/interpreter.ts';
import { JobTable } from './runtime/job-table.ts';
import { FileTable, OpenFile } from './runtime/open-file.ts';
import { runArguments } from './runtime/simple-command.ts';
import { endEnvironment } from './runtime/subshell.ts';
import { Task } from './runtime/task.ts';
import { Variables } from './runtime/variables.ts';
import { parseShellArguments, type ShellArguments } from './shell-arguments.ts';
import type { ShellHost } from './shell-host.ts';
import { readLine } from './streams.ts';

/**
 * Runs a shell with the arguments of bash (`-c text name …`, `script …`, `-i`, none) to its end and
 * answers its exit status. One call serves one shell process.
 */
export async function runShell(host: ShellHost, args: readonly string[]): Promise<ExitCode> {
  const parsed = parseShellArguments(args);
  if (typeof parsed === 'string') {
    await host.stderr.write(`bash: ${parsed}\n`);
    return 2;
  }
  const hasProgram = parsed.command !== undefined || parsed.script !== undefined;
  const isInteractive =
    host.terminal !== undefined && (parsed.isInteractive || (!hasProgram && host.stdin.isTerminal));
  const env = createEnvironment(host, isInteractive);
  applyArguments(env, parsed);
  if (isInteractive) return runInteractive(env, parsed);
  const link = host.onSignal((signal) => env.task.signal(signal));
  try {
    return await endEnvironment(env, () => runProgramText(env, parsed));
  } finally {
    link.dispose();
    hangUpJobs(env);
  }
}

function createEnvironment(host: ShellHost, isInteractive: boolean): Environment {
  const session: Session = {
    host,
    executables: new Executables(host, commandTable),
    builtins: new Map(Object.entries(allBuiltins)),
    jobs: new JobTable(),
    history: [],
    isInteractive,
    startedAtMs: host.clock.monotonicMs(),
    execute,
    runSource,
    runArguments,
  };
  const stdin = new OpenFile({ source: host.stdin });
  const files = new FileTable(
    new Map([
      [0, stdin],
      [1, new OpenFile({ sink: host.stdout })],
      [2, new OpenFile({ sink: host.stderr })],
    ]),
  );
  const cwd = resolvePath('/', host.environment['PWD'] ?? host.environment['HOME'] ?? '/');
  return new Environment({
    session,
    task: new Task(host),
    files,
    variables: initialVariables(host, cwd),
    foreground: new ForegroundControl(host.terminal, true),
    cwd,
    name: 'bash',
  });
}

function initialVariables(host: ShellHost, cwd: string): Variables {
  const level = Number(host.environment['SHLVL'] ?? 0) + 1;
  const environment = { ...host.environment, PWD: cwd, SHLVL: String(level) };
  const variables = new Variables();
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || !/^[A-Za-z_]\w*$/.test(name)) continue;
    variables.set(name, value);
    variables.setAttributes(name, { isExported: true });
  }
  variables.set('IFS', ' \t\n');
  variables.set('OPTIND', '1');
  return variables;
}

function applyArguments(env: Environment, parsed: ShellArguments): void {
  env.options.errexit = parsed.letters.includes('e');
  env.options.nounset = parsed.letters.includes('u');
  env.options.xtrace = parsed.letters.includes('x');
  env.options.pipefail = parsed.named.includes('pipefail');
  env.positional = parsed.positional;
  env.name = parsed.name ?? 'bash';
  env.messageName = env.name;
}

async function runProgramText(env: Environment, parsed: ShellArguments): Promise<number> {
  env.showsLines = true;
  env.isCommandString = parsed.command !== undefined;
  if (parsed.command !== undefined) return runSource(env, parsed.command);
  if (parsed.script === undefined) return runStandardInput(env);
  const path = resolvePath(env.cwd, parsed.script);
  try {
    return await runSource(env, new TextDecoder().decode(await readFile(env.host.files, path)));
  } catch (error) {
    const message = errorMessage(error);
    if (message === undefined) throw error;
    env.showsLines = false;
    env.messageName = 'bash';
    await env.complain(`${parsed.script}: ${message}`);
    return message === 'No such file or directory' ? 127 : 126;
  }
}

/** A program on stdin is read line by line: what its commands read comes after the line. */
async function runStandardInput(env: Environment): Promise<number> {
  let source = '';
  let firstLine = 1;
  let line = 0;
  const limits = {
    delimiter: '\n',
    countMax: undefined,
    isAbandoned: () => env.task.abortSignal.aborted,
  };
  for (;;) {
    const read = await env.task.race(readLine(env.files.stdin, limits));
    const isEnd = !read.isComplete;
    if (isEnd && read.text === '' && source === '') return env.lastStatus;
    source += isEnd ? read.text : `${read.text}\n`;
    line++;
    if (!isEnd && needsMoreInput(source)) continue;
    await runSource(env, source, firstLine);
    if (isEnd) return env.lastStatus;
    source = '';
    firstLine = line + 1;
  }
}

/** What a shell's own process would take with it when it ends: jobs that run inside it. */
export function hangUpJobs(env: Environment): void {
  for (const job of env.session.jobs.list()) {
    if (job.state !== 'done' && env.session.isInteractive && !job.isDisowned)
      job.task.signal('SIGHUP');
  }
}
