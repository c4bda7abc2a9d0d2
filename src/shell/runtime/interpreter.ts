import { ArithmeticError, evaluateArithmetic } from '../language/arithmetic.ts';
import { Parser } from '../language/parser.ts';
import { compilePattern } from '../language/pattern.ts';
import {
  type Command,
  type ListItem,
  type Redirection,
  ShellSyntaxError,
} from '../language/syntax.ts';
import { startInBackground } from './background.ts';
import { evaluateConditional } from './conditional.ts';
import { LineAbort, LoopExit, ShellExit } from './control-flow.ts';
import type { Environment } from './environment.ts';
import { expandArithmetic, expandPattern, expandText, expandWords } from './expander.ts';
import { arithmeticVariables } from './parameters.ts';
import { runPipeline, runSubshellCommand } from './pipeline.ts';
import { applyRedirections } from './redirection.ts';
import { runSimpleCommand } from './simple-command.ts';
import { VariableError } from './variables.ts';

type Node<K extends Command['kind']> = Extract<Command, { kind: K }>;

/** Source text, line by line; a syntax error in line 9 comes after line 1 to 8 ran. */
export async function runSource(env: Environment, source: string, firstLine = 1): Promise<number> {
  const aliases = env.session.isInteractive ? env.aliases : undefined;
  const parser = new Parser(source, {
    firstLine,
    endsDocuments: true,
    ...(aliases && { aliases }),
  });
  for (;;) {
    const command = await parseNext(env, parser, source);
    if (command === 'error') return 2;
    if (command === undefined) return env.lastStatus;
    try {
      env.lastStatus = await execute(env, command);
    } catch (error) {
      if (!(error instanceof LineAbort)) throw error;
      env.lastStatus = 1;
    }
  }
}

async function parseNext(
  env: Environment,
  parser: Parser,
  source: string,
): Promise<Command | 'error' | undefined> {
  try {
    return parser.next();
  } catch (error) {
    if (!(error instanceof ShellSyntaxError)) throw error;
    await complainAboutSyntax(env, error, source);
    env.lastStatus = 2;
    return 'error';
  }
}

/** As bash words it: with the line itself where a token is wrong. */
async function complainAboutSyntax(
  env: Environment,
  error: ShellSyntaxError,
  source: string,
): Promise<void> {
  const isEnd = /end of file$|matching `\)'$/.test(error.message);
  const line = error.line + (isEnd ? 1 : 0);
  const name = env.isCommandString ? `${env.messageName}: -c` : env.messageName;
  const where = env.showsLines ? `${name}: line ${line}` : name;
  const text = source.split('\n')[error.line - 1] ?? '';
  const quotes = env.showsLines && error.message.includes('unexpected token');
  const quoted = quotes ? `${where}: \`${text}'\n` : '';
  await env.files.stderr.write(`${where}: ${error.message}\n${quoted}`);
}

/** Runs a tree; its status also becomes `$?`. Throws control flow. */
export async function execute(env: Environment, command: Command): Promise<number> {
  await env.checkpoint();
  try {
    env.lastStatus = await dispatch(env, command);
  } catch (error) {
    env.lastStatus = await statusOfExpansionError(env, command, error);
  }
  await exitOnError(env, command);
  return env.lastStatus;
}

/** Errors of expansions end the command, and a script with it. */
async function statusOfExpansionError(
  env: Environment,
  command: Command,
  error: unknown,
): Promise<number> {
  const isOurs = error instanceof ArithmeticError || error instanceof VariableError;
  if (!isOurs && !(error instanceof ShellSyntaxError)) throw error;
  await env.complain(error.message);
  if (error instanceof ArithmeticError) {
    if (command.kind === 'arithmetic' || command.kind === 'conditional') return 1;
    throw new LineAbort(error.message, { cause: error });
  }
  throw new ShellExit(1, true);
}

/** `set -e`: where it applies, a command that fails ends the environment. */
async function exitOnError(env: Environment, command: Command): Promise<void> {
  if (env.lastStatus === 0 || 0 < env.conditionDepth) return;
  const applies = ['simple', 'subshell', 'conditional', 'arithmetic', 'redirected'];
  const isPipeline = command.kind === 'pipeline' && !command.isNegated;
  if (!applies.includes(command.kind) && !isPipeline) return;
  const action = env.traps.get('ERR');
  if (action !== undefined) {
    const status = env.lastStatus;
    env.traps.delete('ERR');
    await env.session.runSource(env, action);
    env.traps.set('ERR', action);
    env.lastStatus = status;
  }
  if (env.options.errexit) throw new ShellExit(env.lastStatus);
}

function dispatch(env: Environment, command: Command): Promise<number> {
  switch (command.kind) {
    case 'simple':
      return runSimpleCommand(env, command);
    case 'list':
      return runList(env, command.items);
    case 'pipeline':
      return runPipeline(env, command);
    case 'and-or':
      return runAndOr(env, command);
    case 'group':
      return execute(env, command.body);
    case 'subshell':
      return runSubshellCommand(env, command.body);
    case 'redirected':
      return runRedirected(env, command.body, command.redirections);
    case 'function':
      env.functions.set(command.name, command.body);
      return Promise.resolve(0);
    case 'conditional':
      return evaluateConditional(env, command.expression).then((holds) => (holds ? 0 : 1));
    case 'arithmetic':
      return runArithmetic(env, command);
    default:
      return runCompound(env, command);
  }
}

function runCompound(
  env: Environment,
  command: Node<'if' | 'for' | 'for-arithmetic' | 'while' | 'case'>,
): Promise<number> {
  switch (command.kind) {
    case 'if':
      return runIf(env, command);
    case 'for':
      return runFor(env, command);
    case 'for-arithmetic':
      return runForArithmetic(env, command);
    case 'while':
      return runWhile(env, command);
    case 'case':
      return runCase(env, command);
  }
}

async function runList(env: Environment, items: readonly ListItem[]): Promise<number> {
  let status = 0;
  for (const item of items) {
    if (item.isBackground) {
      await env.checkpoint();
      status = await startInBackground(env, item);
      env.lastStatus = status;
    } else {
      env.currentText = item.text;
      status = await execute(env, item.command);
    }
  }
  return status;
}

async function runAndOr(env: Environment, command: Node<'and-or'>): Promise<number> {
  const left = await testCondition(env, command.left);
  const goesOn = command.operator === '&&' ? left === 0 : left !== 0;
  return goesOn ? execute(env, command.right) : left;
}

/** Runs what decides something: `set -e` has no effect inside. */
async function testCondition(env: Environment, command: Command): Promise<number> {
  env.conditionDepth++;
  try {
    return await execute(env, command);
  } finally {
    env.conditionDepth--;
  }
}

async function runRedirected(
  env: Environment,
  body: Command,
  redirections: readonly Redirection[],
): Promise<number> {
  const outer = env.files;
  const files = outer.fork();
  env.files = files;
  try {
    if (!(await applyRedirections(env, redirections, files))) return 1;
    return await execute(env, body);
  } finally {
    env.files = outer;
    await files.closeAll();
  }
}

async function runArithmetic(env: Environment, command: Node<'arithmetic'>): Promise<number> {
  return (await expandArithmetic(env, command.expression)) === 0n ? 1 : 0;
}

async function runIf(env: Environment, command: Node<'if'>): Promise<number> {
  for (const { condition, body } of command.clauses) {
    if ((await testCondition(env, condition)) === 0) return execute(env, body);
  }
  return command.otherwise === undefined ? 0 : execute(env, command.otherwise);
}

async function runFor(env: Environment, command: Node<'for'>): Promise<number> {
  const { variable, words, body } = command;
  const values = words === undefined ? env.positional : await expandWords(env, words);
  return runLoop(env, async (iterate) => {
    for (const value of values) {
      env.variables.set(variable, value);
      if (!(await iterate(body))) return;
    }
  });
}

async function runForArithmetic(
  env: Environment,
  command: Node<'for-arithmetic'>,
): Promise<number> {
  const { start, condition, step, body } = command;
  await expandArithmetic(env, start);
  return runLoop(env, async (iterate) => {
    for (;;) {
      const text = await expandText(env, condition);
      const isEmpty = text.trim() === '';
      if (!isEmpty && evaluateArithmetic(text, arithmeticVariables(env)) === 0n) return;
      if (!(await iterate(body))) return;
      await expandArithmetic(env, step);
    }
  });
}

async function runWhile(env: Environment, command: Node<'while'>): Promise<number> {
  const { isUntil, condition, body } = command;
  return await runLoop(env, async (iterate) => {
    for (;;) {
      const status = await testCondition(env, condition);
      if ((status === 0) === isUntil) return;
      if (!(await iterate(body))) return;
    }
  });
}

type Iterate = (body: Command) => Promise<boolean>;

/** Runs a loop whose iterations may be broken; `iterate` answers whether to go on. */
async function runLoop(
  env: Environment,
  loop: (iterate: Iterate) => Promise<void>,
): Promise<number> {
  let status = 0;
  env.loopDepth++;
  try {
    await loop(async (body) => {
      try {
        status = await execute(env, body);
        return true;
      } catch (error) {
        if (!(error instanceof LoopExit)) throw error;
        status = 0;
        return leaveIteration(error);
      }
    });
  } catch (error) {
    // From the condition of a `while`.
    if (!(error instanceof LoopExit)) throw error;
    leaveIteration(error);
  } finally {
    env.loopDepth--;
  }
  return status;
}

function leaveIteration(exit: LoopExit): boolean {
  if (1 < exit.levels) throw new LoopExit(exit.kind, exit.levels - 1);
  return exit.kind === 'continue';
}

async function runCase(env: Environment, command: Node<'case'>): Promise<number> {
  const text = await expandText(env, command.word);
  let status = 0;
  let fallsThrough = false;
  for (const { patterns, body, ending } of command.clauses) {
    if (!fallsThrough && !(await matchesAny(env, text, patterns))) continue;
    status = await execute(env, body);
    if (ending === ';;') return status;
    fallsThrough = ending === ';&';
  }
  return status;
}

async function matchesAny(
  env: Environment,
  text: string,
  patterns: Node<'case'>['clauses'][number]['patterns'],
): Promise<boolean> {
  for (const pattern of patterns) {
    if (compilePattern(await expandPattern(env, pattern)).test(text)) return true;
  }
  return false;
}
