import type { Command, CommandContext } from '../command.ts';
import { errorMessage } from '../file-messages.ts';
import { forEachLine, LineWriter, readLines, readText } from '../streams.ts';
import {
  forEachInput,
  missingOperand,
  type Output,
  openInput,
  openOutput,
  report,
} from './support/files.ts';
import { readOptions } from './support/options.ts';

export const uniq: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'cduif:s:w:',
    long: {
      count: 'c',
      repeated: 'd',
      unique: 'u',
      'ignore-case': 'i',
      'skip-fields=': 'f',
      'skip-chars=': 's',
      'check-chars=': 'w',
    },
    usage:
      '[OPTION]... [INPUT [OUTPUT]]\nFilter adjacent matching lines.\n  -c count  -d only repeated  -u only unique  -i ignore case  -f N skip fields',
  });
  if (typeof options === 'number') return options;
  const skipFields = Number(options.value('f') ?? 0);
  const skipCharacters = Number(options.value('s') ?? 0);
  const keyOf = (line: string) => {
    const rest = line
      .replace(new RegExp(`^(?:\\s*\\S+){0,${skipFields}}`), '')
      .slice(skipCharacters);
    const cut = options.has('w') ? rest.slice(0, Number(options.value('w'))) : rest;
    return options.has('i') ? cut.toLowerCase() : cut;
  };
  const writer = new LineWriter(ctx.stdout);
  let last: { line: string; key: string; count: number } | undefined;
  const emit = async () => {
    if (last === undefined) return;
    const isShown = options.has('d') ? 1 < last.count : !options.has('u') || last.count === 1;
    const head = options.has('c') ? `${String(last.count).padStart(7)} ` : '';
    if (isShown) await writer.write(`${head}${last.line}\n`);
  };
  const status = await forEachInput(ctx, options.operands.slice(0, 1), ({ source }) =>
    forEachLine(source, writer, async (line) => {
      const key = keyOf(line);
      if (last?.key === key) {
        last.count++;
        return true;
      }
      await emit();
      last = { line, key, count: 1 };
      return true;
    }),
  );
  await emit();
  await writer.flush();
  return status;
};

export const cut: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'd:f:c:b:sn',
    long: {
      'delimiter=': 'd',
      'fields=': 'f',
      'characters=': 'c',
      'bytes=': 'b',
      'only-delimited': 's',
      complement: 'complement',
      'output-delimiter=': 'output',
    },
    usage:
      'OPTION... [FILE]...\nPrint selected parts of lines from each FILE to standard output.\n  -d DELIM  -f LIST fields  -c LIST characters  -s only lines with the delimiter',
  });
  if (typeof options === 'number') return options;
  const list = options.value('f') ?? options.value('c') ?? options.value('b');
  if (list === undefined)
    return missingOperand(ctx, 'you must specify a list of bytes, characters, or fields');
  const ranges = parseRanges(list);
  if (ranges === undefined) {
    const isZero = /(^|,)0/.test(list);
    return missingOperand(
      ctx,
      isZero ? 'fields are numbered from 1' : `invalid field value ‘${list}’`,
    );
  }
  const isSelected = (index: number) =>
    ranges.some(([from, to]) => from <= index && index <= to) !== options.has('complement');
  const delimiter = options.value('d') ?? '\t';
  if (1 < [...delimiter].length)
    return missingOperand(ctx, 'the delimiter must be a single character');
  const outputDelimiter = options.value('output') ?? delimiter;
  const pick = (line: string): string | undefined => {
    if (!options.has('f')) return [...line].filter((_, index) => isSelected(index + 1)).join('');
    if (!line.includes(delimiter)) return options.has('s') ? undefined : line;
    return line
      .split(delimiter)
      .filter((_, index) => isSelected(index + 1))
      .join(outputDelimiter);
  };
  const writer = new LineWriter(ctx.stdout);
  return forEachInput(ctx, options.operands, ({ source }) =>
    forEachLine(source, writer, async (line) => {
      const picked = pick(line);
      if (picked !== undefined) await writer.write(`${picked}\n`);
      return true;
    }),
  );
};

function parseRanges(list: string): [number, number][] | undefined {
  const ranges: [number, number][] = [];
  for (const part of list.split(',')) {
    const match = /^(\d*)(-?)(\d*)$/.exec(part);
    if (match === null || (match[1] === '' && match[3] === '') || match[1] === '0')
      return undefined;
    const from = match[1] === '' ? 1 : Number(match[1]);
    const open = match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3]);
    ranges.push([from, match[2] === '' ? from : open]);
  }
  return ranges;
}

export const tee: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'aip',
    long: { append: 'a', 'ignore-interrupts': 'i' },
    usage:
      '[OPTION]... [FILE]...\nCopy standard input to each FILE, and also to standard output.\n  -a append',
  });
  if (typeof options === 'number') return options;
  const outputs: Output[] = [];
  let status = 0;
  for (const name of options.operands) {
    try {
      outputs.push(await openOutput(ctx, name, options.has('a') ? 'append' : 'truncate'));
    } catch (error) {
      const message = errorMessage(error);
      if (message === undefined) throw error;
      status = await report(ctx, `${name}: ${message}`);
    }
  }
  try {
    for (let chunk = await ctx.stdin.read(); chunk !== null; chunk = await ctx.stdin.read()) {
      for (const { sink } of outputs) await sink.write(chunk);
      await ctx.stdout.write(chunk);
    }
  } finally {
    for (const output of outputs) await output.close();
  }
  return status;
};

export const nl: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'b:w:s:v:n:',
    usage:
      '[OPTION]... [FILE]...\nWrite each FILE to standard output, with line numbers added.\n  -b a number all lines  -w WIDTH  -s SEPARATOR  -v START',
  });
  if (typeof options === 'number') return options;
  const width = Number(options.value('w') ?? 6);
  const separator = options.value('s') ?? '\t';
  let number = Number(options.value('v') ?? 1);
  const writer = new LineWriter(ctx.stdout);
  return forEachInput(ctx, options.operands, ({ source }) =>
    forEachLine(source, writer, async (line) => {
      const isNumbered = line !== '' || options.value('b') === 'a';
      const head = isNumbered
        ? String(number++).padStart(width) + separator
        : ' '.repeat(width + separator.length);
      await writer.write(`${head}${line}\n`);
      return true;
    }),
  );
};

export const rev: Command = async (ctx) => {
  const writer = new LineWriter(ctx.stdout);
  return await forEachInput(ctx, ctx.args, ({ source }) =>
    forEachLine(source, writer, async (line) => {
      await writer.write(`${[...line].reverse().join('')}\n`);
      return true;
    }),
  );
};

export const tac: Command = async (ctx) =>
  forEachInput(ctx, ctx.args, async ({ source }) => {
    const text = await readText(source);
    const lines = text.split(/(?<=\n)/);
    await ctx.stdout.write(lines.reverse().join(''));
  });

export const paste: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'd:s',
    long: { 'delimiters=': 'd', serial: 's' },
    usage:
      '[OPTION]... [FILE]...\nWrite lines consisting of the sequentially corresponding lines from each FILE.',
  });
  if (typeof options === 'number') return options;
  const delimiters = (options.value('d') ?? '\t').replace(/\\t/g, '\t').replace(/\\n/g, '\n') || '';
  const join = (parts: readonly string[]) =>
    parts
      .map((part, index) =>
        index === 0 ? part : delimiters.charAt((index - 1) % Math.max(1, delimiters.length)) + part,
      )
      .join('');
  if (options.has('s')) {
    return forEachInput(ctx, options.operands, async ({ source }) => {
      const lines: string[] = [];
      for await (const line of readLines(source)) lines.push(line);
      await ctx.stdout.write(`${join(lines)}\n`);
    });
  }
  return pasteParallel(ctx, options.operands, join);
};

async function pasteParallel(
  ctx: CommandContext,
  operands: readonly string[],
  join: (parts: readonly string[]) => string,
): Promise<number> {
  const inputs = [];
  for (const name of operands.length === 0 ? ['-'] : operands)
    inputs.push(await openInput(ctx, name));
  // Several `-` take turns at the same lines.
  const shared = readLines(ctx.stdin);
  const readers = inputs.map((input) => (input.name === '-' ? shared : readLines(input.source)));
  const writer = new LineWriter(ctx.stdout);
  for (;;) {
    const parts: string[] = [];
    let isEnd = true;
    for (const reader of readers) {
      const next = await reader.next();
      if (next.done !== true) isEnd = false;
      parts.push(next.done === true ? '' : next.value);
    }
    if (isEnd) break;
    await writer.write(`${join(parts)}\n`);
  }
  await writer.flush();
  for (const input of inputs) await input.close();
  return 0;
}
