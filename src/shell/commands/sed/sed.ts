import { FileError, readFile } from '../../../base/file-system.ts';
import type { ByteSource } from '../../../base/program.ts';
import type { Command, CommandContext } from '../../command.ts';
import { errorMessage } from '../../file-messages.ts';
import { LineWriter, readLines } from '../../streams.ts';
import { type Input, openInput, openOutput, pathOf, report } from '../support/files.ts';
import { type Options, readOptions } from '../support/options.ts';
import { SedMachine, type SedPorts } from './sed-machine.ts';
import { parseSed, type SedCommand, SedError } from './sed-script.ts';

export const sed: Command = async (ctx) => {
  const args = ctx.args.flatMap((arg) =>
    /^-[nErsz]*i./.test(arg) && !arg.startsWith('--')
      ? [arg.replace(/i.*/, 'i'), `--suffix=${arg.replace(/^.*?i/, '')}`]
      : [arg],
  );
  const options = await readOptions(
    { ...ctx, args },
    {
      short: 'ne:f:Erisuz',
      long: {
        quiet: 'n',
        silent: 'n',
        'expression=': 'e',
        'file=': 'f',
        'regexp-extended': 'E',
        'in-place': 'i',
        'suffix=': 'suffix',
        separate: 's',
      },
      usage:
        '[OPTION]... {script} [input-file]...\n  -n no automatic printing  -e SCRIPT  -f FILE  -E extended regular expressions  -i[SUFFIX] edit files in place',
    },
  );
  if (typeof options === 'number') return options;
  const operands = [...options.operands];
  const script = await readScript(ctx, options, operands);
  if (script === undefined) return report(ctx, 'no script specified');
  try {
    const commands = parseSed(script, options.has('E', 'r'));
    if (options.has('i')) return await editFiles(ctx, { commands, options, names: operands });
    return await filter(ctx, { commands, options, names: operands });
  } catch (error) {
    if (error instanceof SedError) return report(ctx, error.message);
    throw error;
  }
};

interface Job {
  readonly commands: readonly SedCommand[];
  readonly options: Options;
  readonly names: readonly string[];
}

async function readScript(
  ctx: CommandContext,
  options: Options,
  operands: string[],
): Promise<string | undefined> {
  const parts = [...options.values('e')];
  for (const name of options.values('f')) {
    parts.push(new TextDecoder().decode(await readFile(ctx.host.files, pathOf(ctx, name))));
  }
  if (parts.length === 0) {
    const first = operands.shift();
    if (first === undefined) return undefined;
    parts.push(first);
  }
  return parts.join('\n').replace(/^#n\n/, '');
}

async function filter(ctx: CommandContext, job: Job): Promise<number> {
  const writer = new LineWriter(ctx.stdout);
  const state = { status: 0 };
  const lines = allLines(ctx, { names: job.names, writer, state });
  const machine = new SedMachine(job.commands, job.options.has('n'), ports(ctx, lines, writer));
  await machine.run();
  await writer.flush();
  await lines.return(undefined);
  return machine.exitStatus || state.status;
}

/** Lines of all inputs, the writer flushed before each wait. */
async function* allLines(
  ctx: CommandContext,
  parts: { names: readonly string[]; writer: LineWriter; state: { status: number } },
): AsyncGenerator<string, void> {
  for (const name of parts.names.length === 0 ? ['-'] : parts.names) {
    let input: Input;
    try {
      input = await openInput(ctx, name);
    } catch (error) {
      const message = errorMessage(error);
      if (message === undefined) throw error;
      parts.state.status = await report(ctx, `can't read ${name}: ${message}`, 2);
      continue;
    }
    const { source } = input;
    const flushing: ByteSource = {
      isTerminal: false,
      async read() {
        await parts.writer.flush();
        return source.read();
      },
    };
    try {
      yield* readLines(flushing);
    } catch (error) {
      const message = errorMessage(error);
      if (message === undefined) throw error;
      parts.state.status = await report(ctx, `couldn't read ${name}: ${message}`, 2);
    } finally {
      await input.close();
    }
  }
}

function ports(
  ctx: CommandContext,
  lines: AsyncGenerator<string, void>,
  writer: LineWriter,
): SedPorts {
  const ahead: IteratorResult<string, void>[] = [];
  return {
    async nextLine() {
      if (ctx.task.isCheckpointDue) await ctx.task.checkpoint();
      const next = ahead.shift() ?? (await lines.next());
      return next.done === true ? undefined : next.value;
    },
    async isLastLine() {
      if (ahead[0] === undefined) ahead.push(await lines.next());
      return ahead[0]?.done === true;
    },
    write: (text) => writer.write(text),
    async readFile(path) {
      try {
        return new TextDecoder().decode(await readFile(ctx.host.files, pathOf(ctx, path)));
      } catch (error) {
        if (error instanceof FileError) return '';
        throw error;
      }
    },
    async writeFile(path, text) {
      const output = await openOutput(ctx, path, 'append');
      await output.sink.write(text);
      await output.close();
    },
  };
}

async function editFiles(ctx: CommandContext, { commands, options, names }: Job): Promise<number> {
  let status = 0;
  for (const name of names) {
    const chunks: string[] = [];
    const writer = new LineWriter({
      isTerminal: false,
      write: async (data) => void chunks.push(String(data)),
    });
    const state = { status: 0 };
    const path = pathOf(ctx, name);
    const before = await ctx.host.files.stat(path);
    const lines = allLines(ctx, { names: [name], writer, state });
    const machine = new SedMachine(commands, options.has('n'), ports(ctx, lines, writer));
    await machine.run();
    await writer.flush();
    for await (const line of lines) chunks.push(`${line}\n`);
    status = state.status || machine.exitStatus || status;
    if (state.status !== 0) continue;
    const suffix = options.value('suffix');
    if (suffix !== undefined) await ctx.host.files.rename(path, path + suffix);
    const output = await openOutput(ctx, name, 'truncate');
    await output.sink.write(chunks.join(''));
    await output.close();
    if (before !== undefined) await ctx.host.attributes?.setMode(path, before.mode);
  }
  return status;
}
