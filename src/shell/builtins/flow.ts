import { readFile } from '../../base/file-system.ts';
import { errorMessage } from '../file-messages.ts';
import { evaluateArithmetic } from '../language/arithmetic.ts';
import { resolvePath } from '../paths.ts';
import { FunctionReturn, LoopExit, ShellExit } from '../runtime/control-flow.ts';
import type { Environment } from '../runtime/environment.ts';
import { arithmeticVariables } from '../runtime/parameters.ts';
import { type Builtin, type BuiltinCall, fail } from './builtin.ts';

/** Files that source each other go no deeper than this. */
const sourceDepthMax = 100;

export const succeed: Builtin = () => 0;
export const failQuietly: Builtin = () => 1;

export const breakLoop: Builtin = (call) => leaveLoop(call, 'break');
export const continueLoop: Builtin = (call) => leaveLoop(call, 'continue');

async function leaveLoop(call: BuiltinCall, kind: 'break' | 'continue'): Promise<number> {
  const { env, args } = call;
  if (env.loopDepth === 0) {
    await fail(call, "only meaningful in a `for', `while', or `until' loop");
    return 0;
  }
  const levels = Number(args[0] ?? 1);
  if (!Number.isInteger(levels)) return fail(call, `${args[0]}: numeric argument required`, 128);
  if (levels < 1) return fail(call, `${args[0]}: loop count out of range`);
  throw new LoopExit(kind, Math.min(levels, env.loopDepth));
}

export const returnFrom: Builtin = async (call) => {
  const { env, args } = call;
  if (!env.variables.isInFunction && env.sourceDepth === 0) {
    return fail(call, "can only `return' from a function or sourced script");
  }
  throw new FunctionReturn(await statusArgument(call, args[0]));
};

export const exit: Builtin = async (call) => {
  const { env, args } = call;
  if (env.session.isInteractive && !env.isSubshell) await env.files.stderr.write('exit\n');
  throw new ShellExit(await statusArgument(call, args[0]));
};

async function statusArgument(call: BuiltinCall, text: string | undefined): Promise<number> {
  if (text === undefined) return call.env.lastStatus;
  if (/^-?\d+$/.test(text)) return (await Number(text)) & 0xff;
  return fail(call, `${text}: numeric argument required`, 2);
}

export const evaluate: Builtin = ({ env, args }) =>
  args.join(' ').trim() === '' ? 0 : env.session.runSource(env, args.join(' '), env.line);

export const source: Builtin = async (call) => {
  const { env, args } = call;
  const [name, ...rest] = args;
  if (name === undefined) return fail(call, 'filename argument required', 2);
  if (sourceDepthMax <= env.sourceDepth) return fail(call, `${name}: sourced too deeply`);
  const text = await readSource(call, name);
  if (typeof text === 'number') return text;
  const { positional, showsLines, messageName, line } = env;
  if (0 < rest.length) env.positional = rest;
  env.showsLines = true;
  env.messageName = name;
  env.sourceDepth++;
  try {
    env.lastStatus = 0;
    return await env.session.runSource(env, text);
  } catch (error) {
    if (error instanceof FunctionReturn) return error.status;
    throw error;
  } finally {
    env.sourceDepth--;
    Object.assign(env, { showsLines, messageName, line });
    if (0 < rest.length) env.positional = positional;
  }
};

async function readSource(call: BuiltinCall, name: string): Promise<string | number> {
  const { env } = call;
  const path = await findSource(env, name);
  try {
    return new TextDecoder().decode(await readFile(env.host.files, path));
  } catch (error) {
    const message = errorMessage(error);
    if (message === undefined) throw error;
    await env.complain(`${name}: ${message}`);
    return 1;
  }
}

async function findSource(env: Environment, name: string): Promise<string> {
  if (!name.includes('/')) {
    for (const directory of (env.variables.get('PATH') ?? '').split(':')) {
      const path = resolvePath(env.cwd, `${directory}/${name}`);
      if ((await env.host.files.stat(path))?.kind === 'file') return path;
    }
  }
  return resolvePath(env.cwd, name);
}

/** Simplified: the shell does not become the program: it runs it and exits with its status. */
export const exec: Builtin = async ({ env, args }) => {
  const argv = args[0] === '--' ? args.slice(1) : args;
  if (argv.length === 0) {
    env.keepsFiles = true;
    return 0;
  }
  throw new ShellExit(await env.session.runArguments(env, argv));
};

export const letArithmetic: Builtin = async (call) => {
  if (call.args.length === 0) return await fail(call, 'expression expected');
  let value = 0n;
  for (const expression of call.args) {
    value = evaluateArithmetic(expression, arithmeticVariables(call.env));
  }
  return value === 0n ? 1 : 0;
};
