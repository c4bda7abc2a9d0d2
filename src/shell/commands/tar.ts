import { gunzipSync, gzipSync } from 'fflate';
import { FileError } from '../../base/file-system.ts';
import type { Command, CommandContext } from '../command.ts';
import { errorMessage } from '../file-messages.ts';
import { formatDate } from '../format/date-format.ts';
import { directoryName, joinPath, resolvePath } from '../paths.ts';
import { concatenate, readAll } from '../streams.ts';
import { openInput, openOutput, pathOf, report } from './support/files.ts';
import { modeText } from './support/mode-text.ts';
import { type Options, readOptions } from './support/options.ts';

/** An archive is made and read in memory. */
const archiveBytesMax = 512 * 1024 * 1024;
const blockBytes = 512;

interface TarEntry {
  readonly name: string;
  readonly isFolder: boolean;
  readonly mode: number;
  readonly modifiedAtMs: number;
  readonly content: Uint8Array;
}

class TarError extends Error {
  override readonly name = 'TarError';
}

export const tar: Command = async (ctx) => {
  // `tar czf x` without the dash is how most people write it.
  const [first = '', ...rest] = ctx.args;
  const args = first.startsWith('-') || first === '' ? ctx.args : dashed(first, rest);
  const options = await readOptions(
    { ...ctx, args },
    {
      short: 'cxtzvf:C:pkO',
      long: {
        create: 'c',
        extract: 'x',
        list: 't',
        gzip: 'z',
        verbose: 'v',
        'file=': 'f',
        'directory=': 'C',
        'strip-components=': 'strip',
      },
      usage:
        '-c|-x|-t [-z] [-v] [-f ARCHIVE] [-C DIRECTORY] [FILE]...\nMake, unpack and list archives.',
    },
  );
  if (typeof options === 'number') return options === 0 ? 0 : 2;
  const base = resolvePath(ctx.cwd, options.value('C') ?? '.');
  try {
    if (options.has('c')) return await create(ctx, options, base);
    if (options.has('x', 't')) return await extract(ctx, options, base);
    return await report(
      ctx,
      "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options",
      2,
    );
  } catch (error) {
    if (error instanceof TarError) return report(ctx, error.message, 2);
    const message = errorMessage(error);
    if (message === undefined) throw error;
    return report(
      ctx,
      `${error instanceof FileError ? error.path : ''}: Cannot open: ${message}`,
      2,
    );
  }
};

/** `czf x.tar a` as `-c -z -f x.tar a`. */
function dashed(letters: string, rest: readonly string[]): string[] {
  const values = [...rest];
  const flags = [...letters].flatMap((letter) =>
    letter === 'f' || letter === 'C' ? [`-${letter}`, values.shift() ?? ''] : [`-${letter}`],
  );
  return [...flags, ...values];
}

async function create(ctx: CommandContext, options: Options, base: string): Promise<number> {
  if (options.operands.length === 0)
    throw new TarError('Cowardly refusing to create an empty archive');
  const blocks: Uint8Array[] = [];
  let status = 0;
  for (const name of options.operands) {
    const isThere = await addTree(ctx, { name, base, blocks, isVerbose: options.has('v') });
    if (!isThere) status = await report(ctx, `${name}: Cannot stat: No such file or directory`, 2);
  }
  blocks.push(new Uint8Array(blockBytes * 2));
  const whole = concatenate(
    blocks,
    blocks.reduce((sum, block) => sum + block.length, 0),
  );
  const file = options.value('f') ?? '-';
  const isPacked = options.has('z') || /\.t?gz$/.test(file);
  const bytes = isPacked ? gzipSync(whole) : whole;
  if (file === '-') await ctx.stdout.write(bytes);
  else {
    const output = await openOutput(ctx, file, 'truncate');
    await output.sink.write(bytes);
    await output.close();
  }
  return status;
}

async function addTree(
  ctx: CommandContext,
  parts: { name: string; base: string; blocks: Uint8Array[]; isVerbose: boolean },
): Promise<boolean> {
  await ctx.task.checkpoint();
  const { files } = ctx.host;
  const path = resolvePath(parts.base, parts.name);
  const stat = await files.stat(path);
  if (stat === undefined) return false;
  const isFolder = stat.kind === 'directory';
  const name = parts.name.replace(/^\/+/, '').replace(/\/$/, '') + (isFolder ? '/' : '');
  if (parts.isVerbose) await ctx.stderr.write(`${name}\n`);
  let content = new Uint8Array();
  if (!isFolder) {
    const file = await files.open(path);
    content = Uint8Array.from(await file.read(0, file.sizeBytes));
    await file.close();
  }
  pushEntry(parts.blocks, {
    name,
    isFolder,
    mode: stat.mode,
    modifiedAtMs: stat.modifiedAtMs,
    content,
  });
  if (!isFolder) return true;
  for (const entry of await files.list(path))
    await addTree(ctx, { ...parts, name: joinPath(parts.name, entry.name) });
  return true;
}

function pushEntry(blocks: Uint8Array[], entry: TarEntry): void {
  if (100 < new TextEncoder().encode(entry.name).length) {
    // GNU: a name that does not fit comes before, as the content of an entry of type L.
    const long = new TextEncoder().encode(`${entry.name}\0`);
    blocks.push(header({ ...entry, name: '././@LongLink', content: long }, 'L'), padded(long));
  }
  blocks.push(header(entry, entry.isFolder ? '5' : '0'), padded(entry.content));
}

function padded(content: Uint8Array): Uint8Array {
  const result = new Uint8Array(Math.ceil(content.length / blockBytes) * blockBytes);
  result.set(content);
  return result;
}

/** A ustar header (POSIX.1-1988). */
function header(entry: TarEntry, type: string): Uint8Array {
  const block = new Uint8Array(blockBytes);
  const put = (at: number, text: string) => block.set(new TextEncoder().encode(text), at);
  const octal = (value: number, length: number) =>
    `${value.toString(8).padStart(length - 1, '0')}\0`;
  block.set(new TextEncoder().encode(entry.name).subarray(0, 100), 0);
  put(100, octal(entry.mode & 0o777, 8));
  put(108, octal(1000, 8));
  put(116, octal(1000, 8));
  put(124, octal(entry.content.length, 12));
  put(136, octal(Math.floor(entry.modifiedAtMs / 1000), 12));
  put(148, '        ');
  put(156, type);
  put(257, 'ustar\u000000learner');
  put(297, 'learner');
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return block;
}

async function extract(ctx: CommandContext, options: Options, base: string): Promise<number> {
  const input = await openInput(ctx, options.value('f') ?? '-');
  const raw = await readAll(input.source, archiveBytesMax);
  await input.close();
  const bytes = raw[0] === 0x1f && raw[1] === 0x8b ? unpack(raw) : raw;
  const strip = Number(options.value('strip') ?? 0);
  for (const entry of entriesOf(bytes)) {
    await ctx.task.checkpoint();
    const wanted = options.operands;
    if (
      0 < wanted.length &&
      !wanted.some(
        (name) => entry.name === name || entry.name.startsWith(`${name.replace(/\/$/, '')}/`),
      )
    )
      continue;
    if (options.has('t')) await ctx.stdout.write(listLine(ctx, entry, options.has('v')));
    else
      await unpackEntry(
        ctx,
        { ...entry, name: entry.name.split('/').slice(strip).join('/') },
        { base, isVerbose: options.has('v') },
      );
  }
  return 0;
}

function unpack(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new TarError('gzip: stdin: invalid compressed data', { cause: error });
  }
}

function listLine(ctx: CommandContext, entry: TarEntry, isLong: boolean): string {
  if (!isLong) return `${entry.name}\n`;
  const kind = entry.isFolder ? 'directory' : 'file';
  const mode = modeText({ kind, mode: entry.mode, sizeBytes: 0, modifiedAtMs: 0 });
  const time = formatDate('%Y-%m-%d %H:%M', entry.modifiedAtMs);
  return `${mode} ${ctx.host.user}/${ctx.host.user} ${String(entry.content.length).padStart(9)} ${time} ${entry.name}\n`;
}

async function unpackEntry(
  ctx: CommandContext,
  entry: TarEntry,
  { base, isVerbose }: { base: string; isVerbose: boolean },
): Promise<void> {
  if (entry.name === '') return;
  const path = resolvePath(base, entry.name);
  // An archive may not write outside of the folder in which it is unpacked.
  if (!`${path}/`.startsWith(base === '/' ? '/' : `${base}/`))
    throw new TarError(`${entry.name}: Member name contains '..'`);
  if (isVerbose) await ctx.stdout.write(`${entry.name}\n`);
  const { files, attributes } = ctx.host;
  await files.makeDirectory(entry.isFolder ? path : directoryName(path));
  if (entry.isFolder) return;
  const file = files.create(path);
  file.write(0, [entry.content]);
  await file.close();
  await attributes?.setMode(path, entry.mode);
}

function* entriesOf(bytes: Uint8Array): Generator<TarEntry> {
  let longName: string | undefined;
  for (let at = 0; at + blockBytes <= bytes.length && bytes[at] !== 0; ) {
    const { type, size, ...entry } = readHeader(bytes, at);
    if (Number.isNaN(size) || bytes.length < at + blockBytes + size) {
      throw new TarError('Unexpected EOF in archive');
    }
    const content = bytes.slice(at + blockBytes, at + blockBytes + size);
    const name = longName ?? entry.name;
    longName = type === 'L' ? new TextDecoder().decode(content).replace(/\0+$/, '') : undefined;
    if (/^[05]?$/.test(type)) yield { ...entry, name, isFolder: type === '5', content };
    at += blockBytes + Math.ceil(size / blockBytes) * blockBytes;
  }
}

function readHeader(bytes: Uint8Array, at: number) {
  const text = (offset: number, length: number) => {
    const field = bytes.subarray(at + offset, at + offset + length);
    return new TextDecoder().decode(field).replace(/\0[\s\S]*$/, '');
  };
  const octal = (offset: number, length: number) =>
    Number.parseInt(text(offset, length).trim() || '0', 8);
  const prefix = text(257, 5) === 'ustar' ? text(345, 155) : '';
  const name = prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`;
  const modifiedAtMs = octal(136, 12) * 1000;
  return { name, type: text(156, 1), size: octal(124, 12), mode: octal(100, 8), modifiedAtMs };
}

/** `gzip`, `gunzip`, `zcat`. */
export const gzip: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'dckfv123456789',
    long: { decompress: 'd', stdout: 'c', keep: 'k' },
    usage: '[-d] [-c] [-k] [FILE]...\nCompress or expand files.',
  });
  if (typeof options === 'number') return options;
  const isExpanding = options.has('d') || /^(gunzip|zcat)$/.test(ctx.name);
  const { operands } = options;
  const isToStdout = options.has('c') || ctx.name === 'zcat' || operands.length === 0;
  for (const name of operands.length === 0 ? ['-'] : operands) {
    if (isExpanding && !isToStdout && !name.endsWith('.gz')) {
      return report(ctx, `${name}: unknown suffix -- ignored`, 2);
    }
    const input = await openInput(ctx, name);
    const bytes = await readAll(input.source, archiveBytesMax);
    await input.close();
    const result = isExpanding ? unpack(bytes) : gzipSync(bytes);
    if (isToStdout) await ctx.stdout.write(result);
    else await replaceFile(ctx, { name, result, isExpanding, keeps: options.has('k') });
  }
  return 0;
};

async function replaceFile(
  ctx: CommandContext,
  parts: { name: string; result: Uint8Array; isExpanding: boolean; keeps: boolean },
): Promise<void> {
  const { name, isExpanding } = parts;
  const target = isExpanding ? name.replace(/\.gz$/, '') : `${name}.gz`;
  const output = await openOutput(ctx, target, 'truncate');
  await output.sink.write(parts.result);
  await output.close();
  if (!parts.keeps) await ctx.host.files.remove(pathOf(ctx, name));
}
