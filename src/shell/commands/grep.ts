import type { Command, CommandContext } from '../command.ts';
import { errorMessage } from '../file-messages.ts';
import { forEachLine, LineWriter, readText } from '../streams.ts';
import { type Input, openInput, pathOf, report } from './support/files.ts';
import { type Options, readOptions } from './support/options.ts';
import { translateRegex } from './support/posix-regex.ts';
import { listTree } from './support/tree.ts';

const specification = {
  short: 'ivncrRhHEFPGowxlLqse:f:A:B:C:m:bazZ',
  long: {
    'ignore-case': 'i',
    'invert-match': 'v',
    'line-number': 'n',
    count: 'c',
    recursive: 'r',
    'no-filename': 'h',
    'with-filename': 'H',
    'extended-regexp': 'E',
    'fixed-strings': 'F',
    'perl-regexp': 'P',
    'basic-regexp': 'G',
    'only-matching': 'o',
    'word-regexp': 'w',
    'line-regexp': 'x',
    'files-with-matches': 'l',
    'files-without-match': 'L',
    quiet: 'q',
    silent: 'q',
    'no-messages': 's',
    'regexp=': 'e',
    'file=': 'f',
    'after-context=': 'A',
    'before-context=': 'B',
    'context=': 'C',
    'max-count=': 'm',
    color: 'color',
    colour: 'color',
    'include=': 'include',
    'exclude=': 'exclude',
    'line-buffered': 'u',
    text: 'a',
  },
  digits: 'C',
  usage:
    '[OPTION]... PATTERNS [FILE]...\nSearch for PATTERNS in each FILE.\n  -i ignore case  -v invert  -n line numbers  -c count  -r recursive  -E extended  -F fixed\n  -o only matching  -w words  -l names  -q quiet  -A/-B/-C NUM context  --color',
};

interface Search {
  readonly matcher: RegExp;
  readonly options: Options;
  readonly hasNames: boolean;
  readonly isColored: boolean;
  readonly before: number;
  readonly after: number;
  readonly countMax: number;
  readonly writer: LineWriter;
}

export const grep: Command = async (ctx) => {
  const name = ctx.name.slice(ctx.name.lastIndexOf('/') + 1);
  const options = await readOptions(ctx, specification);
  if (typeof options === 'number') return options === 0 ? 0 : 2;
  const operands = [...options.operands];
  const patterns = await readPatterns(ctx, options, operands);
  if (patterns === undefined) {
    await ctx.stderr.write(
      `Usage: ${ctx.name} [OPTION]... PATTERNS [FILE]...\nTry '${ctx.name} --help' for more information.\n`,
    );
    return 2;
  }
  const matcher = compile(patterns, options, name);
  if (typeof matcher === 'string') return report(ctx, matcher, 2);
  const isRecursive = options.has('r', 'R');
  const names = operands.length === 0 && isRecursive ? ['.'] : operands;
  const context = Number(options.value('C') ?? 0);
  const search: Search = {
    matcher,
    options,
    hasNames: options.has('H') || (!options.has('h') && (1 < names.length || isRecursive)),
    isColored: usesColor(ctx, options),
    before: Number(options.value('B') ?? context),
    after: Number(options.value('A') ?? context),
    countMax: Number(options.value('m') ?? Number.POSITIVE_INFINITY),
    writer: new LineWriter(ctx.stdout),
  };
  return searchAll(ctx, names.length === 0 ? ['-'] : names, search);
};

function usesColor(ctx: CommandContext, options: Options): boolean {
  const when = options.value('color');
  if (when === undefined) return false;
  return when === 'always' || (when !== 'never' && ctx.stdout.isTerminal);
}

async function readPatterns(
  ctx: CommandContext,
  options: Options,
  operands: string[],
): Promise<string[] | undefined> {
  const patterns = [...options.values('e')];
  for (const file of options.values('f')) {
    const input = await openInput(ctx, file);
    patterns.push(...(await readText(input.source)).replace(/\n$/, '').split('\n'));
    await input.close();
  }
  if (patterns.length === 0 && !options.has('f')) {
    const first = operands.shift();
    if (first === undefined) return undefined;
    patterns.push(first);
  }
  return patterns.flatMap((pattern) => pattern.split('\n'));
}

function compile(patterns: readonly string[], options: Options, name: string): RegExp | string {
  const kind = options.last('E', 'F', 'G', 'P') ?? { egrep: 'E', fgrep: 'F' }[name] ?? 'G';
  const dialects = { E: 'extended', F: 'fixed', G: 'basic', P: 'perl' } as const;
  const dialect = dialects[kind as keyof typeof dialects];
  try {
    const sources = patterns.map((pattern) => `(?:${translateRegex(pattern, dialect)})`);
    let source = sources.join('|');
    if (options.has('w')) source = `(?<![\\w])(?:${source})(?![\\w])`;
    if (options.has('x')) source = `^(?:${source})$`;
    return new RegExp(source, options.has('i') ? 'gi' : 'g');
  } catch (error) {
    const isSet = String(error).includes('Unmatched [');
    return isSet ? 'Unmatched [, [^, [:, [., or [=' : 'Invalid regular expression';
  }
}

async function searchAll(
  ctx: CommandContext,
  names: readonly string[],
  search: Search,
): Promise<number> {
  let hasError = false;
  let hasMatch = false;
  for await (const name of expandNames(ctx, names, search.options)) {
    const outcome = await searchFile(ctx, name, search);
    if (outcome === 'error') hasError = true;
    if (outcome === 'match') hasMatch = true;
    if (hasMatch && search.options.has('q')) return 0;
  }
  if (hasError) return 2;
  return hasMatch ? 0 : 1;
}

async function searchFile(
  ctx: CommandContext,
  name: string,
  search: Search,
): Promise<'match' | 'none' | 'error'> {
  try {
    const input = await openInput(ctx, name);
    try {
      return (await searchOne(ctx, input, search)) ? 'match' : 'none';
    } finally {
      await input.close();
    }
  } catch (error) {
    const message = errorMessage(error);
    if (message === undefined) throw error;
    if (!search.options.has('s')) await report(ctx, `${name}: ${message}`);
    return 'error';
  }
}

async function* expandNames(
  ctx: CommandContext,
  names: readonly string[],
  options: Options,
): AsyncGenerator<string> {
  for (const name of names) {
    const stat = name === '-' ? undefined : await ctx.host.files.stat(pathOf(ctx, name));
    if (!options.has('r', 'R') || stat?.kind !== 'directory') yield name;
    else {
      for await (const file of listTree(ctx, name)) {
        const base = file.slice(file.lastIndexOf('/') + 1);
        if (isIncluded(base, options)) yield file;
      }
    }
  }
}

function isIncluded(base: string, options: Options): boolean {
  const matches = (pattern: string) =>
    new RegExp(
      `^${pattern
        .replace(/[.+^${}()|\\]/g, '\\$&')
        .replace(/\*/g, '.*')
        .replace(/\?/g, '.')}$`,
    ).test(base);
  const includes = options.values('include');
  if (0 < includes.length && !includes.some(matches)) return false;
  return !options.values('exclude').some(matches);
}

/** Answers whether a line was selected. */
async function searchOne(ctx: CommandContext, input: Input, search: Search): Promise<boolean> {
  const { options, writer, countMax } = search;
  const isSilent = options.has('q', 'l', 'L', 'c');
  const printer = new MatchPrinter(search, input.name === '-' ? '(standard input)' : input.name);
  let count = 0;
  let number = 0;
  await forEachLine(input.source, writer, async (line) => {
    if (ctx.task.isCheckpointDue) await ctx.task.checkpoint();
    number++;
    const isSelected = count < countMax && isMatch(search, line);
    if (isSelected) count++;
    if (!isSilent) await printer.line(line, number, isSelected);
    return !isDone(search, count);
  });
  await writer.write(summary(search, printer, count));
  await writer.flush();
  return options.has('L') && !options.has('q') ? count === 0 : 0 < count;
}

function isMatch({ matcher, options }: Search, line: string): boolean {
  matcher.lastIndex = 0;
  return matcher.test(line) !== options.has('v');
}

/** No later line of the file can change anything. */
function isDone({ countMax, after, options }: Search, count: number): boolean {
  if (countMax <= count && after === 0) return true;
  return 0 < count && options.has('q', 'l');
}

/** The line that `-l`, `-L` and `-c` print for a file. */
function summary({ options, hasNames }: Search, printer: MatchPrinter, count: number): string {
  if (options.has('q')) return '';
  if (options.has('l')) return 0 < count ? `${printer.shownName}\n` : '';
  if (options.has('L')) return count === 0 ? `${printer.shownName}\n` : '';
  if (!options.has('c')) return '';
  return `${hasNames ? `${printer.name}:` : ''}${count}\n`;
}

const colors = { match: '01;31', name: '35', number: '32', separator: '36' };

class MatchPrinter {
  readonly shownName: string;
  readonly #search: Search;
  readonly #held: { line: string; number: number }[] = [];
  #afterLeft = 0;
  #lastPrinted = 0;

  constructor(search: Search, name: string) {
    this.#search = search;
    this.shownName = name;
  }

  get name(): string {
    return this.#paint(this.shownName, colors.name);
  }

  async line(line: string, number: number, isSelected: boolean): Promise<void> {
    const { before, after } = this.#search;
    if (isSelected) {
      const start = this.#held[0]?.number ?? number;
      const hasContext = 0 < before + after;
      if (hasContext && 0 < this.#lastPrinted && this.#lastPrinted < start - 1) {
        await this.#search.writer.write(`${this.#paint('--', colors.separator)}\n`);
      }
      for (const held of this.#held.splice(0)) await this.#print(held.line, held.number, '-');
      await this.#print(line, number, ':');
      this.#afterLeft = after;
    } else if (0 < this.#afterLeft) {
      this.#afterLeft--;
      await this.#print(line, number, '-');
    } else if (0 < before) {
      this.#held.push({ line, number });
      if (before < this.#held.length) this.#held.shift();
    }
  }

  async #print(line: string, number: number, mark: ':' | '-'): Promise<void> {
    const { options, hasNames, writer } = this.#search;
    const separator = this.#paint(mark, colors.separator);
    const head =
      (hasNames ? this.name + separator : '') +
      (options.has('n') ? this.#paint(String(number), colors.number) + separator : '');
    this.#lastPrinted = number;
    if (options.has('o')) {
      if (mark === '-' || options.has('v')) return;
      this.#search.matcher.lastIndex = 0;
      for (const [match] of line.matchAll(this.#search.matcher)) {
        if (match !== '') await writer.write(`${head}${this.#paint(match, colors.match)}\n`);
      }
      return;
    }
    const isMarked = this.#search.isColored && mark === ':' && !options.has('v');
    const shown = isMarked
      ? line.replace(this.#search.matcher, (match) =>
          match === '' ? '' : this.#paint(match, colors.match),
        )
      : line;
    await writer.write(`${head}${shown}\n`);
  }

  #paint(text: string, color: string): string {
    if (!this.#search.isColored) return text;
    return `\u001b[${color}m\u001b[K${text}\u001b[m\u001b[K`;
  }
}
