import { resolvePath } from '../paths.ts';
import type { Environment } from '../runtime/environment.ts';
import { type Builtin, type BuiltinCall, fail, print } from './builtin.ts';

export const cd: Builtin = async (call) => {
  const { env } = call;
  const args = call.args.filter((arg) => !/^-[LPe]+$/.test(arg) && arg !== '--');
  if (1 < args.length) return fail(call, 'too many arguments');
  const [target = ''] = args;
  if (target === '-') {
    const previous = env.variables.get('OLDPWD');
    if (previous === undefined) return fail(call, 'OLDPWD not set');
    const status = await changeDirectory(call, previous);
    return status === 0 ? print(call, `${env.cwd}\n`) : status;
  }
  if (args.length > 0) return target === '' ? 0 : changeDirectory(call, target);
  const home = env.variables.get('HOME');
  if (home === undefined) return fail(call, 'HOME not set');
  return changeDirectory(call, home);
};

async function changeDirectory(call: BuiltinCall, target: string): Promise<number> {
  const { env } = call;
  const path = resolvePath(env.cwd, target);
  const stat = await env.host.files.stat(path);
  if (stat === undefined) return fail(call, `${target}: No such file or directory`);
  if (stat.kind !== 'directory') return fail(call, `${target}: Not a directory`);
  moveTo(env, path);
  return 0;
}

function moveTo(env: Environment, path: string): void {
  env.variables.set('OLDPWD', env.cwd);
  env.variables.setAttributes('OLDPWD', { isExported: true });
  env.cwd = path;
  env.variables.set('PWD', path);
  env.variables.setAttributes('PWD', { isExported: true });
}

export const pwd: Builtin = (call) => print(call, `${call.env.cwd}\n`);

export const pushd: Builtin = async (call) => {
  const { env } = call;
  const [target = env.directoryStack[0]] = call.args;
  if (target === undefined) return fail(call, 'no other directory');
  const before = env.cwd;
  const rest = call.args.length === 0 ? env.directoryStack.slice(1) : env.directoryStack;
  const status = await changeDirectory(call, target);
  if (status !== 0) return status;
  env.directoryStack = [before, ...rest];
  return dirs(call);
};

export const popd: Builtin = async (call) => {
  const { env } = call;
  const [target, ...rest] = env.directoryStack;
  if (target === undefined) return fail(call, 'directory stack empty');
  const status = await changeDirectory(call, target);
  if (status !== 0) return status;
  env.directoryStack = rest;
  return dirs(call);
};

export const dirs: Builtin = (call) => {
  const { env } = call;
  const home = env.variables.get('HOME') ?? '/';
  const short = (path: string) =>
    path === home || path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
  return print(call, `${[env.cwd, ...env.directoryStack].map(short).join(' ')}\n`);
};
