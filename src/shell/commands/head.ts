import type { Command, CommandContext } from '../command.ts';
import type { ShellSource } from '../runtime/open-file.ts';
import { forEachLine, LineWriter, readAll } from '../streams.ts';
import { forEachInput, parseSize, report } from './support/files.ts';
import { readOptions } from './support/options.ts';

export const head: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'n:c:qv',
    long: { 'lines=': 'n', 'bytes=': 'c', quiet: 'q', silent: 'q', verbose: 'v' },
    digits: 'n',
    usage: '[OPTION]... [FILE]...\nPrint the first 10 lines of each FILE to standard output.',
  });
  if (typeof options === 'number') return options;
  const isBytes = options.has('c');
  const written = options.value(isBytes ? 'c' : 'n') ?? '10';
  const count = parseSize(written);
  if (count === undefined) {
    return report(ctx, `invalid number of ${isBytes ? 'bytes' : 'lines'}: ‘${written}’`);
  }
  const { operands } = options;
  const hasHeaders = options.has('v') || (1 < operands.length && !options.has('q'));
  return forEachInput(
    ctx,
    operands,
    async ({ name, source }, index) => {
      if (hasHeaders) await ctx.stdout.write(header(name, index));
      if (written.startsWith('-')) await copyAllBut(ctx, source, { count: -count, isBytes });
      else await copyFirst(ctx, source, { count, isBytes });
    },
    (name, message) => `cannot open '${name}' for reading: ${message}`,
  );
};

/** `==> name <==`, as `head` and `tail` put it between files. */
export function header(name: string, index: number): string {
  return `${index === 0 ? '' : '\n'}==> ${name === '-' ? 'standard input' : name} <==\n`;
}

interface Amount {
  readonly count: number;
  readonly isBytes: boolean;
}

async function copyFirst(ctx: CommandContext, source: ShellSource, amount: Amount): Promise<void> {
  let left = amount.count;
  while (0 < left) {
    const chunk = await source.read();
    if (chunk === null) return;
    const end = amount.isBytes ? Math.min(left, chunk.length) : lineEnd(chunk, left);
    left -= amount.isBytes ? end : countLines(chunk, end);
    if (end < chunk.length) source.unread(chunk.subarray(end));
    await ctx.stdout.write(end < chunk.length ? chunk.slice(0, end) : chunk);
  }
}

/** Where the `count`th line of a chunk ends, or its length. */
function lineEnd(chunk: Uint8Array, count: number): number {
  let at = -1;
  for (let line = 0; line < count; line++) {
    at = chunk.indexOf(10, at + 1);
    if (at === -1) return chunk.length;
  }
  return at + 1;
}

function countLines(chunk: Uint8Array, end: number): number {
  let lines = 0;
  for (let at = chunk.indexOf(10); at !== -1 && at < end; at = chunk.indexOf(10, at + 1)) lines++;
  return lines;
}

/** `-n -5`: holds back what may be among the last. */
async function copyAllBut(ctx: CommandContext, source: ShellSource, amount: Amount): Promise<void> {
  if (amount.isBytes) {
    const all = await readAll(source);
    await ctx.stdout.write(all.subarray(0, Math.max(0, all.length - amount.count)));
    return;
  }
  const writer = new LineWriter(ctx.stdout);
  const held: string[] = [];
  await forEachLine(source, writer, async (line) => {
    held.push(line);
    if (amount.count < held.length) await writer.write(`${held.shift() ?? ''}\n`);
    return true;
  });
}
