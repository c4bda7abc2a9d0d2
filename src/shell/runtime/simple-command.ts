import type { Assignment, SimpleCommand, Word } from '../language/syntax.ts';
import { assign, assignmentValue } from './assignments.ts';
import { FunctionReturn } from './control-flow.ts';
import type { Environment } from './environment.ts';
import { expandText, expandWords } from './expander.ts';
import { waitInForeground } from './foreground-wait.ts';
import { runCommand, runProgram, runScript } from './process.ts';
import { quoteForTrace } from './quoting.ts';
import { applyRedirections } from './redirection.ts';
import { VariableError } from './variables.ts';

/** Functions that call each other go no deeper than this. */
const callDepthMax = 1000;

/** `export X=$Y` and its like do not split their values. */
const declarations = ['export', 'local', 'readonly', 'declare', 'typeset'];

/** Runs one simple command with its assignments and redirections. */
export async function runSimpleCommand(env: Environment, command: SimpleCommand): Promise<number> {
  env.line = command.line;
  const words = await expandArguments(env, command.words);
  if (words.length === 0) return runAssignments(env, command);
  const files = env.files.fork();
  const outer = env.files;
  env.files = files;
  try {
    if (!(await applyRedirections(env, command.redirections, files))) return 1;
    return await runWithAssignments(env, command.assignments, words);
  } finally {
    // `exec > file` keeps the command's files for the environment.
    env.files = env.keepsFiles ? files : outer;
    await (env.keepsFiles ? outer : files).closeAll();
    env.keepsFiles = false;
    for (const descriptor of env.substituted.splice(0)) await env.files.close(descriptor);
  }
}

async function expandArguments(env: Environment, words: readonly Word[]): Promise<string[]> {
  const [first, ...rest] = words;
  if (first === undefined || !declarations.includes(first.text)) return expandWords(env, words);
  const result = [first.text];
  for (const word of rest) {
    const literal = word.parts[0];
    const isAssignment = literal?.kind === 'literal' && /^[A-Za-z_]\w*\+?=/.test(literal.text);
    const array = word.parts.find((part) => part.kind === 'array');
    if (array?.kind === 'array' && literal?.kind === 'literal') {
      const elements = await expandWords(env, array.elements);
      result.push(`${literal.text}(${elements.map((text) => quoteForTrace(text)).join(' ')})`);
    } else if (isAssignment) result.push(await expandText(env, word));
    else result.push(...(await expandWords(env, [word])));
  }
  return result;
}

async function runAssignments(env: Environment, command: SimpleCommand): Promise<number> {
  // The status is that of the last command substitution, else 0.
  env.lastStatus = 0;
  const files = env.files.fork();
  try {
    if (!(await applyRedirections(env, command.redirections, files))) return 1;
    for (const assignment of command.assignments) {
      await assign(env, assignment);
      if (env.options.xtrace)
        await trace(env, [`${assignment.name}=${env.variables.get(assignment.name) ?? ''}`]);
    }
  } finally {
    await files.closeAll();
  }
  return env.lastStatus;
}

async function runWithAssignments(
  env: Environment,
  assignments: readonly Assignment[],
  argv: readonly string[],
): Promise<number> {
  const hidden = assignments.map(({ name }) => [name, env.variables.lookup(name)] as const);
  for (const assignment of assignments) {
    const value = await assignmentValue(env, assignment);
    env.variables.set(assignment.name, value);
    env.variables.setAttributes(assignment.name, { isExported: true });
  }
  try {
    if (env.options.xtrace) await trace(env, argv.map(quoteForTrace));
    return await runCommandLine(env, argv);
  } finally {
    for (const [name, variable] of hidden) env.variables.restore(name, variable);
  }
}

async function trace(env: Environment, words: readonly string[]): Promise<void> {
  await env.files.stderr.write(`${env.variables.get('PS4') ?? '+ '}${words.join(' ')}\n`);
}

async function runCommandLine(env: Environment, argv: readonly string[]): Promise<number> {
  const [name = ''] = argv;
  const definition = env.functions.get(name);
  if (definition !== undefined) {
    env.reportProcess?.(undefined);
    return await callFunction(env, name, argv.slice(1));
  }
  const builtin = env.session.builtins.get(name);
  if (builtin !== undefined) {
    env.reportProcess?.(undefined);
    return runBuiltin(env, argv);
  }
  return waitInForeground(env, argv.join(' '), (inner) => runExecutable(inner, argv));
}

async function runBuiltin(env: Environment, argv: readonly string[]): Promise<number> {
  const [name = '', ...args] = argv;
  try {
    return (await env.session.builtins.get(name)?.({ env, name, args })) ?? 127;
  } catch (error) {
    if (!(error instanceof VariableError)) throw error;
    await env.complain(error.message);
    return 1;
  }
}

/** Calls a shell function with arguments. */
async function callFunction(
  env: Environment,
  name: string,
  args: readonly string[],
): Promise<number> {
  const body = env.functions.get(name);
  if (body === undefined) return 127;
  if (callDepthMax <= env.callDepth) {
    await env.complain(`${name}: maximum function nesting level exceeded (${callDepthMax})`);
    return 1;
  }
  const { positional, loopDepth } = env;
  env.positional = args;
  env.loopDepth = 0;
  env.callDepth++;
  env.variables.enterFunction();
  try {
    return await env.session.execute(env, body);
  } catch (error) {
    if (error instanceof FunctionReturn) return error.status;
    throw error;
  } finally {
    env.variables.leaveFunction();
    env.callDepth--;
    env.positional = positional;
    env.loopDepth = loopDepth;
  }
}

/** A command, program or script by its arguments; builtins too where nothing else has the name. */
export async function runArguments(env: Environment, argv: readonly string[]): Promise<number> {
  const [name = ''] = argv;
  const place = { cwd: env.cwd, path: env.variables.get('PATH') };
  const isFound = (await env.session.executables.find(name, place)) !== undefined;
  if (!isFound && env.session.builtins.get(name) !== undefined) return runBuiltin(env, argv);
  return runExecutable(env, argv);
}

async function runExecutable(env: Environment, argv: readonly string[]): Promise<number> {
  const [name = ''] = argv;
  const place = { cwd: env.cwd, path: env.variables.get('PATH') };
  const executable = name === '' ? undefined : await env.session.executables.find(name, place);
  if (executable === undefined) {
    env.reportProcess?.(undefined);
    await env.complain(
      `${name}: ${name.includes('/') ? 'No such file or directory' : 'command not found'}`,
    );
    return 127;
  }
  if (executable.kind === 'file') return runFile(env, executable, argv);
  env.reportProcess?.(undefined);
  const command = await env.session.executables.command(executable.name);
  return command === undefined ? 127 : runCommand(env, argv, command);
}

async function runFile(
  env: Environment,
  executable: { readonly path: string; readonly isHostProgram: boolean },
  argv: readonly string[],
): Promise<number> {
  const { path } = executable;
  if (executable.isHostProgram) return runProgram(env, path, argv);
  const stat = await env.host.files.stat(path);
  if (stat?.kind === 'directory') return refuse(env, argv[0], 'Is a directory');
  if (((stat?.mode ?? 0) & 0o111) === 0) return refuse(env, argv[0], 'Permission denied');
  const text = await readShellScript(env, path);
  if (text === undefined) return runProgram(env, path, argv);
  return runScript(env, { path, text }, argv);
}

async function refuse(env: Environment, name: string | undefined, reason: string): Promise<number> {
  env.reportProcess?.(undefined);
  await env.complain(`${name}: ${reason}`);
  return 126;
}

const headBytes = 256;

/** The text of a script for this shell; undefined where another program interprets the file. */
async function readShellScript(env: Environment, path: string): Promise<string | undefined> {
  const file = await env.host.files.open(path);
  try {
    const head = await file.read(0, headBytes);
    if (head.includes(0)) return undefined;
    const [line = ''] = new TextDecoder().decode(head).split('\n', 1);
    if (
      line.startsWith('#!') &&
      !/^#!\s*\S*\b(ba|da|z)?sh\b|^#!\s*\S*\benv\s+(ba|da|z)?sh\b/.test(line)
    ) {
      return undefined;
    }
    return new TextDecoder().decode(await file.read(0, file.sizeBytes));
  } finally {
    await file.close();
  }
}
