import { sleep } from '../../base/scheduler.ts';
import type { Command, CommandContext } from '../command.ts';
import { errorMessage } from '../file-messages.ts';
import { concatenate } from '../streams.ts';
import { header } from './head.ts';
import { forEachInput, type Input, parseSize, pathOf, report } from './support/files.ts';
import { readOptions } from './support/options.ts';

const pollMs = 250;

interface Wanted {
  readonly count: number;
  readonly isBytes: boolean;
  /** `+5`: from the fifth on. */
  readonly isFromStart: boolean;
}

export const tail: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'n:c:fFqvs:',
    long: {
      'lines=': 'n',
      'bytes=': 'c',
      follow: 'f',
      retry: 'F',
      quiet: 'q',
      verbose: 'v',
      'sleep-interval=': 's',
      'pid=': 'pid',
    },
    digits: 'n',
    usage:
      '[OPTION]... [FILE]...\nPrint the last 10 lines of each FILE to standard output.\n  -f  output appended data as the file grows; -F also follows a file that is replaced',
  });
  if (typeof options === 'number') return options;
  const isBytes = options.has('c');
  const written = options.value(isBytes ? 'c' : 'n') ?? '10';
  const count = parseSize(written);
  if (count === undefined)
    return report(ctx, `invalid number of ${isBytes ? 'bytes' : 'lines'}: ‘${written}’`);
  const wanted = { count: Math.abs(count), isBytes, isFromStart: written.startsWith('+') };
  const { operands } = options;
  const hasHeaders = options.has('v') || (1 < operands.length && !options.has('q'));
  const status = await forEachInput(
    ctx,
    operands,
    async (input, index) => {
      if (hasHeaders) await ctx.stdout.write(header(input.name, index));
      await copyLast(ctx, input, wanted);
    },
    (name, message) => `cannot open '${name}' for reading: ${message}`,
  );
  if (!options.has('f', 'F') || operands.length === 0) return status;
  await follow(ctx, operands, { byName: options.has('F'), hasHeaders });
  return status;
};

async function copyLast(
  ctx: CommandContext,
  { source, name }: Input,
  wanted: Wanted,
): Promise<void> {
  if (wanted.isFromStart) {
    await copyFrom(ctx, source, wanted);
    return;
  }
  const path = name === '-' ? undefined : pathOf(ctx, name);
  const stat = path === undefined ? undefined : await ctx.host.files.stat(path);
  const isLong = stat !== undefined && 4 * 1024 * 1024 < stat.sizeBytes;
  const tailBytes = isLong && path !== undefined ? await readEnd(ctx, path, wanted) : undefined;
  await ctx.stdout.write(tailBytes ?? (await lastOf(source, wanted)));
}

/** The end of a long file without reading its start; undefined where lines are too long for that. */
async function readEnd(
  ctx: CommandContext,
  path: string,
  { count, isBytes }: Wanted,
): Promise<Uint8Array | undefined> {
  const file = await ctx.host.files.open(path);
  try {
    const length = Math.min(file.sizeBytes, isBytes ? count : 1024 * 1024);
    const bytes = await file.read(file.sizeBytes - length, length);
    if (isBytes) return bytes;
    const start = lastLinesStart(bytes, count);
    return start === 0 ? undefined : bytes.subarray(start);
  } finally {
    await file.close();
  }
}

/** Keeps only chunks that the last lines may be in. */
async function lastOf(source: Input['source'], { count, isBytes }: Wanted): Promise<Uint8Array> {
  let chunks: Uint8Array[] = [];
  let size = 0;
  for (let chunk = await source.read(); chunk !== null; chunk = await source.read()) {
    chunks.push(chunk);
    size += chunk.length;
    if (chunks.length < 64) continue;
    const kept = cut(concatenate(chunks, size), count, isBytes);
    chunks = [kept];
    size = kept.length;
  }
  return cut(concatenate(chunks, size), count, isBytes);
}

function cut(bytes: Uint8Array, count: number, isBytes: boolean): Uint8Array {
  const start = isBytes ? Math.max(0, bytes.length - count) : lastLinesStart(bytes, count);
  return start === 0 ? bytes : bytes.slice(start);
}

function lastLinesStart(bytes: Uint8Array, count: number): number {
  if (count === 0) return bytes.length;
  let at = bytes.length - (bytes.at(-1) === 10 ? 1 : 0);
  for (let lines = 0; lines < count; lines++) {
    at = at === 0 ? -1 : bytes.lastIndexOf(10, at - 1);
    if (at === -1) return 0;
  }
  return at + 1;
}

async function copyFrom(
  ctx: CommandContext,
  source: Input['source'],
  wanted: Wanted,
): Promise<void> {
  let skip = Math.max(0, wanted.count - 1);
  for (let chunk = await source.read(); chunk !== null; chunk = await source.read()) {
    const skipped = wanted.isBytes ? skipBytes(chunk, skip) : skipLines(chunk, skip);
    skip -= skipped.units;
    if (skipped.length < chunk.length) await ctx.stdout.write(chunk.subarray(skipped.length));
  }
}

function skipBytes(chunk: Uint8Array, count: number): { length: number; units: number } {
  const length = Math.min(count, chunk.length);
  return { length, units: length };
}

function skipLines(chunk: Uint8Array, count: number): { length: number; units: number } {
  let length = 0;
  for (let units = 0; units < count; units++) {
    const end = chunk.indexOf(10, length);
    if (end === -1) return { length: chunk.length, units };
    length = end + 1;
  }
  return { length, units: count };
}

interface Followed {
  readonly name: string;
  readonly path: string;
  position: number;
  isMissing: boolean;
}

async function follow(
  ctx: CommandContext,
  operands: readonly string[],
  how: { byName: boolean; hasHeaders: boolean },
): Promise<void> {
  const followed: Followed[] = [];
  for (const name of operands) {
    const path = pathOf(ctx, name);
    const stat = await ctx.host.files.stat(path);
    if (stat === undefined && !how.byName) continue;
    followed.push({ name, path, position: stat?.sizeBytes ?? 0, isMissing: stat === undefined });
  }
  let last = operands.at(-1);
  while (0 < followed.length) {
    for (const file of followed) {
      const bytes = await readNew(ctx, file);
      if (bytes === undefined) continue;
      if (how.hasHeaders && last !== file.name) await ctx.stdout.write(header(file.name, 1));
      last = file.name;
      await ctx.stdout.write(bytes);
    }
    await sleep(ctx.host.scheduler, pollMs, ctx.task.abortSignal);
    await ctx.task.checkpoint();
  }
}

/** What was appended; a file that has become shorter is told about and read from its start. */
async function readNew(ctx: CommandContext, file: Followed): Promise<Uint8Array | undefined> {
  const stat = await ctx.host.files.stat(file.path);
  if (stat === undefined) {
    if (!file.isMissing)
      await report(ctx, `'${file.name}' has become inaccessible: No such file or directory`);
    file.isMissing = true;
    file.position = 0;
    return undefined;
  }
  if (file.isMissing) await report(ctx, `'${file.name}' has appeared;  following new file`);
  file.isMissing = false;
  if (stat.sizeBytes < file.position) {
    await report(ctx, `${file.name}: file truncated`);
    file.position = 0;
  }
  if (stat.sizeBytes === file.position) return undefined;
  try {
    const handle = await ctx.host.files.open(file.path);
    const length = Math.min(stat.sizeBytes - file.position, 1024 * 1024);
    const bytes = await handle.read(file.position, length);
    await handle.close();
    file.position += bytes.length;
    return bytes;
  } catch (error) {
    if (errorMessage(error) === undefined) throw error;
    return undefined;
  }
}
