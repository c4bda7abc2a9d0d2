import { readFile } from '../../../base/file-system.ts';
import type { ByteSource } from '../../../base/program.ts';
import type { Command, CommandContext } from '../../command.ts';
import { errorMessage } from '../../file-messages.ts';
import { emptySource } from '../../pipe.ts';
import { ShellSource } from '../../runtime/open-file.ts';
import { concatenate, LineWriter, readLines } from '../../streams.ts';
import { type Output, openInput, openOutput, pathOf, report } from '../support/files.ts';
import { type Options, readOptions } from '../support/options.ts';
import type { AwkPorts } from './awk-control.ts';
import { unescapeAwk } from './awk-lexer.ts';
import { AwkMachine } from './awk-machine.ts';
import { parseAwk } from './awk-parser.ts';
import { AwkError } from './awk-syntax.ts';
import { inputValue } from './awk-value.ts';

export const awk: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'F:v:f:',
    long: { 'field-separator=': 'F', 'assign=': 'v', 'file=': 'f' },
    usage: "[-F fs] [-v var=value] 'program' [file ...]\nScan files for patterns and process them.",
    stopsAtOperand: true,
  });
  if (typeof options === 'number') return options === 0 ? 0 : 2;
  const operands = [...options.operands];
  try {
    const source = await readProgram(ctx, options, operands);
    if (source === undefined)
      return await report(ctx, 'usage: awk [-F fs][-v var=value][prog | -f progfile][file ...]', 2);
    const runner = new AwkRunner(ctx, operands);
    const machine = new AwkMachine(parseAwk(source), runner);
    runner.prepare(machine, options);
    try {
      return await machine.run();
    } finally {
      await runner.finish();
    }
  } catch (error) {
    if (error instanceof AwkError) return report(ctx, error.message, 2);
    throw error;
  }
};

async function readProgram(
  ctx: CommandContext,
  options: Options,
  operands: string[],
): Promise<string | undefined> {
  const files = options.values('f');
  if (files.length === 0) return operands.shift();
  const texts: string[] = [];
  for (const name of files)
    texts.push(new TextDecoder().decode(await readFile(ctx.host.files, pathOf(ctx, name))));
  return texts.join('\n');
}

/** awk's world: its inputs, redirections and commands. */
class AwkRunner implements AwkPorts {
  readonly #ctx: CommandContext;
  readonly #operands: string[];
  readonly #writer: LineWriter;
  readonly #outputs = new Map<string, Output>();
  readonly #pipes = new Map<string, string[]>();
  readonly #readers = new Map<string, AsyncGenerator<string>>();
  #machine: AwkMachine | undefined;
  #records: AsyncGenerator<string> | undefined;
  #hasRead = false;

  constructor(ctx: CommandContext, operands: string[]) {
    this.#ctx = ctx;
    this.#operands = operands;
    this.#writer = new LineWriter(ctx.stdout);
  }

  prepare(machine: AwkMachine, options: Options): void {
    this.#machine = machine;
    const separator = options.value('F');
    if (separator !== undefined)
      machine.set('FS', separator === 't' ? '\t' : unescapeAwk(separator));
    for (const assignment of options.values('v')) this.#assign(assignment);
    const environment = machine.array('ENVIRON');
    for (const [name, value] of Object.entries(this.#ctx.env))
      environment.set(name, inputValue(value));
    const args = machine.array('ARGV');
    for (const [index, arg] of ['awk', ...this.#operands].entries())
      args.set(String(index), inputValue(arg));
    machine.set('ARGC', this.#operands.length + 1);
  }

  #assign(text: string): void {
    const equals = text.indexOf('=');
    this.#machine?.set(text.slice(0, equals), inputValue(unescapeAwk(text.slice(equals + 1))));
  }

  async nextRecord(): Promise<string | undefined> {
    for (;;) {
      this.#records ??= await this.#openNext();
      if (this.#records === undefined) return undefined;
      const next = await this.#records.next();
      if (next.done !== true) return next.value;
      this.#records = undefined;
    }
  }

  async #openNext(): Promise<AsyncGenerator<string> | undefined> {
    for (;;) {
      const operand = this.#operands.shift();
      if (operand === undefined) {
        if (this.#hasRead) return undefined;
        this.#hasRead = true;
        return this.#readRecords(this.#ctx.stdin, () => Promise.resolve());
      }
      if (/^[A-Za-z_]\w*=/.test(operand)) {
        this.#assign(operand);
        continue;
      }
      this.#hasRead = true;
      try {
        const input = await openInput(this.#ctx, operand);
        this.#machine?.set('FILENAME', operand);
        this.#machine?.set('FNR', 0);
        return this.#readRecords(input.source, () => input.close());
      } catch (error) {
        const message = errorMessage(error);
        if (message === undefined) throw error;
        throw new AwkError(`cannot open "${operand}" (${message})`, { cause: error });
      }
    }
  }

  async *#readRecords(source: ByteSource, close: () => Promise<void>): AsyncGenerator<string> {
    const flushing: ByteSource = {
      isTerminal: false,
      read: async () => {
        await this.#writer.flush();
        return source.read();
      },
    };
    const separator = this.#machine?.text('RS') ?? '\n';
    try {
      if (separator === '') yield* paragraphs(flushing);
      else yield* this.#trimLast(readLines(flushing, separator), separator);
    } finally {
      await close();
    }
  }

  /** With another separator the newline at the input's end belongs to no record. */
  async *#trimLast(records: AsyncGenerator<string>, separator: string): AsyncGenerator<string> {
    if (separator === '\n') {
      yield* records;
      return;
    }
    let held: string | undefined;
    for await (const record of records) {
      if (held !== undefined) yield held;
      held = record;
    }
    const last = held?.replace(/\n$/, '');
    if (last !== undefined && last !== '') yield last;
  }

  write(text: string): Promise<void> | undefined {
    return this.#writer.write(text);
  }

  async redirect(
    { operator, target }: { operator: '>' | '>>' | '|'; target: string },
    text: string,
  ): Promise<void> {
    if (operator === '|') {
      this.#pipes.set(target, [...(this.#pipes.get(target) ?? []), text]);
      return;
    }
    if (target === '/dev/stderr') {
      await this.#ctx.stderr.write(text);
      return;
    }
    if (target === '/dev/stdout') {
      await this.#writer.write(text);
      return;
    }
    const output =
      this.#outputs.get(target) ??
      (await openOutput(this.#ctx, target, operator === '>' ? 'truncate' : 'append'));
    this.#outputs.set(target, output);
    await output.sink.write(text);
  }

  async close(target: string): Promise<number> {
    this.#readers.delete(target);
    await this.#outputs.get(target)?.close();
    this.#outputs.delete(target);
    return this.#runPipe(target);
  }

  async #runPipe(command: string): Promise<number> {
    const texts = this.#pipes.get(command);
    if (texts === undefined) return 0;
    this.#pipes.delete(command);
    await this.#writer.flush();
    let rest: Uint8Array | null = new TextEncoder().encode(texts.join(''));
    const stdin = new ShellSource({
      isTerminal: false,
      read: () => {
        const chunk = rest;
        rest = null;
        return Promise.resolve(chunk);
      },
    });
    return this.#ctx.runShell(shellText(command), { stdin });
  }

  async readLine({
    kind,
    name,
  }: {
    kind: 'file' | 'command';
    name: string;
  }): Promise<string | undefined> {
    let reader = this.#readers.get(name);
    if (reader === undefined) {
      reader =
        kind === 'file'
          ? readLines((await openInput(this.#ctx, name)).source)
          : readLines(await this.#outputOf(name));
      this.#readers.set(name, reader);
    }
    const next = await reader.next();
    return next.done === true ? undefined : next.value;
  }

  async #outputOf(command: string): Promise<ByteSource> {
    const chunks: Uint8Array[] = [];
    const encoder = new TextEncoder();
    const stdout = {
      isTerminal: false,
      write: (data: string | Uint8Array) => {
        chunks.push(typeof data === 'string' ? encoder.encode(data) : data);
        return Promise.resolve();
      },
    };
    await this.#ctx.runShell(shellText(command), { stdout, stdin: new ShellSource(emptySource) });
    let all: Uint8Array | null = concatenate(
      chunks,
      chunks.reduce((sum, chunk) => sum + chunk.length, 0),
    );
    return {
      isTerminal: false,
      read: () => {
        const chunk = all;
        all = null;
        return Promise.resolve(chunk);
      },
    };
  }

  async system(command: string): Promise<number> {
    await this.#writer.flush();
    return this.#ctx.runShell(shellText(command));
  }

  random(): number {
    return this.#ctx.host.random.uint32() / 4_294_967_296;
  }

  nowMs(): number {
    return this.#ctx.host.clock.nowMs();
  }

  checkpoint(): Promise<void> | undefined {
    return this.#ctx.task.isCheckpointDue ? this.#ctx.task.checkpoint() : undefined;
  }

  async finish(): Promise<void> {
    await this.#writer.flush();
    for (const command of [...this.#pipes.keys()]) await this.#runPipe(command);
    for (const output of this.#outputs.values()) await output.close();
  }
}

function shellText(source: string) {
  return { source, name: 'sh', positional: [], options: '', isScript: true };
}

/** RS = "": records are separated by empty lines. */
async function* paragraphs(source: ByteSource): AsyncGenerator<string> {
  let lines: string[] = [];
  for await (const line of readLines(source)) {
    if (line !== '') lines.push(line);
    else if (0 < lines.length) {
      yield lines.join('\n');
      lines = [];
    }
  }
  if (0 < lines.length) yield lines.join('\n');
}
