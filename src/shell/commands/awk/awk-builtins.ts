import { formatDate } from '../../format/date-format.ts';
import type { AwkState } from './awk-state.ts';
import { AwkError, type Expression } from './awk-syntax.ts';
import { type AwkValue, formatAwk, inputValue, toNumber, toText } from './awk-value.ts';

type Arguments = readonly Expression[];
type AwkBuiltin = (machine: AwkState, args: Arguments) => Promise<AwkValue>;

export function isAwkBuiltin(name: string): boolean {
  return Object.hasOwn(builtins, name);
}

export async function callBuiltin(
  machine: AwkState,
  name: string,
  args: Arguments,
): Promise<AwkValue> {
  const builtin = builtins[name];
  if (builtin === undefined) throw new AwkError(`calling undefined function ${name}`);
  return await builtin(machine, args);
}

async function text(machine: AwkState, arg: Expression | undefined): Promise<string> {
  return arg === undefined ? '' : toText(await machine.evaluate(arg), machine.text('CONVFMT'));
}

async function number(machine: AwkState, arg: Expression | undefined): Promise<number> {
  return arg === undefined ? 0 : toNumber(await machine.evaluate(arg));
}

const mathFunction =
  (compute: (value: number) => number): AwkBuiltin =>
  async (machine, args) =>
    compute(await number(machine, args[0]));

const builtins: Readonly<Record<string, AwkBuiltin>> = {
  length: lengthOf,
  substr: substring,
  index: async (machine, args) =>
    (await text(machine, args[0])).indexOf(await text(machine, args[1])) + 1,
  split,
  sub: (machine, args) => substitute(machine, args, false),
  gsub: (machine, args) => substitute(machine, args, true),
  match,
  sprintf: async (machine, args) => {
    const values: AwkValue[] = [];
    for (const arg of args.slice(1)) values.push(await machine.evaluate(arg));
    return formatAwk(await text(machine, args[0]), values, machine.text('CONVFMT'));
  },
  tolower: async (machine, args) => (await text(machine, args[0])).toLowerCase(),
  toupper: async (machine, args) => (await text(machine, args[0])).toUpperCase(),
  int: mathFunction(Math.trunc),
  sqrt: mathFunction(Math.sqrt),
  exp: mathFunction(Math.exp),
  log: mathFunction(Math.log),
  sin: mathFunction(Math.sin),
  cos: mathFunction(Math.cos),
  atan2: async (machine, args) =>
    Math.atan2(await number(machine, args[0]), await number(machine, args[1])),
  rand: (machine) => Promise.resolve(machine.ports.random()),
  srand: () => Promise.resolve(0),
  system: async (machine, args) => machine.ports.system(await text(machine, args[0])),
  close: async (machine, args) => machine.ports.close(await text(machine, args[0])),
  fflush: () => Promise.resolve(0),
  systime: (machine) => Promise.resolve(Math.floor(machine.ports.nowMs() / 1000)),
  strftime: async (machine, args) => {
    const atMs =
      args[1] === undefined ? machine.ports.nowMs() : (await number(machine, args[1])) * 1000;
    return formatDate((await text(machine, args[0])) || '%c', atMs);
  },
};

async function lengthOf(machine: AwkState, args: Arguments): Promise<AwkValue> {
  const [arg] = args;
  if (arg === undefined) return [...machine.record].length;
  if (arg.kind === 'variable') {
    try {
      return [...(await text(machine, arg))].length;
    } catch (error) {
      if (error instanceof AwkError) return machine.array(arg.name).size;
      throw error;
    }
  }
  return [...(await text(machine, arg))].length;
}

async function substring(machine: AwkState, args: Arguments): Promise<AwkValue> {
  const letters = [...(await text(machine, args[0]))];
  const start = Math.round(await number(machine, args[1]));
  const length =
    args[2] === undefined ? Number.POSITIVE_INFINITY : Math.round(await number(machine, args[2]));
  return letters.slice(Math.max(0, start - 1), Math.max(0, start - 1 + length)).join('');
}

async function split(machine: AwkState, args: Arguments): Promise<AwkValue> {
  const [subject, target, separator] = args;
  if (target?.kind !== 'variable') throw new AwkError('split: second argument is no array');
  const source = await text(machine, subject);
  const by = separator?.kind === 'regex' ? separator.regex : undefined;
  const given =
    separator === undefined || by !== undefined
      ? machine.text('FS')
      : await text(machine, separator);
  const parts = by === undefined || source === '' ? machine.split(source, given) : source.split(by);
  const array = machine.array(target.name);
  array.clear();
  for (const [index, part] of parts.entries()) array.set(String(index + 1), inputValue(part));
  return parts.length;
}

async function substitute(
  machine: AwkState,
  args: Arguments,
  isGlobal: boolean,
): Promise<AwkValue> {
  const [
    pattern,
    replacement,
    target = { kind: 'field', index: { kind: 'number', value: 0 } } as const,
  ] = args;
  if (pattern === undefined) throw new AwkError('sub: not enough arguments');
  const { source } = await machine.regexOf(pattern);
  const template = await text(machine, replacement);
  let count = 0;
  const before = await text(machine, target);
  const after = before.replace(new RegExp(source, isGlobal ? 'g' : ''), (found) => {
    count++;
    return template.replace(/\\\\&|\\&|&/g, (sign) => (sign === '&' ? found : '&'));
  });
  if (0 < count) await machine.store(target, after);
  return count;
}

async function match(machine: AwkState, args: Arguments): Promise<AwkValue> {
  const subject = await text(machine, args[0]);
  const [, pattern] = args;
  if (pattern === undefined) throw new AwkError('match: not enough arguments');
  const found = (await machine.regexOf(pattern)).exec(subject);
  machine.set('RSTART', found === null ? 0 : found.index + 1);
  machine.set('RLENGTH', found === null ? -1 : found[0].length);
  return found === null ? 0 : found.index + 1;
}
