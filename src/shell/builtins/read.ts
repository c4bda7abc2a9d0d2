import { sleep } from '../../base/scheduler.ts';
import type { Environment } from '../runtime/environment.ts';
import { readLine } from '../streams.ts';
import { type Builtin, type BuiltinCall, fail, isIdentifier } from './builtin.ts';

interface ReadOptions {
  isRaw: boolean;
  prompt: string;
  delimiter: string;
  countMax: number | undefined;
  timeoutMs: number | undefined;
  isSilent: boolean;
  array: string | undefined;
  names: readonly string[];
}

export const read: Builtin = async (call) => {
  const options = parse(call.args);
  if (typeof options === 'string') return fail(call, options, 2);
  const bad = options.names.find((name) => !isIdentifier(name));
  if (bad !== undefined) return fail(call, `\`${bad}': not a valid identifier`);
  const { env } = call;
  if (options.prompt !== '' && env.files.stdin.isTerminal) {
    await env.files.stderr.write(options.prompt);
  }
  const raw = isKeyWise(env, options);
  if (raw) env.host.terminal?.setMode('raw');
  try {
    const line = await readWithTimeout(env, options);
    if (line === 'timeout') return 142;
    assignWords(call, options, line.text);
    return line.isComplete ? 0 : 1;
  } finally {
    if (raw) env.host.terminal?.setMode('cooked');
  }
};

/** A count or silence needs the keys as they are typed. */
function isKeyWise(env: Environment, options: ReadOptions): boolean {
  return env.files.stdin.isTerminal && (options.isSilent || options.countMax !== undefined);
}

type LineRead = { readonly text: string; readonly isComplete: boolean };

async function readWithTimeout(
  env: Environment,
  options: ReadOptions,
): Promise<LineRead | 'timeout'> {
  let isAbandoned = false;
  const reading = readLogicalLine(env, options, () => isAbandoned || env.task.abortSignal.aborted);
  if (options.timeoutMs === undefined) return env.task.race(reading);
  const stop = new AbortController();
  const timeout = sleep(env.host.scheduler, options.timeoutMs, stop.signal);
  const outcome = await env.task.race(
    Promise.race([reading, timeout.then(() => 'timeout' as const)]),
  );
  stop.abort();
  if (outcome === 'timeout') isAbandoned = true;
  return outcome;
}

/** A line with its continuations: without -r a backslash before the newline joins the next. */
async function readLogicalLine(
  env: Environment,
  options: ReadOptions,
  isAbandoned: () => boolean,
): Promise<LineRead> {
  const source = env.files.stdin;
  const limits = { delimiter: options.delimiter, countMax: options.countMax, isAbandoned };
  let text = '';
  for (;;) {
    const line = await readLine(source, limits);
    text += line.text;
    if (options.isRaw || !line.isComplete || !/(^|[^\\])(\\\\)*\\$/.test(text)) {
      return { text, isComplete: line.isComplete };
    }
    text = text.slice(0, -1);
  }
}

function assignWords({ env }: BuiltinCall, options: ReadOptions, line: string): void {
  const separators = env.variables.get('IFS') ?? ' \t\n';
  if (options.array !== undefined) {
    const words = splitLine(line, {
      separators,
      isRaw: options.isRaw,
      countMax: Number.POSITIVE_INFINITY,
    });
    env.variables.setElements(options.array, new Map(words.map((word, index) => [index, word])));
    return;
  }
  if (options.names.length === 0) {
    env.variables.set('REPLY', options.isRaw ? line : line.replace(/\\([\s\S])/g, '$1'));
    return;
  }
  const { names, isRaw } = options;
  const words = splitLine(line, { separators, isRaw, countMax: names.length });
  for (const [index, name] of names.entries()) env.variables.set(name, words[index] ?? '');
}

interface SplitRules {
  readonly separators: string;
  readonly isRaw: boolean;
  /** The last word takes the rest of the line. */
  readonly countMax: number;
}

function splitLine(line: string, rules: SplitRules): string[] {
  const { separators, isRaw, countMax } = rules;
  const words: string[] = [];
  let at = endOfBlanks(line, 0, separators);
  while (at < line.length && words.length < countMax - 1) {
    let word = '';
    for (; at < line.length && !separators.includes(line.charAt(at)); at++) {
      if (line.charAt(at) === '\\' && !isRaw) at++;
      word += line.charAt(at);
    }
    words.push(word);
    at = endOfSeparator(line, at, separators);
  }
  if (at < line.length) words.push(lastWord(line.slice(at), separators, isRaw));
  return words;
}

function isBlankSeparator(character: string, separators: string): boolean {
  return character !== '' && separators.includes(character) && /[ \t\n]/.test(character);
}

function endOfBlanks(line: string, start: number, separators: string): number {
  let at = start;
  while (isBlankSeparator(line.charAt(at), separators)) at++;
  return at;
}

/** Blanks, at most one other separator, and blanks again. */
function endOfSeparator(line: string, start: number, separators: string): number {
  const at = endOfBlanks(line, start, separators);
  const isHard = at < line.length && separators.includes(line.charAt(at));
  return isHard ? endOfBlanks(line, at + 1, separators) : at;
}

function lastWord(rest: string, separators: string, isRaw: boolean): string {
  let end = rest.length;
  while (
    0 < end &&
    /[ \t\n]/.test(rest.charAt(end - 1)) &&
    separators.includes(rest.charAt(end - 1))
  )
    end--;
  const word = rest.slice(0, end);
  // One separator that is no blank at the end belongs to the field before it.
  const last = word.at(-1) ?? '';
  const isSingle = last !== '' && separators.includes(last) && !/[ \t\n]/.test(last);
  const others = [...word.slice(0, -1)].some((letter) => separators.includes(letter));
  const text = isSingle && !others ? word.slice(0, -1) : word;
  return isRaw ? text : text.replace(/\\([\s\S])/g, '$1');
}

function parse(args: readonly string[]): ReadOptions | string {
  const options: ReadOptions = {
    isRaw: false,
    prompt: '',
    delimiter: '\n',
    countMax: undefined,
    timeoutMs: undefined,
    isSilent: false,
    array: undefined,
    names: [],
  };
  let at = 0;
  while (at < args.length && /^-./.test(args[at] ?? '')) {
    const arg = args[at++] ?? '';
    if (arg === '--') break;
    const outcome = readWord(options, arg, args[at]);
    if (typeof outcome === 'string') return outcome;
    if (outcome) at++;
  }
  options.names = args.slice(at);
  return options;
}

/** Reads the letters of one word; true when the last took the next word as its value. */
function readWord(options: ReadOptions, arg: string, next: string | undefined): boolean | string {
  for (let index = 1; index < arg.length; index++) {
    const letter = arg.charAt(index);
    if ('pdntauN'.includes(letter)) {
      const rest = arg.slice(index + 1);
      const value = rest === '' ? next : rest;
      if (value === undefined) return `-${letter}: option requires an argument`;
      setOption(options, letter, value);
      return rest === '';
    }
    if (letter === 'r') options.isRaw = true;
    else if (letter === 's') options.isSilent = true;
    else if (letter !== 'e') return `-${letter}: invalid option`;
  }
  return false;
}

function setOption(options: ReadOptions, letter: string, value: string): void {
  if (letter === 'p') options.prompt = value;
  else if (letter === 'd') options.delimiter = value === '' ? '\0' : value.charAt(0);
  else if (letter === 'n' || letter === 'N') options.countMax = Number(value);
  else if (letter === 't') options.timeoutMs = Number(value) * 1000;
  else if (letter === 'a') options.array = value;
}

/** `mapfile -t array`: all lines of stdin. */
export const mapfile: Builtin = async ({ env, args }) => {
  const strips = args.includes('-t');
  const name = args.findLast((arg) => isIdentifier(arg)) ?? 'MAPFILE';
  const lines = new Map<number, string>();
  const isAbandoned = () => env.task.abortSignal.aborted;
  for (;;) {
    const line = await readLine(env.files.stdin, {
      delimiter: '\n',
      countMax: undefined,
      isAbandoned,
    });
    if (line.text === '' && !line.isComplete) break;
    lines.set(lines.size, line.text + (strips || !line.isComplete ? '' : '\n'));
  }
  env.variables.setElements(name, lines);
  return 0;
};
