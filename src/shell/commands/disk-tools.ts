import type { FileStat } from '../../base/file-system.ts';
import type { Command, CommandContext } from '../command.ts';
import { formatDate } from '../format/date-format.ts';
import { joinPath } from '../paths.ts';
import { blockBytes } from './ls.ts';
import { humanSize, openInput, pathOf, report } from './support/files.ts';
import { modeText } from './support/mode-text.ts';
import { type Options, readOptions } from './support/options.ts';
import { listFolder } from './support/tree.ts';

export const du: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'hsacbkmd:x',
    long: {
      'human-readable': 'h',
      summarize: 's',
      all: 'a',
      total: 'c',
      bytes: 'b',
      'max-depth=': 'd',
      'apparent-size': 'A',
    },
    usage:
      '[OPTION]... [FILE]...\nSummarize disk usage of each FILE, recursively for directories.\n  -h human sizes  -s only totals  -a files too  -b bytes  -c grand total',
  });
  if (typeof options === 'number') return options;
  let status = 0;
  let total = 0;
  for (const name of options.operands.length === 0 ? ['.'] : options.operands) {
    const stat = await ctx.host.files.stat(pathOf(ctx, name));
    if (stat === undefined)
      status = await report(ctx, `cannot access '${name}': No such file or directory`);
    else total += await measure(ctx, { name, stat, depth: 0 }, options);
  }
  if (options.has('c')) await ctx.stdout.write(`${sizeText(total, options)}\ttotal\n`);
  return status;
};

async function measure(
  ctx: CommandContext,
  { name, stat, depth }: { name: string; stat: FileStat; depth: number },
  options: Options,
): Promise<number> {
  await ctx.task.checkpoint();
  const isFolder = stat.kind === 'directory';
  const apparent = isFolder ? 4096 : stat.sizeBytes;
  let bytes = options.has('b') ? apparent : blockBytes(stat);
  if (isFolder) {
    for (const entry of await listFolder(ctx, name)) {
      const path = joinPath(name, entry.name);
      const inner = await ctx.host.files.stat(pathOf(ctx, path));
      if (inner !== undefined)
        bytes += await measure(ctx, { name: path, stat: inner, depth: depth + 1 }, options);
    }
  }
  const depthMax = options.has('s') ? 0 : Number(options.value('d') ?? Number.POSITIVE_INFINITY);
  const isShown = depth <= depthMax && (isFolder || options.has('a') || depth === 0);
  if (isShown) await ctx.stdout.write(`${sizeText(bytes, options)}\t${name}\n`);
  return bytes;
}

function sizeText(bytes: number, options: Options): string {
  if (options.has('h')) return humanSize(bytes);
  if (options.has('b')) return String(bytes);
  return String(Math.ceil(bytes / (options.has('m') ? 1_048_576 : 1024)));
}

/** Simplified: a lab machine's disk is what the tab gives it; used is what its files take. */
export const df: Command = async (ctx) => {
  const isHuman = ctx.args.some((arg) => /^-\w*h/.test(arg));
  const usedBytes = await sumOf(ctx, '/');
  const sizeBytes = 4 * 1024 ** 3;
  const cell = (bytes: number) => (isHuman ? humanSize(bytes) : String(Math.ceil(bytes / 1024)));
  const percent = `${Math.ceil((usedBytes / sizeBytes) * 100)}%`;
  const [size, used, free] = [sizeBytes, usedBytes, Math.max(0, sizeBytes - usedBytes)].map(cell);
  const title = isHuman
    ? 'Filesystem      Size  Used Avail Use% Mounted on'
    : 'Filesystem     1K-blocks    Used Available Use% Mounted on';
  const widths = isHuman ? [5, 5, 5] : [9, 7, 9];
  const cells = [size, used, free].map((text, index) => (text ?? '').padStart(widths[index] ?? 5));
  await ctx.stdout.write(
    `${title}\n${'lab'.padEnd(isHuman ? 15 : 14)} ${cells.join(' ')} ${percent.padStart(4)} /\n`,
  );
  return 0;
};

async function sumOf(ctx: CommandContext, folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await ctx.host.files.list(folder)) {
    await ctx.task.checkpoint();
    const path = joinPath(folder, entry.name);
    if (entry.kind === 'directory') bytes += 4096 + (await sumOf(ctx, path));
    else bytes += (await ctx.host.files.stat(path))?.sizeBytes ?? 0;
  }
  return bytes;
}

export const stat: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'c:tfL',
    long: { 'format=': 'c', 'printf=': 'printf' },
    usage:
      '[OPTION]... FILE...\nDisplay file status.\n  -c FORMAT  %n name %s size %y time %Y seconds %a mode %F kind',
  });
  if (typeof options === 'number') return options;
  let status = 0;
  for (const name of options.operands) {
    const found = await ctx.host.files.stat(pathOf(ctx, name));
    if (found === undefined) {
      status = await report(ctx, `cannot statx '${name}': No such file or directory`);
      continue;
    }
    const format = options.value('c') ?? options.value('printf')?.replaceAll('\\n', '\n');
    const text =
      format === undefined
        ? fullStat(ctx, name, found)
        : formatStat(ctx, format, { name, stat: found });
    await ctx.stdout.write(options.has('printf') ? text : `${text}\n`);
  }
  return status;
};

function formatStat(
  ctx: CommandContext,
  format: string,
  { name, stat: found }: { name: string; stat: FileStat },
): string {
  const values: Readonly<Record<string, string>> = {
    n: name,
    s: String(found.kind === 'directory' ? 4096 : found.sizeBytes),
    y: formatDate('%Y-%m-%d %H:%M:%S.%N +0000', found.modifiedAtMs),
    Y: String(Math.floor(found.modifiedAtMs / 1000)),
    a: (found.mode & 0o777).toString(8),
    A: modeText(found),
    F: kindText(found),
    U: ctx.host.user,
    G: ctx.host.user,
    b: String(blockBytes(found) / 512),
    '%': '%',
  };
  return format.replace(/%(.)/g, (all, letter: string) => values[letter] ?? all);
}

function kindText({ kind, sizeBytes }: FileStat): string {
  if (kind === 'directory') return 'directory';
  return sizeBytes === 0 ? 'regular empty file' : 'regular file';
}

function fullStat(ctx: CommandContext, name: string, found: FileStat): string {
  const time = formatDate('%Y-%m-%d %H:%M:%S.%N +0000', found.modifiedAtMs);
  const { user } = ctx.host;
  return formatStat(
    ctx,
    [
      '  File: %n',
      '  Size: %s         Blocks: %b         IO Block: 4096   %F',
      `Access: (0%a/%A)  Uid: ( 1000/${user.padStart(8)})   Gid: ( 1000/${user.padStart(8)})`,
      `Modify: ${time}`,
      `Change: ${time}`,
    ].join('\n'),
    { name, stat: found },
  );
}

export const file: Command = async (ctx) => {
  let status = 0;
  for (const name of ctx.args.filter((arg) => !arg.startsWith('-'))) {
    const found = await ctx.host.files.stat(pathOf(ctx, name));
    if (found === undefined) {
      await ctx.stdout.write(`${name}: cannot open \`${name}' (No such file or directory)\n`);
      status = 1;
    } else await ctx.stdout.write(`${name}: ${await describe(ctx, name, found)}\n`);
  }
  return status;
};

async function describe(ctx: CommandContext, name: string, found: FileStat): Promise<string> {
  if (found.kind === 'directory') return 'directory';
  if (found.sizeBytes === 0) return 'empty';
  const input = await openInput(ctx, name);
  const head = (await input.source.read()) ?? new Uint8Array();
  await input.close();
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip compressed data';
  if (head[0] === 0x50 && head[1] === 0x4b) return 'Zip archive data';
  const sample = head.subarray(0, 4096);
  if (sample.includes(0)) return 'data';
  const text = new TextDecoder().decode(sample);
  const interpreter = /^#!\s*(?:\S*\/env\s+)?\S*?(\w+)\s*\n/.exec(text)?.[1];
  const encoding = sample.some((byte) => 127 < byte) ? 'UTF-8 Unicode text' : 'ASCII text';
  if (interpreter !== undefined) return `${interpreter} script, ${encoding} executable`;
  return /^\s*[{[]/.test(text) ? `JSON data` : encoding;
}

export const free: Command = async (ctx) => {
  const isHuman = ctx.args.some((arg) => /h/.test(arg));
  const cell = (kib: number) => (isHuman ? `${humanSize(kib * 1024)}i` : String(kib)).padStart(11);
  const row = (name: string, kib: readonly number[]) =>
    `${name.padEnd(8)}${kib.map(cell).join(' ')}\n`;
  // Simplified: a tab does not tell its memory; the numbers are those of a small machine.
  const title =
    '               total        used        free      shared  buff/cache   available\n';
  await ctx.stdout.write(
    title +
      row('Mem:', [4_194_304, 1_048_576, 2_097_152, 0, 1_048_576, 3_145_728]) +
      row('Swap:', [0, 0, 0]),
  );
  return 0;
};

export const uptime: Command = async (ctx) => {
  const { clock } = ctx.host;
  const startedAtMs = Math.min(
    ...(await ctx.host.processes.list()).map((process) => process.startedAtMs),
    clock.nowMs(),
  );
  const minutes = Math.floor((clock.nowMs() - startedAtMs) / 60_000);
  const up =
    minutes < 60
      ? `${minutes} min`
      : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
  await ctx.stdout.write(` ${formatDate('%H:%M:%S', clock.nowMs())} up ${up},  1 user\n`);
  return 0;
};
