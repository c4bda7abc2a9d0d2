import type { ByteSource, ProgramContext, ProgramTerminal } from '../../base/program.ts';
import { type Key, KeyDecoder } from '../../shell/interactive/key-decoder.ts';
import {
  type Completion,
  type EditOutcome,
  LineEditor,
} from '../../shell/interactive/line-editor.ts';
import { LineReader } from '../line-reader.ts';

export interface LineInput {
  /** Shows the prompt and waits for a line. */
  next(prompt: string): Promise<EditOutcome>;
}

export interface LineInputOptions {
  readonly history: readonly string[];
  readonly complete: (before: string) => Completion;
}

/** Lines from the terminal, edited with history and completion where it allows that; else as they come. */
export function lineInput(ctx: ProgramContext, options: LineInputOptions): LineInput {
  const { stdin, terminal } = ctx;
  if (terminal === undefined || !stdin.isTerminal) return new PlainInput(ctx);
  return new EditedInput(ctx, terminal, options);
}

class PlainInput implements LineInput {
  readonly #ctx: ProgramContext;
  readonly #lines: LineReader;

  constructor(ctx: ProgramContext) {
    this.#ctx = ctx;
    this.#lines = new LineReader(ctx.stdin);
  }

  async next(prompt: string): Promise<EditOutcome> {
    await this.#ctx.stdout.write(prompt);
    const text = await this.#lines.next();
    return text === undefined ? { kind: 'end' } : { kind: 'line', text };
  }
}

class EditedInput implements LineInput {
  readonly #ctx: ProgramContext;
  readonly #terminal: ProgramTerminal;
  readonly #options: LineInputOptions;
  readonly #decoder = new KeyDecoder();
  readonly #keys: Key[] = [];

  constructor(ctx: ProgramContext, terminal: ProgramTerminal, options: LineInputOptions) {
    this.#ctx = ctx;
    this.#terminal = terminal;
    this.#options = options;
  }

  async next(prompt: string): Promise<EditOutcome> {
    const { history, complete } = this.#options;
    const editor = new LineEditor(
      {
        output: this.#ctx.stdout,
        columns: () => this.#terminal.columns(),
        complete: (before) => Promise.resolve(complete(before)),
        history,
      },
      prompt,
    );
    this.#terminal.setRaw(true);
    try {
      await editor.start();
      return await this.#edit(editor, this.#ctx.stdin);
    } finally {
      this.#terminal.setRaw(false);
    }
  }

  async #edit(editor: LineEditor, source: ByteSource): Promise<EditOutcome> {
    for (;;) {
      const key = this.#keys.shift();
      if (key === undefined) {
        const bytes = await source.read();
        if (bytes === null) return { kind: 'end' };
        this.#keys.push(...this.#decoder.push(bytes));
        continue;
      }
      const outcome = await editor.handle(key);
      if (outcome !== undefined) return outcome;
    }
  }
}
