import { ProcessError, type ProcessInfo } from '../../base/program.ts';
import type { Command, CommandContext } from '../command.ts';
import { formatDate } from '../format/date-format.ts';
import { parseSignal } from '../runtime/signals.ts';
import { report } from './support/files.ts';

export const ps: Command = async (ctx) => {
  const flags = ctx.args.join(' ');
  const all = await allProcesses(ctx);
  const pids = /-p\s*([\d,]+)/.exec(flags)?.[1]?.split(',').map(Number);
  const chosen = pids === undefined ? all : all.filter(({ pid }) => pids.includes(pid));
  const nowMs = ctx.host.clock.nowMs();
  const format = /-o\s*(\S+)/.exec(flags)?.[1];
  if (format !== undefined) await printColumns(ctx, chosen, format.split(','));
  else if (flags.includes('u')) await printUser(ctx, chosen);
  else if (/f/.test(flags)) await printFull(ctx, chosen, nowMs);
  else await printShort(ctx, chosen);
  return pids !== undefined && chosen.length === 0 ? 1 : 0;
};

/** The machine's processes, the shell's own among them, by pid. */
export async function allProcesses(ctx: CommandContext): Promise<ProcessInfo[]> {
  const list = await ctx.host.processes.list();
  return list.toSorted((left, right) => left.pid - right.pid);
}

export function startTime(atMs: number, nowMs: number): string {
  return formatDate(nowMs - atMs < 86_400_000 ? '%H:%M' : '%b%d', atMs);
}

async function printFull(ctx: CommandContext, list: readonly ProcessInfo[], nowMs: number) {
  const lines = list.map(({ pid, parentPid, startedAtMs, command }) => {
    const ids = `${ctx.host.user.padEnd(8)} ${String(pid).padStart(7)} ${String(parentPid).padStart(7)}`;
    return `${ids}  0 ${startTime(startedAtMs, nowMs)} pts/0    00:00:00 ${command.join(' ')}\n`;
  });
  await ctx.stdout.write(
    `UID          PID    PPID  C STIME TTY          TIME CMD\n${lines.join('')}`,
  );
}

async function printUser(ctx: CommandContext, list: readonly ProcessInfo[]): Promise<void> {
  const nowMs = ctx.host.clock.nowMs();
  const lines = list.map(({ pid, startedAtMs, command }) => {
    const head = `${ctx.host.user.padEnd(8)} ${String(pid).padStart(7)}  0.0  0.0      0     0 pts/0    S   `;
    return `${head} ${startTime(startedAtMs, nowMs)}   0:00 ${command.join(' ')}\n`;
  });
  const title = 'USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n';
  await ctx.stdout.write(title + lines.join(''));
}

async function printShort(ctx: CommandContext, list: readonly ProcessInfo[]): Promise<void> {
  const lines = list.map(
    ({ pid, command }) => `${String(pid).padStart(7)} pts/0    00:00:00 ${shortName(command)}\n`,
  );
  await ctx.stdout.write(`    PID TTY          TIME CMD\n${lines.join('')}`);
}

function shortName(command: readonly string[]): string {
  const [first = ''] = command;
  return first.slice(first.lastIndexOf('/') + 1).slice(0, 15);
}

async function printColumns(
  ctx: CommandContext,
  list: readonly ProcessInfo[],
  columns: readonly string[],
) {
  const cell = (process: ProcessInfo, column: string) => {
    if (column === 'pid') return String(process.pid).padStart(7);
    if (column === 'ppid') return String(process.parentPid).padStart(7);
    if (column === 'user') return ctx.host.user.padEnd(8);
    return column === 'comm' ? shortName(process.command) : process.command.join(' ');
  };
  const names = columns.map((column) => column.replace(/=.*$/, ''));
  const hasTitle = !columns.every((column) => column.endsWith('='));
  const titleOf = (name: string) => {
    if (/^p?pid$/.test(name)) return name.toUpperCase().padStart(7);
    return name === 'args' ? 'COMMAND' : name.toUpperCase();
  };
  const titles = names.map(titleOf);
  const lines = list.map((process) => `${names.map((name) => cell(process, name)).join(' ')}\n`);
  await ctx.stdout.write((hasTitle ? `${titles.join(' ')}\n` : '') + lines.join(''));
}

/** Processes whose command line matches; the command that asks is not among them. */
async function matching(
  ctx: CommandContext,
  pattern: string,
  isWhole: boolean,
): Promise<ProcessInfo[]> {
  const matcher = new RegExp(pattern);
  const list = await allProcesses(ctx);
  return list.filter(({ pid, command }) => {
    const text = isWhole ? command.join(' ') : shortName(command);
    return (
      pid !== ctx.host.pid &&
      matcher.test(text) &&
      !/^(pgrep|pkill|killall)$/.test(shortName(command))
    );
  });
}

export const pgrep: Command = async (ctx) => {
  const pattern = ctx.args.findLast((arg) => !arg.startsWith('-'));
  if (pattern === undefined) return report(ctx, 'no matching criteria specified', 2);
  const flags = ctx.args.filter((arg) => arg.startsWith('-')).join('');
  const found = await matching(ctx, pattern, flags.includes('f'));
  const lines = found.map(({ pid, command }) => {
    if (flags.includes('a')) return `${pid} ${command.join(' ')}\n`;
    return flags.includes('l') ? `${pid} ${shortName(command)}\n` : `${pid}\n`;
  });
  await ctx.stdout.write(lines.join(''));
  return found.length === 0 ? 1 : 0;
};

export const pkill: Command = async (ctx) => {
  const pattern = ctx.args.findLast((arg) => !arg.startsWith('-'));
  if (pattern === undefined) return report(ctx, 'no matching criteria specified', 2);
  const flags = ctx.args.filter((arg) => arg.startsWith('-'));
  const signal = flags
    .map((flag) => parseSignal(flag.slice(1)))
    .find((found) => found !== undefined);
  const isWhole = flags.includes('-f');
  const found = await matching(ctx, ctx.name === 'killall' ? `^${pattern}$` : pattern, isWhole);
  for (const { pid } of found) await killQuietly(ctx, pid, signal ?? 'SIGTERM');
  if (found.length === 0 && ctx.name === 'killall')
    return report(ctx, `${pattern}: no process found`);
  return found.length === 0 ? 1 : 0;
};

async function killQuietly(
  ctx: CommandContext,
  pid: number,
  signal: NonNullable<ReturnType<typeof parseSignal>>,
) {
  try {
    await ctx.host.processes.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error;
  }
}
