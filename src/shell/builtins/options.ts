import type { Environment, ShellOptions } from '../runtime/environment.ts';
import { type Builtin, type BuiltinCall, fail, print } from './builtin.ts';
import { printVariables } from './declare.ts';

const letters: Readonly<Record<string, keyof ShellOptions>> = {
  e: 'errexit',
  u: 'nounset',
  x: 'xtrace',
  f: 'noglob',
  C: 'noclobber',
  v: 'verbose',
  m: 'monitor',
};

/** Accepted without effect. */
const ignoredLetters = 'abhkptBEHPT';

export const set: Builtin = async (call) => {
  const { env, args } = call;
  if (args.length === 0) return printVariables(call);
  let at = 0;
  while (at < args.length) {
    const arg = args[at] ?? '';
    if (arg === '--' || !/^[-+]./.test(arg)) {
      env.positional = args.slice(arg === '--' ? at + 1 : at);
      return 0;
    }
    at++;
    const status = await setLetters(call, arg, args[at]);
    if (status !== 0) return status;
    if (arg.includes('o')) at++;
  }
  return 0;
};

/** One word of letters; `o` takes the next word as a name. */
async function setLetters(
  call: BuiltinCall,
  arg: string,
  next: string | undefined,
): Promise<number> {
  const isOn = arg.startsWith('-');
  for (const letter of arg.slice(1)) {
    if (letter !== 'o') {
      if (!setLetter(call.env, letter, isOn)) return fail(call, `-${letter}: invalid option`, 2);
      continue;
    }
    const status = await setNamed(call, next, isOn);
    if (status !== 0) return status;
  }
  return 0;
}

function setLetter(env: Environment, letter: string, isOn: boolean): boolean {
  const name = letters[letter];
  if (name !== undefined) env.options[name] = isOn;
  return name !== undefined || ignoredLetters.includes(letter);
}

const ignoredNames = [
  'emacs',
  'vi',
  'posix',
  'braceexpand',
  'histexpand',
  'history',
  'allexport',
  'notify',
  'errtrace',
  'functrace',
  'hashall',
  'ignoreeof',
  'interactive-comments',
];

async function setNamed(
  call: BuiltinCall,
  name: string | undefined,
  isOn: boolean,
): Promise<number> {
  const { options } = call.env;
  if (name === undefined) {
    const lines = Object.entries(options).map(
      ([key, value]) => `${key.padEnd(15)}\t${value ? 'on' : 'off'}\n`,
    );
    return await print(call, lines.sort().join(''));
  }
  if (Object.hasOwn(options, name)) options[name as keyof ShellOptions] = isOn;
  else if (!ignoredNames.includes(name)) return fail(call, `${name}: invalid option name`, 2);
  return 0;
}

export const shift: Builtin = async (call) => {
  const { env, args } = call;
  const count = Number(args[0] ?? 1);
  if (!Number.isInteger(count)) return await fail(call, `${args[0]}: numeric argument required`);
  if (count < 0 || env.positional.length < count) return 1;
  env.positional = env.positional.slice(count);
  return 0;
};

/** The options of `shopt` are accepted without effect. */
export const shopt: Builtin = () => 0;

export const getopts: Builtin = async (call) => {
  const { env, args } = call;
  const [specification, name, ...rest] = args;
  if (specification === undefined || name === undefined) {
    return fail(call, 'usage: getopts optstring name [arg ...]', 2);
  }
  const words = rest.length === 0 ? env.positional : rest;
  const state = readOption(env, words, specification);
  env.variables.set(name, state.letter);
  env.variables.set('OPTIND', String(state.index));
  if (state.argument === undefined) env.variables.unset('OPTARG');
  else env.variables.set('OPTARG', state.argument);
  if (state.message !== undefined && !specification.startsWith(':')) {
    await env.files.stderr.write(`${env.name}: ${state.message}\n`);
  }
  return state.isEnd ? 1 : 0;
};

interface OptionState {
  readonly letter: string;
  readonly index: number;
  readonly argument?: string;
  readonly message?: string;
  readonly isEnd?: boolean;
}

function readOption(
  env: Environment,
  words: readonly string[],
  specification: string,
): OptionState {
  const index = Number(env.variables.get('OPTIND') ?? 1);
  if (index === 1 && env.optionOffset.index !== 1) env.optionOffset = { index: 1, offset: 1 };
  const offset = env.optionOffset.index === index ? env.optionOffset.offset : 1;
  const word = words[index - 1];
  if (word === undefined || !/^-./.test(word)) return { letter: '?', index, isEnd: true };
  if (word === '--') return { letter: '?', index: index + 1, isEnd: true };
  const isLast = word.length <= offset + 1;
  const next = isLast ? index + 1 : index;
  env.optionOffset = isLast ? { index: next, offset: 1 } : { index, offset: offset + 1 };
  const letter = word.charAt(offset);
  const at = letter === ':' ? -1 : specification.indexOf(letter);
  if (at === -1) return unknownOption(letter, next, specification);
  if (specification.charAt(at + 1) !== ':') return { letter, index: next };
  env.optionOffset = { index: 0, offset: 1 };
  if (!isLast) return { letter, index: index + 1, argument: word.slice(offset + 1) };
  const argument = words[index];
  if (argument !== undefined) return { letter, index: index + 2, argument };
  return missingArgument(letter, index + 1, specification);
}

function unknownOption(letter: string, index: number, specification: string): OptionState {
  const message = `illegal option -- ${letter}`;
  const isQuiet = specification.startsWith(':');
  return { letter: '?', index, message, ...(isQuiet && { argument: letter }) };
}

function missingArgument(letter: string, index: number, specification: string): OptionState {
  if (specification.startsWith(':')) return { letter: ':', index, argument: letter };
  return { letter: '?', index, message: `option requires an argument -- ${letter}` };
}
