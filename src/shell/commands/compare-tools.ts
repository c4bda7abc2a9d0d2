import type { Command, CommandContext } from '../command.ts';
import { formatDate } from '../format/date-format.ts';
import { readAll, readText } from '../streams.ts';
import { forEachInput, pathOf, report } from './support/files.ts';
import { type Options, readOptions } from './support/options.ts';
import { padToWidth, textWidth } from './support/text-width.ts';

interface Edit {
  readonly kind: ' ' | '-' | '+';
  readonly line: string;
}

/** Longer files are compared as a whole: the table of the comparison would not fit. */
const tableCellsMax = 25_000_000;

export const diff: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'uqbwBiU:rNs',
    long: {
      unified: 'u',
      brief: 'q',
      'ignore-all-space': 'w',
      'ignore-case': 'i',
      'report-identical-files': 's',
    },
    usage:
      '[OPTION]... FILE1 FILE2\nCompare FILES line by line.\n  -u unified  -q only say whether  -i ignore case  -w ignore blanks',
  });
  if (typeof options === 'number') return options === 0 ? 0 : 2;
  const [left, right] = options.operands;
  if (left === undefined || right === undefined)
    return report(ctx, `missing operand after '${left ?? 'diff'}'`, 2);
  const texts = await readBoth(ctx, [left, right]);
  if (texts === undefined) return 2;
  const edits = editsBetween(linesOf(texts[0] ?? ''), linesOf(texts[1] ?? ''), normalizer(options));
  if (edits.every(({ kind }) => kind === ' ')) {
    if (options.has('s')) await ctx.stdout.write(`Files ${left} and ${right} are identical\n`);
    return 0;
  }
  await ctx.stdout.write(await describe(ctx, { left, right, options, edits }));
  return 1;
};

interface Difference {
  readonly left: string;
  readonly right: string;
  readonly options: Options;
  readonly edits: readonly Edit[];
}

async function describe(ctx: CommandContext, difference: Difference): Promise<string> {
  const { left, right, options, edits } = difference;
  if (options.has('q')) return `Files ${left} and ${right} differ\n`;
  if (!options.has('u', 'U')) return plainDiff(edits);
  const head = (await fileHeader(ctx, '---', left)) + (await fileHeader(ctx, '+++', right));
  return head + unified(edits, Number(options.value('U') ?? 3));
}

/** Lines are compared by what this makes of them. */
function normalizer(options: Options): (line: string) => string {
  return (line) => {
    const blank = options.has('w') ? '' : ' ';
    const spaced = options.has('w', 'b') ? line.replace(/\s+/g, blank).trim() : line;
    return options.has('i') ? spaced.toLowerCase() : spaced;
  };
}

/** Undefined: one of them could not be read, and that was reported. */
async function readBoth(
  ctx: CommandContext,
  names: readonly string[],
): Promise<string[] | undefined> {
  const texts: string[] = [];
  const status = await forEachInput(ctx, names, async ({ source }) => {
    texts.push(await readText(source));
  });
  return status === 0 ? texts : undefined;
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

async function fileHeader(ctx: CommandContext, sign: string, name: string): Promise<string> {
  const stat = await ctx.host.files.stat(pathOf(ctx, name));
  const time = formatDate(
    '%Y-%m-%d %H:%M:%S.%N +0000',
    stat?.modifiedAtMs ?? ctx.host.clock.nowMs(),
  );
  return `${sign} ${name}\t${time}\n`;
}

/** The longest common subsequence, by the classic table over what differs in the middle. */
function editsBetween(
  left: readonly string[],
  right: readonly string[],
  normalize: (line: string) => string,
): Edit[] {
  const isSame = (a: number, b: number) => normalize(left[a] ?? '') === normalize(right[b] ?? '');
  let start = 0;
  while (start < left.length && start < right.length && isSame(start, start)) start++;
  let end = 0;
  while (
    end < left.length - start &&
    end < right.length - start &&
    isSame(left.length - 1 - end, right.length - 1 - end)
  )
    end++;
  const keep = (lines: readonly string[]): Edit[] => lines.map((line) => ({ kind: ' ', line }));
  const [a, b] = [left.slice(start, left.length - end), right.slice(start, right.length - end)];
  return [
    ...keep(left.slice(0, start)),
    ...middleEdits(a, b, normalize),
    ...keep(left.slice(left.length - end)),
  ];
}

function middleEdits(
  left: readonly string[],
  right: readonly string[],
  normalize: (line: string) => string,
): Edit[] {
  const removed = (line: string): Edit => ({ kind: '-', line });
  const added = (line: string): Edit => ({ kind: '+', line });
  if (tableCellsMax < left.length * right.length)
    return [...left.map(removed), ...right.map(added)];
  const [a, b] = [left.map(normalize), right.map(normalize)];
  const lengthAt = commonLengths(a, b);
  const edits: Edit[] = [];
  let [i, j] = [0, 0];
  while (i < left.length && j < right.length) {
    if (a[i] === b[j]) {
      edits.push({ kind: ' ', line: left[i++] ?? '' });
      j++;
    } else if (lengthAt(i, j + 1) <= lengthAt(i + 1, j)) edits.push(removed(left[i++] ?? ''));
    else edits.push(added(right[j++] ?? ''));
  }
  return [...edits, ...left.slice(i).map(removed), ...right.slice(j).map(added)];
}

/** Lengths of the longest common subsequences of what is left from each pair of places. */
function commonLengths(
  left: readonly string[],
  right: readonly string[],
): (i: number, j: number) => number {
  const width = right.length + 1;
  const lengths = new Uint32Array((left.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = left.length - 1; 0 <= i; i--) {
    for (let j = right.length - 1; 0 <= j; j--) {
      const best =
        left[i] === right[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
      lengths[i * width + j] = best;
    }
  }
  return at;
}

interface Hunk {
  readonly edits: Edit[];
  readonly leftStart: number;
  readonly rightStart: number;
}

/** Runs of changes with up to `context` unchanged lines around them. */
function hunksOf(edits: readonly Edit[], context: number): Hunk[] {
  const hunks: Hunk[] = [];
  let [left, right] = [1, 1];
  let last = Number.NEGATIVE_INFINITY;
  for (const [index, edit] of edits.entries()) {
    const hunk = hunks.at(-1);
    if (edit.kind !== ' ') {
      if (hunk !== undefined && index - last <= context * 2 + 1)
        hunk.edits.push(...edits.slice(last + 1, index), edit);
      else {
        const before = edits
          .slice(Math.max(0, index - context), index)
          .slice(-(index - Math.max(last + 1, 0)) || undefined);
        const shown = context === 0 ? [] : before;
        hunks.push({
          edits: [...shown, edit],
          leftStart: left - shown.length,
          rightStart: right - shown.length,
        });
      }
      last = index;
    }
    if (edit.kind !== '+') left++;
    if (edit.kind !== '-') right++;
  }
  return hunks;
}

function unified(edits: readonly Edit[], context: number): string {
  let at = 0;
  return hunksOf(edits, context)
    .map((hunk) => {
      const lastChange = hunk.edits.at(-1);
      const index = lastChange === undefined ? at : edits.indexOf(lastChange, at);
      at = index + 1;
      const tail: Edit[] = [];
      for (const edit of edits.slice(index + 1, index + 1 + context)) {
        if (edit.kind !== ' ') break;
        tail.push(edit);
      }
      const all = [...hunk.edits, ...tail];
      const left = all.filter(({ kind }) => kind !== '+').length;
      const right = all.filter(({ kind }) => kind !== '-').length;
      const head = `@@ -${rangeText(hunk.leftStart, left)} +${rangeText(hunk.rightStart, right)} @@\n`;
      return head + all.map(({ kind, line }) => `${kind}${line}\n`).join('');
    })
    .join('');
}

function rangeText(start: number, count: number): string {
  if (count === 1) return String(start);
  return `${count === 0 ? start - 1 : start},${count}`;
}

function plainDiff(edits: readonly Edit[]): string {
  return hunksOf(edits, 0)
    .map(({ edits: inner, leftStart, rightStart }) => {
      const removed = inner.filter(({ kind }) => kind === '-').map(({ line }) => `< ${line}\n`);
      const added = inner.filter(({ kind }) => kind === '+').map(({ line }) => `> ${line}\n`);
      const left = plainRange(leftStart, removed.length);
      const right = plainRange(rightStart, added.length);
      if (removed.length === 0) return `${leftStart - 1}a${right}\n${added.join('')}`;
      if (added.length === 0) return `${left}d${rightStart - 1}\n${removed.join('')}`;
      return `${left}c${right}\n${removed.join('')}---\n${added.join('')}`;
    })
    .join('');
}

function plainRange(start: number, count: number): string {
  return count < 2 ? String(start) : `${start},${start + count - 1}`;
}

export const cmp: Command = async (ctx) => {
  const names = ctx.args.filter((arg) => arg === '-' || !arg.startsWith('-'));
  const [left, right] = names;
  if (left === undefined || right === undefined)
    return report(ctx, `missing operand after '${left ?? 'cmp'}'`, 2);
  const contents: Uint8Array[] = [];
  const status = await forEachInput(ctx, [left, right], async ({ source }) => {
    contents.push(await readAll(source));
  });
  const [a, b] = contents;
  if (status !== 0 || a === undefined || b === undefined) return 2;
  const at = a.findIndex((byte, index) => byte !== b[index]);
  if (at === -1 && a.length === b.length) return 0;
  if (ctx.args.includes('-s')) return 1;
  if (at === -1 || b.length <= at) {
    const shorter = a.length < b.length ? left : right;
    return report(ctx, `EOF on ${shorter} after byte ${Math.min(a.length, b.length)}`);
  }
  const line = a.subarray(0, at).filter((byte) => byte === 10).length + 1;
  await ctx.stdout.write(`${left} ${right} differ: byte ${at + 1}, line ${line}\n`);
  return 1;
};

export const column: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'ts:o:c:',
    long: { table: 't', 'separator=': 's', 'output-separator=': 'o' },
    usage: '[-t] [-s SEPARATOR] [FILE]...\nColumnate lists; -t makes a table.',
  });
  if (typeof options === 'number') return options;
  const separator = options.value('s');
  const rows: string[][] = [];
  const status = await forEachInput(ctx, options.operands, async ({ source }) => {
    for (const line of linesOf(await readText(source))) {
      if (line.trim() === '') continue;
      rows.push(separator === undefined ? line.trim().split(/\s+/) : line.split(separator));
    }
  });
  if (!options.has('t')) {
    await ctx.stdout.write(rows.map((row) => `${row.join(separator ?? ' ')}\n`).join(''));
    return status;
  }
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries())
      widths[index] = Math.max(widths[index] ?? 0, textWidth(cell));
  }
  const between = options.value('o') ?? '  ';
  const lines = rows.map((row) =>
    row
      .map((cell, index) =>
        index === row.length - 1 ? cell : padToWidth(cell, widths[index] ?? 0),
      )
      .join(between),
  );
  await ctx.stdout.write(lines.map((line) => `${line}\n`).join(''));
  return status;
};
