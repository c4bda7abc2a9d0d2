import type { ByteSink } from '../../../base/program.ts';
import type { CommandContext } from '../../command.ts';
import { errorMessage } from '../../file-messages.ts';
import { resolvePath } from '../../paths.ts';
import { openForReading, openForWriting } from '../../runtime/devices.ts';
import { type FileTable, ShellSource } from '../../runtime/open-file.ts';

/** Writes `name: message`; answers 1, the usual status. */
export async function report(ctx: CommandContext, message: string, status = 1): Promise<number> {
  await ctx.stderr.write(`${ctx.name}: ${message}\n`);
  return status;
}

/** `name: Try …` for missing operands. */
export function missingOperand(ctx: CommandContext, message = 'missing operand'): Promise<number> {
  return report(ctx, `${message}\nTry '${ctx.name} --help' for more information.`);
}

export function pathOf(ctx: CommandContext, operand: string): string {
  return resolvePath(ctx.cwd, operand);
}

export interface Input {
  /** As given; `-` for stdin. */
  readonly name: string;
  readonly source: ShellSource;
  close(): Promise<void>;
}

/** Descriptors as `/dev/stdin` and `/dev/fd/63` see them. */
function filesOf(ctx: CommandContext): FileTable {
  return ctx.files;
}

/** Opens a file to read; rejects with FileError. Reads end when the command is killed. */
export async function openInput(ctx: CommandContext, name: string): Promise<Input> {
  if (name === '-') return { name, source: ctx.stdin, close: () => Promise.resolve() };
  const file = await openForReading(pathOf(ctx, name), ctx.host, filesOf(ctx));
  const { source } = file;
  const guarded = new ShellSource({
    isTerminal: false,
    async read() {
      if (ctx.task.isCheckpointDue) await ctx.task.checkpoint();
      return (await source?.read()) ?? null;
    },
  });
  return { name, source: guarded, close: () => file.release() };
}

export interface Output {
  readonly sink: ByteSink;
  close(): Promise<void>;
}

/** Opens a file to write; rejects with FileError. */
export async function openOutput(
  ctx: CommandContext,
  name: string,
  mode: 'truncate' | 'append',
): Promise<Output> {
  const place = { host: ctx.host, files: filesOf(ctx) };
  const file = await openForWriting(pathOf(ctx, name), mode, place);
  const { sink } = file;
  return {
    sink: {
      isTerminal: false,
      async write(data) {
        if (ctx.task.isCheckpointDue) await ctx.task.checkpoint();
        await sink?.write(data);
      },
    },
    close: () => file.release(),
  };
}

/**
 * Runs `each` for every operand in turn, or for stdin where there is none. What cannot be opened or
 * read is reported and makes the status 1 (or `failureStatus`).
 */
export async function forEachInput(
  ctx: CommandContext,
  operands: readonly string[],
  each: (input: Input, index: number) => Promise<unknown>,
  describe: (name: string, message: string) => string = (name, message) => `${name}: ${message}`,
): Promise<number> {
  let status = 0;
  for (const [index, name] of (operands.length === 0 ? ['-'] : operands).entries()) {
    try {
      const input = await openInput(ctx, name);
      try {
        await each(input, index);
      } finally {
        await input.close();
      }
    } catch (error) {
      const message = errorMessage(error);
      if (message === undefined) throw error;
      status = await report(ctx, describe(name, message));
    }
  }
  return status;
}

/** Does something with a path; a FileError is reported with `describe` and answers false. */
export async function attempt(
  ctx: CommandContext,
  action: () => Promise<unknown>,
  describe: (message: string) => string,
): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (error) {
    const message = errorMessage(error);
    if (message === undefined) throw error;
    await report(ctx, describe(message));
    return false;
  }
}

/** A count such as `10`, `5K`, `2MB`; undefined where it is none. */
export function parseSize(text: string): number | undefined {
  const match = /^([-+]?\d+)([bkKMGT]?)(B|iB)?$/.exec(text);
  if (match === null) return undefined;
  const powers: Readonly<Record<string, number>> = { '': 0, k: 1, K: 1, M: 2, G: 3, T: 4 };
  const base = match[3] === 'B' ? 1000 : 1024;
  const factor = match[2] === 'b' ? 512 : base ** (powers[match[2] ?? ''] ?? 0);
  return Number(match[1]) * factor;
}

/** `1536` → `1.5K`, as `ls -h` and `du -h` print it. */
export function humanSize(bytes: number): string {
  const units = ['', 'K', 'M', 'G', 'T', 'P'];
  let value = bytes;
  let unit = 0;
  while (1024 <= value && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  if (unit === 0) return String(bytes);
  const rounded = value < 10 ? Math.ceil(value * 10) / 10 : Math.ceil(value);
  return `${value < 10 && rounded < 10 ? rounded.toFixed(1) : Math.ceil(rounded)}${units[unit] ?? ''}`;
}
