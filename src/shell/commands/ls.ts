import type { FileStat } from '../../base/file-system.ts';
import type { Command, CommandContext } from '../command.ts';
import { formatDate } from '../format/date-format.ts';
import { joinPath } from '../paths.ts';
import { humanSize, pathOf, report } from './support/files.ts';
import { modeText } from './support/mode-text.ts';
import { type Options, readOptions } from './support/options.ts';
import { padToWidth, textWidth } from './support/text-width.ts';
import { listFolder } from './support/tree.ts';

interface Entry {
  readonly name: string;
  readonly stat: FileStat;
}

const halfYearMs = 15_778_476_000;

export const ls: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'laAhtrR1dSFpiGgonk',
    long: {
      all: 'a',
      'almost-all': 'A',
      'human-readable': 'h',
      reverse: 'r',
      recursive: 'R',
      directory: 'd',
      color: 'color',
      'time-style=': 'time',
      'sort=': 'sort',
    },
    usage:
      '[OPTION]... [FILE]...\nList information about the FILEs (the current directory by default).\n  -l long  -a all  -h human sizes  -t by time  -S by size  -r reverse  -R recursive  -1 one a line  -d folders themselves',
  });
  if (typeof options === 'number') return options;
  const files: Entry[] = [];
  const folders: string[] = [];
  let status = 0;
  for (const name of options.operands.length === 0 ? ['.'] : options.operands) {
    const stat = await ctx.host.files.stat(pathOf(ctx, name));
    if (stat === undefined)
      status = await report(ctx, `cannot access '${name}': No such file or directory`, 2);
    else if (stat.kind === 'directory' && !options.has('d')) folders.push(name);
    else files.push({ name, stat });
  }
  const lister = new Lister(ctx, options);
  if (0 < files.length) await lister.print(sortEntries(files, options));
  const hasTitles = options.has('R') || 1 < options.operands.length;
  for (const [index, folder] of folders.entries()) {
    await lister.folder(folder, {
      hasTitle: hasTitles,
      isFirst: index === 0 && files.length === 0,
    });
  }
  return status;
};

function sortEntries(entries: readonly Entry[], options: Options): readonly Entry[] {
  const key = options.last('t', 'S');
  const sorted = entries.toSorted((left, right) => {
    if (key === 't' && left.stat.modifiedAtMs !== right.stat.modifiedAtMs) {
      return right.stat.modifiedAtMs - left.stat.modifiedAtMs;
    }
    if (key === 'S' && left.stat.sizeBytes !== right.stat.sizeBytes) {
      return right.stat.sizeBytes - left.stat.sizeBytes;
    }
    return left.name < right.name ? -1 : 1;
  });
  return options.has('r') ? sorted.reverse() : sorted;
}

class Lister {
  readonly #ctx: CommandContext;
  readonly #options: Options;
  readonly #isColored: boolean;

  constructor(ctx: CommandContext, options: Options) {
    this.#ctx = ctx;
    this.#options = options;
    const when = options.value('color');
    const wanted = when === undefined ? ctx.stdout.isTerminal : when !== 'never';
    this.#isColored = wanted && (when === 'always' || ctx.stdout.isTerminal);
  }

  async folder(
    path: string,
    { hasTitle, isFirst }: { hasTitle: boolean; isFirst: boolean },
  ): Promise<void> {
    const entries = sortEntries(await this.#read(path), this.#options);
    const title = hasTitle ? `${isFirst ? '' : '\n'}${path}:\n` : '';
    await this.#ctx.stdout.write(title);
    if (this.#options.has('l'))
      await this.#ctx.stdout.write(`total ${blocksOf(entries, this.#options)}\n`);
    await this.print(entries);
    if (!this.#options.has('R')) return;
    for (const { name, stat } of entries) {
      if (stat.kind !== 'directory' || name === '.' || name === '..') continue;
      await this.folder(joinPath(path, name), { hasTitle: true, isFirst: false });
    }
  }

  async #read(path: string): Promise<Entry[]> {
    const { files } = this.#ctx.host;
    const showsAll = this.#options.has('a');
    const names = (await listFolder(this.#ctx, path)).map(({ name }) => name);
    const shown = names.filter(
      (name) => !name.startsWith('.') || showsAll || this.#options.has('A'),
    );
    const all = showsAll ? ['.', '..', ...shown] : shown;
    const entries: Entry[] = [];
    for (const name of all) {
      const stat = await files.stat(pathOf(this.#ctx, joinPath(path, name)));
      if (stat !== undefined) entries.push({ name, stat });
    }
    return entries;
  }

  async print(entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0) return;
    if (this.#options.has('l')) await this.#printLong(entries);
    else if (this.#options.has('1') || !this.#ctx.stdout.isTerminal) {
      await this.#ctx.stdout.write(entries.map((entry) => `${this.#name(entry)}\n`).join(''));
    } else await this.#printColumns(entries);
  }

  async #printLong(entries: readonly Entry[]): Promise<void> {
    const { user, clock } = this.#ctx.host;
    const sizes = entries.map(({ stat }) => this.#size(stat));
    const width = Math.max(...sizes.map((size) => size.length));
    const lines = entries.map((entry, index) => {
      const { stat } = entry;
      const links = stat.kind === 'directory' ? 2 : 1;
      const time = timeText(stat.modifiedAtMs, clock.nowMs());
      const size = sizes[index]?.padStart(width) ?? '';
      return `${modeText(stat)} ${links} ${user} ${user} ${size} ${time} ${this.#name(entry)}\n`;
    });
    await this.#ctx.stdout.write(lines.join(''));
  }

  #size(stat: FileStat): string {
    const bytes = stat.kind === 'directory' ? 4096 : stat.sizeBytes;
    return this.#options.has('h') ? humanSize(bytes) : String(bytes);
  }

  /** As many columns as fit, filled downwards. */
  async #printColumns(entries: readonly Entry[]): Promise<void> {
    const names = entries.map((entry) => this.#name(entry));
    const widths = names.map(textWidth);
    const available = this.#ctx.host.terminal?.size().columns ?? 80;
    const { rows, columns } = layout(widths, available);
    let text = '';
    for (let row = 0; row < rows; row++) {
      let line = '';
      for (let column = 0; column * rows + row < names.length; column++) {
        const name = names[column * rows + row] ?? '';
        const isLast = names.length <= (column + 1) * rows + row;
        line += isLast ? name : padToWidth(name, (columns[column] ?? 0) + 2);
      }
      text += `${line}\n`;
    }
    await this.#ctx.stdout.write(text);
  }

  #name({ name, stat }: Entry): string {
    const isFolder = stat.kind === 'directory';
    const isExecutable = !isFolder && (stat.mode & 0o111) !== 0;
    const marks = this.#options.has('F') || (this.#options.has('p') && isFolder);
    const fileMark = isExecutable && this.#options.has('F') ? '*' : '';
    const mark = isFolder ? '/' : fileMark;
    const suffix = marks ? mark : '';
    const fileColor = isExecutable ? '01;32' : archiveColor(name);
    const color = isFolder ? '01;34' : fileColor;
    if (!this.#isColored || color === '') return name + suffix;
    return `\u001b[${color}m${name}\u001b[0m${suffix}`;
  }
}

function archiveColor(name: string): string {
  return /\.(tar|gz|tgz|zip|zst|jar|xz)$/.test(name) ? '01;31' : '';
}

function blocksOf(entries: readonly Entry[], options: Options): string {
  const bytes = entries.reduce((sum, { stat }) => sum + blockBytes(stat), 0);
  return options.has('h') ? humanSize(bytes) : String(bytes / 1024);
}

/** Room on a disk with blocks of 4 KiB. */
export function blockBytes(stat: FileStat): number {
  return stat.kind === 'directory' ? 4096 : Math.ceil(stat.sizeBytes / 4096) * 4096;
}

function timeText(atMs: number, nowMs: number): string {
  const isRecent = nowMs - halfYearMs < atMs && atMs <= nowMs + 60_000;
  return formatDate(isRecent ? '%b %e %H:%M' : '%b %e  %Y', atMs);
}

function layout(widths: readonly number[], available: number): { rows: number; columns: number[] } {
  for (let rows = 1; rows < widths.length; rows++) {
    const columns: number[] = [];
    for (let start = 0; start < widths.length; start += rows) {
      columns.push(Math.max(...widths.slice(start, start + rows)));
    }
    const total = columns.reduce((sum, width) => sum + width + 2, -2);
    if (total <= available) return { rows, columns };
  }
  return { rows: widths.length, columns: [Math.max(...widths)] };
}
