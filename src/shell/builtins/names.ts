import type { Environment } from '../runtime/environment.ts';
import { quoteForShell } from '../runtime/parameter-expansion.ts';
import { type Builtin, type BuiltinCall, fail, print } from './builtin.ts';

const keywords = [
  'if',
  'then',
  'elif',
  'else',
  'fi',
  'for',
  'while',
  'until',
  'do',
  'done',
  'case',
  'esac',
  'function',
  'in',
  'time',
  '{',
  '}',
  '!',
  '[[',
  ']]',
];

export const alias: Builtin = async (call) => {
  const { env, args } = call;
  const operands = args.filter((arg) => arg !== '-p');
  if (operands.length === 0) {
    const lines = [...env.aliases]
      .sort()
      .map(([name, value]) => `alias ${name}=${quoteForShell(value)}\n`);
    return print(call, lines.join(''));
  }
  let status = 0;
  for (const operand of operands) {
    const equals = operand.indexOf('=');
    const name = equals === -1 ? operand : operand.slice(0, equals);
    const value = env.aliases.get(name);
    if (equals !== -1) env.aliases.set(name, operand.slice(equals + 1));
    else if (value === undefined) status = await fail(call, `${name}: not found`);
    else await print(call, `alias ${name}=${quoteForShell(value)}\n`);
  }
  return status;
};

export const unalias: Builtin = async (call) => {
  let status = 0;
  for (const name of call.args) {
    if (name === '-a') call.env.aliases.clear();
    else if (!call.env.aliases.delete(name)) status = await fail(call, `${name}: not found`);
  }
  return status;
};

export const hash: Builtin = (call) => {
  call.env.session.executables.forget();
  return 0;
};

interface Meaning {
  readonly kind: 'alias' | 'keyword' | 'function' | 'builtin' | 'file';
  readonly detail: string;
}

async function meaningOf(env: Environment, name: string): Promise<Meaning | undefined> {
  const value = env.aliases.get(name);
  if (value !== undefined) return { kind: 'alias', detail: value };
  if (keywords.includes(name)) return { kind: 'keyword', detail: '' };
  if (env.functions.has(name)) return { kind: 'function', detail: '' };
  if (env.session.builtins.has(name)) return { kind: 'builtin', detail: '' };
  const place = { cwd: env.cwd, path: env.variables.get('PATH') };
  const path = (await env.session.executables.find(name, place))?.path;
  return path === undefined ? undefined : { kind: 'file', detail: path };
}

export const type: Builtin = async (call) => {
  const flags = call.args.filter((arg) => /^-[afptP]+$/.test(arg)).join('');
  let status = 0;
  for (const name of call.args.filter((arg) => !/^-[afptP]+$/.test(arg))) {
    const meaning = await meaningOf(call.env, name);
    if (meaning === undefined) {
      status = 1;
      if (flags === '') await fail(call, `${name}: not found`);
    } else await print(call, typeText(name, meaning, flags));
  }
  return status;
};

function typeText(name: string, { kind, detail }: Meaning, flags: string): string {
  if (flags.includes('t')) return `${kind}\n`;
  if (flags.includes('p')) return kind === 'file' ? `${detail}\n` : '';
  switch (kind) {
    case 'alias':
      return `${name} is aliased to \`${detail}'\n`;
    case 'keyword':
      return `${name} is a shell keyword\n`;
    case 'function':
      return `${name} is a function\n`;
    case 'builtin':
      return `${name} is a shell builtin\n`;
    case 'file':
      return `${name} is ${detail}\n`;
  }
}

export const command: Builtin = async (call) => {
  const { env, args } = call;
  const [first, ...rest] = args;
  if (first === undefined) return 0;
  if (first === '-v' || first === '-V') return await describeNames(call, rest, first === '-V');
  const argv = first === '-p' || first === '--' ? rest : args;
  const [name = '', ...inner] = argv;
  const builtin = env.session.builtins.get(name);
  if (builtin !== undefined) return builtin({ env, name, args: inner });
  return env.session.runArguments(env, argv);
};

async function describeNames(
  call: BuiltinCall,
  names: readonly string[],
  isVerbose: boolean,
): Promise<number> {
  let status = 0;
  for (const name of names) {
    const meaning = await meaningOf(call.env, name);
    if (meaning === undefined) {
      status = 1;
      if (isVerbose) await fail(call, `${name}: not found`);
    } else if (isVerbose) await print(call, typeText(name, meaning, ''));
    else if (meaning.kind === 'alias')
      await print(call, `alias ${name}=${quoteForShell(meaning.detail)}\n`);
    else await print(call, `${meaning.kind === 'file' ? meaning.detail : name}\n`);
  }
  return status;
}

export const builtin: Builtin = (call) => {
  const [name = '', ...args] = call.args;
  const found = call.env.session.builtins.get(name);
  if (found === undefined) return fail(call, `${name}: not a shell builtin`);
  return found({ env: call.env, name, args });
};
