import type { Command, CommandContext } from '../command.ts';
import { readLines } from '../streams.ts';
import { forEachInput, openOutput, report } from './support/files.ts';
import { type Options, readOptions } from './support/options.ts';

/** All lines are kept in memory: a larger input is refused. */
const linesMax = 5_000_000;

interface Key {
  readonly startField: number;
  readonly startCharacter: number;
  readonly endField: number | undefined;
  readonly endCharacter: number;
  readonly flags: string;
}

export const sort: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'nrhufbgVdsck:t:o:mMiz',
    long: {
      'numeric-sort': 'n',
      reverse: 'r',
      'human-numeric-sort': 'h',
      unique: 'u',
      'ignore-case': 'f',
      'ignore-leading-blanks': 'b',
      'general-numeric-sort': 'g',
      'version-sort': 'V',
      stable: 's',
      check: 'c',
      'key=': 'k',
      'field-separator=': 't',
      'output=': 'o',
      'month-sort': 'M',
      'dictionary-order': 'd',
    },
    usage:
      '[OPTION]... [FILE]...\nWrite sorted concatenation of all FILE(s) to standard output.\n  -n numbers  -h human sizes  -V versions  -r reverse  -u unique  -f ignore case  -k KEY  -t SEPARATOR  -o FILE',
  });
  if (typeof options === 'number') return options;
  const keys = options.values('k').map(parseKey);
  const bad = keys.indexOf(undefined);
  if (bad !== -1)
    return report(ctx, `-: invalid field specification '${options.values('k')[bad]}'`, 2);
  const compare = comparator(
    options,
    keys.filter((key) => key !== undefined),
  );
  const lines: string[] = [];
  const status = await forEachInput(
    ctx,
    options.operands,
    async ({ source }) => {
      for await (const line of readLines(source)) {
        if (linesMax <= lines.length) throw new SortError(`more than ${linesMax} lines`);
        lines.push(line);
      }
    },
    (name, message) => `cannot read: ${name}: ${message}`,
  );
  if (status !== 0) return 2;
  if (options.has('c')) return checkOrder(ctx, lines, compare);
  const sorted = lines.sort(compare.lines);
  const kept = options.has('u')
    ? sorted.filter(
        (line, index) => index === 0 || compare.keys(sorted[index - 1] ?? '', line) !== 0,
      )
    : sorted;
  await writeLines(ctx, options.value('o'), kept);
  return 0;
};

class SortError extends Error {
  override readonly name = 'SortError';
}

async function writeLines(ctx: CommandContext, path: string | undefined, lines: readonly string[]) {
  const output = path === undefined ? undefined : await openOutput(ctx, path, 'truncate');
  const sink = output?.sink ?? ctx.stdout;
  for (let at = 0; at < lines.length; at += 2000) {
    await sink.write(`${lines.slice(at, at + 2000).join('\n')}\n`);
  }
  await output?.close();
}

async function checkOrder(
  ctx: CommandContext,
  lines: readonly string[],
  compare: Comparators,
): Promise<number> {
  const at = lines.findIndex(
    (line, index) => 0 < index && 0 < compare.lines(lines[index - 1] ?? '', line),
  );
  if (at === -1) return 0;
  return await report(ctx, `-:${at + 1}: disorder: ${lines[at]}`);
}

function parseKey(text: string): Key | undefined {
  const match = /^(\d+)(?:\.(\d+))?([a-zA-Z]*)(?:,(\d+)(?:\.(\d+))?([a-zA-Z]*))?$/.exec(text);
  if (match === null || match[1] === '0') return undefined;
  return {
    startField: Number(match[1]) - 1,
    startCharacter: Number(match[2] ?? 1) - 1,
    endField: match[4] === undefined ? undefined : Number(match[4]) - 1,
    endCharacter: Number(match[5] ?? 0),
    flags: (match[3] ?? '') + (match[6] ?? ''),
  };
}

interface Comparators {
  /** By keys alone: what `-u` compares. */
  keys(left: string, right: string): number;
  /** With the whole line as the last resort. */
  lines(left: string, right: string): number;
}

function comparator(options: Options, keys: readonly Key[]): Comparators {
  const global = ['n', 'h', 'g', 'V', 'f', 'b', 'r', 'M', 'd']
    .filter((letter) => options.has(letter))
    .join('');
  const separator = options.value('t');
  const compareKeys = (left: string, right: string) => {
    if (keys.length === 0) return compareBy(left, right, global);
    for (const key of keys) {
      const flags = key.flags === '' ? global : key.flags;
      const order = compareBy(extract(left, key, separator), extract(right, key, separator), flags);
      if (order !== 0) return order;
    }
    return 0;
  };
  return {
    keys: compareKeys,
    lines(left, right) {
      const order = compareKeys(left, right);
      if (order !== 0 || options.has('s', 'u')) return order;
      return compareText(left, right) * (options.has('r') ? -1 : 1);
    },
  };
}

/** Fields run from blank to blank, the blanks before a field being part of it, unless `-t` is given. */
function extract(line: string, key: Key, separator: string | undefined): string {
  const fields =
    separator === undefined
      ? (line.match(/\s*\S+|\s+$/g) ?? [])
      : line.split(separator === '\\t' ? '\t' : separator);
  const joint = separator === undefined ? '' : separator;
  const start = (fields[key.startField] ?? '').slice(key.startCharacter);
  if (key.endField === undefined) return [start, ...fields.slice(key.startField + 1)].join(joint);
  if (key.endField < key.startField) return '';
  const last = fields[key.endField] ?? '';
  const end = key.endCharacter === 0 ? last : last.slice(0, key.endCharacter);
  if (key.endField === key.startField) return end.slice(key.startCharacter);
  return [start, ...fields.slice(key.startField + 1, key.endField), end].join(joint);
}

function compareBy(left: string, right: string, flags: string): number {
  const sign = flags.includes('r') ? -1 : 1;
  if (flags.includes('n') || flags.includes('g')) return (numberOf(left) - numberOf(right)) * sign;
  if (flags.includes('h')) return (humanNumber(left) - humanNumber(right)) * sign;
  if (flags.includes('V')) return compareVersions(left, right) * sign;
  if (flags.includes('M')) return (monthOf(left) - monthOf(right)) * sign;
  const prepare = (text: string) => {
    const trimmed = flags.includes('b') ? text.trimStart() : text;
    return flags.includes('f') ? trimmed.toUpperCase() : trimmed;
  };
  return compareText(prepare(left), prepare(right)) * sign;
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function numberOf(text: string): number {
  const value = Number.parseFloat(text);
  return Number.isNaN(value) ? 0 : value;
}

function humanNumber(text: string): number {
  const match = /^\s*(-?[\d.]+)([KMGTP]?)/.exec(text);
  if (match === null) return 0;
  return Number(match[1]) * 1024 ** ' KMGTP'.indexOf(match[2] || ' ');
}

const monthNames = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');

function monthOf(text: string): number {
  return monthNames.indexOf(text.trim().slice(0, 3).toUpperCase());
}

function compareVersions(left: string, right: string): number {
  const leftParts = left.match(/\d+|\D+/g) ?? [];
  const rightParts = right.match(/\d+|\D+/g) ?? [];
  for (let at = 0; at < Math.max(leftParts.length, rightParts.length); at++) {
    const a = leftParts[at] ?? '';
    const b = rightParts[at] ?? '';
    const order = /^\d/.test(a) && /^\d/.test(b) ? Number(a) - Number(b) : compareText(a, b);
    if (order !== 0) return order;
  }
  return 0;
}
