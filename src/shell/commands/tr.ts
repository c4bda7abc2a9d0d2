import type { Command } from '../command.ts';
import { replaceEscapes } from '../language/ansi-escapes.ts';
import { missingOperand } from './support/files.ts';
import { type Options, readOptions } from './support/options.ts';

export const tr: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'dscCt',
    long: { delete: 'd', 'squeeze-repeats': 's', complement: 'c', 'truncate-set1': 't' },
    usage:
      '[OPTION]... STRING1 [STRING2]\nTranslate, squeeze, and/or delete characters from standard input.\n  -d delete  -s squeeze  -c complement',
  });
  if (typeof options === 'number') return options;
  const [first, second] = options.operands;
  if (first === undefined) return missingOperand(ctx);
  const isDelete = options.has('d');
  if (second === undefined && !isDelete && !options.has('s')) {
    return missingOperand(
      ctx,
      `missing operand after '${first}'\nTwo strings must be given when translating.`,
    );
  }
  const change = translator({ first, second, options });
  const decoder = new TextDecoder();
  for (let chunk = await ctx.stdin.read(); chunk !== null; chunk = await ctx.stdin.read()) {
    let output = '';
    for (const character of decoder.decode(chunk, { stream: true })) output += change(character);
    await ctx.stdout.write(output);
  }
  return 0;
};

interface TrSets {
  readonly first: string;
  readonly second: string | undefined;
  readonly options: Options;
}

/** What becomes of a character, the ones before it considered. */
function translator({ first, second, options }: TrSets): (character: string) => string {
  const isComplement = options.has('c', 'C');
  const from = expandSet(first);
  const members = new Set(from);
  const isIn = (character: string) => members.has(character) !== isComplement;
  const to = second === undefined ? undefined : expandSet(second);
  const isDelete = options.has('d');
  const table = isDelete || to === undefined ? undefined : substitutions(from, to, isComplement);
  const squeezed = squeezeSet({ isSqueeze: options.has('s'), second: to, isIn });
  let last = '';
  return (character) => {
    if (isDelete && isIn(character)) return '';
    const result = table !== undefined && isIn(character) ? table(character) : character;
    if (result === last && squeezed(result)) return '';
    last = result;
    return result;
  };
}

function substitutions(
  from: readonly string[],
  to: readonly string[],
  isComplement: boolean,
): (character: string) => string {
  const rest = to.at(-1) ?? '';
  if (isComplement) return () => rest;
  const table = new Map(from.map((character, index) => [character, to[index] ?? rest]));
  return (character) => table.get(character) ?? character;
}

function squeezeSet(rule: {
  isSqueeze: boolean;
  second: readonly string[] | undefined;
  isIn: (character: string) => boolean;
}): (character: string) => boolean {
  if (!rule.isSqueeze) return () => false;
  if (rule.second === undefined) return rule.isIn;
  const members = new Set(rule.second);
  return (character) => members.has(character);
}

const ranges: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: '0-9A-Za-z',
  upper: 'A-Z',
  lower: 'a-z',
  xdigit: '0-9A-Fa-f',
};

function expandSet(text: string): string[] {
  const named = text.replace(/\[:(\w+):\]/g, (all, name: string) => {
    if (name === 'space') return ' \\t\\n\\v\\f\\r';
    if (name === 'blank') return ' \\t';
    if (name === 'punct') return '!-\\/:-@[-`{-~';
    return ranges[name] ?? all;
  });
  // A backslash before a dash makes it no range: it is set aside while ranges are read.
  const plain = replaceEscapes(named.replace(/\\-/g, '\uE000').replace(/\\(?=[/[\]])/g, '')).text;
  const letters = [...plain];
  const result: string[] = [];
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] ?? '';
    const end = letters[at + 2];
    if (letters[at + 1] !== '-' || end === undefined) {
      result.push(letter === '\uE000' ? '-' : letter);
      continue;
    }
    const last = end.codePointAt(0) ?? 0;
    for (let code = letter.codePointAt(0) ?? 0; code <= last; code++)
      result.push(String.fromCodePoint(code));
    at += 2;
  }
  return result;
}
