import type { Command } from '../command.ts';
import { forEachLine, LineWriter } from '../streams.ts';
import { forEachInput } from './support/files.ts';
import { type Options, readOptions } from './support/options.ts';

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
  const show = lineShower(options);
  return forEachInput(ctx, options.operands, ({ source }) =>
    forEachLine(source, writer, async (line) => {
      await writer.write(show(line));
      return true;
    }),
  );
};

/** What a line becomes, its number and marks included; '' for a blank line that is squeezed. */
function lineShower(options: Options): (line: string) => string {
  let number = 0;
  let wasBlank = false;
  const end = options.has('E', 'A', 'e') ? '$' : '';
  return (line) => {
    const isBlank = line === '';
    const isSqueezed = isBlank && wasBlank && options.has('s');
    wasBlank = isBlank;
    if (isSqueezed) return '';
    const isNumbered = options.has('b') ? !isBlank : options.has('n');
    const head = isNumbered ? `${String(++number).padStart(6)}\t` : '';
    const shown = options.has('T', 'A') ? line.replaceAll('\t', '^I') : line;
    return `${head}${shown}${end}\n`;
  };
}
