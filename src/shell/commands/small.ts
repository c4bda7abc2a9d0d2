import { sleep as pause } from '../../base/scheduler.ts';
import type { Command, CommandContext } from '../command.ts';
import { formatDate } from '../format/date-format.ts';
import { baseName, directoryName, resolvePath } from '../paths.ts';
import { LineWriter } from '../streams.ts';
import { missingOperand, pathOf, report } from './support/files.ts';
import { readOptions } from './support/options.ts';
import { parseDate } from './support/parse-date.ts';

export const seq: Command = async (ctx) => {
  const options = await readOptions(
    { ...ctx, args: ctx.args.map((arg) => (/^-\d/.test(arg) ? ` ${arg}` : arg)) },
    {
      short: 's:wf:',
      long: { 'separator=': 's', 'equal-width': 'w', 'format=': 'f' },
      usage: '[OPTION]... [FIRST [INCREMENT]] LAST\nPrint numbers from FIRST to LAST.',
    },
  );
  if (typeof options === 'number') return options;
  const words = options.operands.map((word) => word.trim());
  if (words.length === 0) return missingOperand(ctx);
  const bad = words.find((word) => word === '' || Number.isNaN(Number(word)));
  if (bad !== undefined) return missingOperand(ctx, `invalid floating point argument: ‘${bad}’`);
  const numbers = words.map(Number);
  const first = numbers.length === 1 ? 1 : (numbers[0] ?? 1);
  const step = numbers.length === 3 ? (numbers[1] ?? 1) : 1;
  const last = numbers.at(-1) ?? 0;
  if (step === 0) return missingOperand(ctx, `invalid Zero increment value: ‘${words[1]}’`);
  const places = decimalPlaces(words);
  const isWide = options.has('w');
  const width = isWide ? Math.max(first.toFixed(places).length, last.toFixed(places).length) : 0;
  const separator = (options.value('s') ?? '\n').replace('\\n', '\n').replace('\\t', '\t');
  const count = Math.floor((last - first) / step + 1e-9) + 1;
  const textAt = (index: number) => padNumber((first + index * step).toFixed(places), width);
  await writeNumbers(ctx, { count, textAt, separator });
  return 0;
};

async function writeNumbers(
  ctx: CommandContext,
  list: { count: number; textAt: (index: number) => string; separator: string },
): Promise<void> {
  const writer = new LineWriter(ctx.stdout);
  for (let index = 0; index < list.count; index++) {
    const waiting = writer.write((index === 0 ? '' : list.separator) + list.textAt(index));
    if (waiting !== undefined) await waiting;
  }
  if (0 < list.count) await writer.write('\n');
  await writer.flush();
}

/** As many as the first number and the step are written with. */
function decimalPlaces(words: readonly string[]): number {
  const counted = words.length === 1 ? words : words.slice(0, -1);
  return Math.max(0, ...counted.map((word) => word.split('.')[1]?.length ?? 0));
}

function padNumber(text: string, width: number): string {
  if (text.startsWith('-')) return `-${text.slice(1).padStart(width - 1, '0')}`;
  return text.padStart(width, '0');
}

const durationUnits: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** `1.5`, `2m`, `1h` in ms; undefined where the text is none. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d*\.?\d+|\d+\.|inf(?:inity)?)([smhd]?)$/.exec(text);
  if (match === null) return undefined;
  const seconds = match[1]?.startsWith('inf') ? 1e9 : Number(match[1]);
  return seconds * (durationUnits[match[2] ?? ''] ?? 1) * 1000;
}

/** Longer timers than this overflow in hosts. */
const timerMsMax = 2_000_000_000;

export const sleep: Command = async (ctx) => {
  if (ctx.args[0] === '--help') {
    await ctx.stdout.write(
      `Usage: ${ctx.name} NUMBER[SUFFIX]...\nPause for NUMBER seconds; SUFFIX may be s, m, h or d.\n`,
    );
    return 0;
  }
  if (ctx.args.length === 0) return missingOperand(ctx);
  let totalMs = 0;
  for (const arg of ctx.args) {
    const ms = parseDuration(arg);
    if (ms === undefined) return missingOperand(ctx, `invalid time interval ‘${arg}’`);
    totalMs += ms;
  }
  await pause(ctx.host.scheduler, Math.min(totalMs, timerMsMax), ctx.task.abortSignal);
  await ctx.task.checkpoint();
  return 0;
};

export const date: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'd:uIRr:s:',
    long: { 'date=': 'd', utc: 'u', 'iso-8601': 'I', 'rfc-email': 'R', 'reference=': 'r' },
    usage:
      "[OPTION]... [+FORMAT]\nDisplay the time in the given FORMAT.\n  -d STRING  another time, such as @1700000000 or '1 hour ago'  -u UTC",
  });
  if (typeof options === 'number') return options;
  const nowMs = ctx.host.clock.nowMs();
  const written = options.value('d');
  const reference = options.value('r');
  const stat =
    reference === undefined ? undefined : await ctx.host.files.stat(pathOf(ctx, reference));
  const atMs = written === undefined ? (stat?.modifiedAtMs ?? nowMs) : parseDate(written, nowMs);
  if (atMs === undefined) return report(ctx, `invalid date ‘${written}’`);
  const format = options.operands.find((operand) => operand.startsWith('+'))?.slice(1);
  const mail = options.has('R') ? '%a, %d %b %Y %H:%M:%S %z' : '%a %b %e %H:%M:%S %Z %Y';
  const fallback = options.has('I') ? '%Y-%m-%d' : mail;
  await ctx.stdout.write(`${formatDate(format ?? fallback, atMs)}\n`);
  return 0;
};

export const env: Command = async (ctx) => {
  const variables: Record<string, string> = { ...ctx.env };
  let at = 0;
  while (at < ctx.args.length) {
    const taken = takeEnvArgument(variables, ctx.args.slice(at));
    if (taken === 0) break;
    at += taken;
  }
  const argv = ctx.args.slice(at);
  const [name] = argv;
  if (name === '--help') {
    await ctx.stdout.write(
      `Usage: ${ctx.name} [-i] [-u NAME] [NAME=VALUE]... [COMMAND [ARG]...]\nSet each NAME to VALUE in the environment and run COMMAND.\n`,
    );
    return 0;
  }
  if (name !== undefined) {
    if (name.startsWith('-')) return missingOperand(ctx, `invalid option -- '${name.slice(1)}'`);
    if ((await ctx.which(name)) === undefined) {
      return report(ctx, `‘${name}’: No such file or directory`, 127);
    }
    return ctx.run(argv, { env: variables });
  }
  const lines = Object.entries(variables).map(([key, value]) => `${key}=${value}\n`);
  await ctx.stdout.write(lines.join(''));
  return 0;
};

/** Applies one argument before the command; answers how many words it took, 0 at the command. */
function takeEnvArgument(variables: Record<string, string>, args: readonly string[]): number {
  const [arg = '', next = ''] = args;
  if (arg === '-i' || arg === '-') {
    for (const name of Object.keys(variables)) delete variables[name];
    return 1;
  }
  if (arg === '-u') {
    delete variables[next];
    return 2;
  }
  if (arg === '-S' || arg === '--') return 1;
  if (!/^[^-=][^=]*=/.test(arg)) return 0;
  const equals = arg.indexOf('=');
  variables[arg.slice(0, equals)] = arg.slice(equals + 1);
  return 1;
}

export const printenv: Command = async (ctx) => {
  if (ctx.args.length === 0) return env(ctx);
  let status = 0;
  for (const name of ctx.args) {
    const value = ctx.env[name];
    if (value === undefined) status = 1;
    else await ctx.stdout.write(`${value}\n`);
  }
  return status;
};

export const which: Command = async (ctx) => {
  let status = 0;
  for (const name of ctx.args.filter((arg) => arg !== '-a')) {
    const path = await ctx.which(name);
    if (path === undefined) status = 1;
    else await ctx.stdout.write(`${path}\n`);
  }
  return ctx.args.length === 0 ? 1 : status;
};

export const basename: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'as:z',
    long: { multiple: 'a', 'suffix=': 's' },
    usage: 'NAME [SUFFIX]\nPrint NAME with any leading directory components removed.',
  });
  if (typeof options === 'number') return options;
  const { operands } = options;
  const [first, second] = operands;
  if (first === undefined) return missingOperand(ctx);
  const isMultiple = options.has('a', 's');
  if (!isMultiple && 2 < operands.length)
    return missingOperand(ctx, `extra operand '${operands[2]}'`);
  const suffix = options.value('s') ?? (isMultiple ? '' : (second ?? ''));
  const names = (isMultiple ? operands : [first]).map((name) => {
    const base = baseName(name);
    return suffix !== '' && base.endsWith(suffix) && base !== suffix
      ? base.slice(0, -suffix.length)
      : base;
  });
  await ctx.stdout.write(names.map((name) => `${name}\n`).join(''));
  return 0;
};

export const dirname: Command = async (ctx) => {
  if (ctx.args.length === 0) return missingOperand(ctx);
  await ctx.stdout.write(ctx.args.map((name) => `${directoryName(name)}\n`).join(''));
  return 0;
};

export const realpath: Command = async (ctx) => {
  const names = ctx.args.filter((arg) => !arg.startsWith('-'));
  if (names.length === 0) return missingOperand(ctx);
  const isLenient = ctx.args.includes('-m');
  let status = 0;
  for (const name of names) {
    const path = resolvePath(ctx.cwd, name);
    const parent = await ctx.host.files.stat(directoryName(path));
    const isMissing = ctx.args.includes('-e')
      ? (await ctx.host.files.stat(path)) === undefined
      : parent === undefined;
    if (isMissing && !isLenient) status = await report(ctx, `${name}: No such file or directory`);
    else await ctx.stdout.write(`${path}\n`);
  }
  return status;
};

export const yes: Command = async (ctx) => {
  const line = `${ctx.args.length === 0 ? 'y' : ctx.args.join(' ')}\n`;
  const block = new TextEncoder().encode(
    line.repeat(Math.max(1, Math.floor(16_384 / line.length))),
  );
  for (;;) await ctx.stdout.write(block);
};

export const clear: Command = async (ctx) => {
  await ctx.stdout.write('\u001b[H\u001b[2J\u001b[3J');
  return 0;
};

export const hostname: Command = async (ctx) => {
  const isAddress = ctx.args.includes('-i') || ctx.args.includes('-I');
  await ctx.stdout.write(isAddress ? '127.0.0.1\n' : `${ctx.host.hostname}\n`);
  return 0;
};

export const whoami: Command = async (ctx) => {
  await ctx.stdout.write(`${ctx.host.user}\n`);
  return 0;
};

export const id: Command = async (ctx) => {
  const { user } = ctx.host;
  const flags = ctx.args.join('');
  if (flags.includes('u') && !flags.includes('n')) await ctx.stdout.write('1000\n');
  else if (/[ug]/.test(flags)) await ctx.stdout.write(flags.includes('n') ? `${user}\n` : '1000\n');
  else await ctx.stdout.write(`uid=1000(${user}) gid=1000(${user}) groups=1000(${user})\n`);
  return 0;
};

export const uname: Command = async (ctx) => {
  const parts: Readonly<Record<string, string>> = {
    s: 'Linux',
    n: ctx.host.hostname,
    r: '5.15.0-brokerlab',
    v: '#1 SMP',
    m: 'x86_64',
    o: 'GNU/Linux',
  };
  const flags = ctx.args.join('').replace(/-/g, '') || 's';
  const shown = Object.entries(parts).filter(
    ([letter]) => flags.includes('a') || flags.includes(letter),
  );
  await ctx.stdout.write(`${shown.map(([, text]) => text).join(' ')}\n`);
  return 0;
};

export const nproc: Command = async (ctx) => {
  await ctx.stdout.write('2\n');
  return 0;
};
