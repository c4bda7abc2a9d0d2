import type { Command, CommandContext } from '../command.ts';
import { emptySource } from '../pipe.ts';
import { ShellSource } from '../runtime/open-file.ts';
import { readText } from '../streams.ts';
import { report } from './support/files.ts';
import { type Options, readOptions } from './support/options.ts';

/** Arguments that one command line takes. */
const argumentsMax = 5000;

export const xargs: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'n:I:i0rtd:L:P:s:',
    long: {
      'max-args=': 'n',
      'replace=': 'I',
      null: '0',
      'no-run-if-empty': 'r',
      verbose: 't',
      'delimiter=': 'd',
      'max-lines=': 'L',
      'max-procs=': 'P',
    },
    usage:
      '[OPTION]... COMMAND [INITIAL-ARGS]...\nRun COMMAND with arguments read from standard input.\n  -n MAX arguments a line  -I REPLACE one line at a time  -0 items end in NUL  -r not when empty  -P at once',
    stopsAtOperand: true,
  });
  if (typeof options === 'number') return options;
  const text = await readText(ctx.stdin);
  const command = options.operands.length === 0 ? ['echo'] : options.operands;
  const items = splitItems(text, options);
  if (typeof items === 'string') return report(ctx, items);
  const lines = commandLines(command, items, options);
  return runAll(ctx, lines, {
    atOnce: Math.max(1, Number(options.value('P') ?? 1)),
    isTraced: options.has('t'),
  });
};

function splitItems(text: string, options: Options): string[] | string {
  const delimiter = options.has('0')
    ? '\0'
    : options.value('d')?.replace('\\n', '\n').replace('\\t', '\t').replace('\\0', '\0');
  if (delimiter !== undefined) {
    const items = text.split(delimiter);
    return items.at(-1) === '' ? items.slice(0, -1) : items;
  }
  if (options.has('I', 'i', 'L'))
    return text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
  return splitQuoted(text);
}

function splitQuoted(text: string): string[] | string {
  const items: string[] = [];
  const token = /\s*((?:[^\s'"\\]|\\[\s\S]|'[^'\n]*'|"[^"\n]*")+)/y;
  let at = 0;
  for (;;) {
    token.lastIndex = at;
    const match = token.exec(text);
    if (match === null) break;
    at = token.lastIndex;
    items.push((match[1] ?? '').replace(/'([^']*)'|"([^"]*)"|\\([\s\S])/g, '$1$2$3'));
  }
  const rest = text.slice(at).trim();
  if (rest === '') return items;
  const kind = rest.startsWith("'") ? 'single' : 'double';
  return `unmatched ${kind} quote; by default quotes are special to xargs unless you use the -0 option`;
}

function commandLines(
  command: readonly string[],
  items: readonly string[],
  options: Options,
): string[][] {
  const replaced = options.value('I') ?? (options.has('i') ? '{}' : undefined);
  if (replaced !== undefined)
    return items.map((item) => command.map((word) => word.replaceAll(replaced, item)));
  if (items.length === 0) return options.has('r') ? [] : [[...command]];
  const size = Number(options.value('n') ?? options.value('L') ?? argumentsMax);
  const lines: string[][] = [];
  for (let at = 0; at < items.length; at += size) {
    const part = items.slice(at, at + size);
    lines.push([
      ...command,
      ...(options.has('L') ? part.flatMap((line) => line.split(/\s+/)) : part),
    ]);
  }
  return lines;
}

async function runAll(
  ctx: CommandContext,
  lines: readonly (readonly string[])[],
  { atOnce, isTraced }: { atOnce: number; isTraced: boolean },
): Promise<number> {
  let status = 0;
  let next = 0;
  const worker = async () => {
    for (let line = lines[next++]; line !== undefined; line = lines[next++]) {
      if (isTraced) await ctx.stderr.write(`${line.join(' ')}\n`);
      if ((await ctx.which(line[0] ?? '')) === undefined && !ctx.isBuiltin(line[0] ?? '')) {
        status = await report(ctx, `${line[0]}: No such file or directory`, 127);
        return;
      }
      status = combined(status, await ctx.run(line, { stdin: new ShellSource(emptySource) }));
      await ctx.task.checkpoint();
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, 64) }, worker));
  return status;
}

/** xargs' own status after another command has ended. */
function combined(status: number, code: number): number {
  if (code === 127 || code === 126) return code;
  return code !== 0 && status === 0 ? 123 : status;
}
