import type { Command } from '../command.ts';
import { forEachInput, type Input } from './support/files.ts';
import { readOptions } from './support/options.ts';

interface Counts {
  lines: number;
  words: number;
  characters: number;
  bytes: number;
  longest: number;
}

export const wc: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'lwcmL',
    long: { lines: 'l', words: 'w', bytes: 'c', chars: 'm', 'max-line-length': 'L' },
    usage: '[OPTION]... [FILE]...\nPrint newline, word, and byte counts for each FILE.',
  });
  if (typeof options === 'number') return options;
  const isDefault = !options.has('l', 'w', 'c', 'm', 'L');
  const columns = (counts: Counts) => [
    ...(isDefault || options.has('l') ? [counts.lines] : []),
    ...(isDefault || options.has('w') ? [counts.words] : []),
    ...(options.has('m') ? [counts.characters] : []),
    ...(isDefault || options.has('c') ? [counts.bytes] : []),
    ...(options.has('L') ? [counts.longest] : []),
  ];
  const rows: { counts: Counts; name: string }[] = [];
  const total: Counts = { lines: 0, words: 0, characters: 0, bytes: 0, longest: 0 };
  const onlyBytes = !isDefault && !options.has('l', 'w', 'm', 'L');
  const status = await forEachInput(ctx, options.operands, async (input) => {
    const counts = await count(input, onlyBytes);
    rows.push({ counts, name: input.name });
    total.lines += counts.lines;
    total.words += counts.words;
    total.characters += counts.characters;
    total.bytes += counts.bytes;
    total.longest = Math.max(total.longest, counts.longest);
  });
  if (1 < options.operands.length) rows.push({ counts: total, name: 'total' });
  const isFromStdin = options.operands.length === 0;
  const width = columnWidth(
    rows.map(({ counts }) => columns(counts)),
    total,
    isFromStdin,
  );
  const text = rows.map(({ counts, name }) => {
    const numbers = columns(counts)
      .map((value) => String(value).padStart(width))
      .join(' ');
    return isFromStdin ? `${numbers}\n` : `${numbers} ${name}\n`;
  });
  await ctx.stdout.write(text.join(''));
  return status;
};

function columnWidth(rows: readonly number[][], total: Counts, isFromStdin: boolean): number {
  const [first = []] = rows;
  if (rows.length === 1 && first.length === 1) return 1;
  if (isFromStdin) return 7;
  return String(total.bytes).length;
}

/** Counts as bytes go by. In UTF-8 a character is a byte that does not continue one. */
async function count({ source }: Input, onlyBytes: boolean): Promise<Counts> {
  const counter = new Counter();
  for (let chunk = await source.read(); chunk !== null; chunk = await source.read()) {
    counter.counts.bytes += chunk.length;
    if (!onlyBytes) counter.push(chunk);
  }
  return counter.counts;
}

class Counter {
  readonly counts: Counts = { lines: 0, words: 0, characters: 0, bytes: 0, longest: 0 };
  #isInWord = false;
  #column = 0;

  push(chunk: Uint8Array): void {
    const { counts } = this;
    for (const byte of chunk) {
      if ((byte & 0xc0) === 0x80) continue;
      counts.characters++;
      const isSpace = byte === 32 || (9 <= byte && byte <= 13);
      if (!isSpace && !this.#isInWord) counts.words++;
      this.#isInWord = !isSpace;
      this.#column = byte === 10 ? 0 : this.#column + 1;
      if (byte === 10) counts.lines++;
      if (counts.longest < this.#column) counts.longest = this.#column;
    }
  }
}
