import type { Command } from '../command.ts';
import { forEachLine, LineWriter } from '../streams.ts';
import { forEachInput } from './support/files.ts';
import { readOptions } from './support/options.ts';

export const cat: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'nbsAETuve',
    long: {
      number: 'n',
      'number-nonblank': 'b',
      'squeeze-blank': 's',
      'show-all': 'A',
      'show-ends': 'E',
      'show-tabs': 'T',
    },
    usage: '[OPTION]... [FILE]...\nConcatenate FILE(s) to standard output.',
  });
  if (typeof options === 'number') return options;
  if (!options.has('n', 'b', 's', 'A', 'E', 'T', 'e')) {
    return forEachInput(ctx, options.operands, async ({ source }) => {
      for (let chunk = await source.read(); chunk !== null; chunk = await source.read()) {
        await ctx.stdout.write(chunk);
      }
    });
  }
  const writer = new LineWriter(ctx.stdout);
  let number = 0;
  let wasBlank = false;
  const status = await forEachInput(ctx, options.operands, ({ source }) =>
    forEachLine(source, writer, async (line) => {
      const isBlank = line === '';
      if (isBlank && wasBlank && options.has('s')) return true;
      wasBlank = isBlank;
      const isNumbered = options.has('b') ? !isBlank : options.has('n');
      const head = isNumbered ? `${String(++number).padStart(6)}\t` : '';
      const shown = options.has('T', 'A') ? line.replaceAll('\t', '^I') : line;
      await writer.write(`${head}${shown}${options.has('E', 'A', 'e') ? '$' : ''}\n`);
      return true;
    }),
  );
  return status;
};
