import EventEmitter from 'events/';
import type { Readable, Writable } from 'readable-stream';

interface InterfaceOptions {
  input: Readable;
  output?: Writable;
  prompt?: string;
}
type Answer = (line: string) => void;

/** `readline.Interface`. Simplified: the terminal edits lines, so there are no keys to handle. */
export class Interface extends EventEmitter {
  readonly input: Readable;
  readonly output: Writable | undefined;
  #prompt: string;
  #rest = '';
  #isClosed = false;
  readonly #questions: Answer[] = [];
  readonly #decoder = new TextDecoder();

  constructor(options: InterfaceOptions) {
    super();
    this.input = options.input;
    this.output = options.output;
    this.#prompt = options.prompt ?? '> ';
    this.input.on('data', (chunk: Uint8Array | string) => this.#take(chunk));
    this.input.on('end', () => {
      if (this.#rest !== '') this.#line(this.#rest);
      this.close();
    });
  }

  setPrompt(prompt: string): void {
    this.#prompt = prompt;
  }

  prompt(): void {
    this.output?.write(this.#prompt);
  }

  question(query: string, ...rest: unknown[]): void {
    this.output?.write(query);
    this.#questions.push(rest.at(-1) as Answer);
  }

  write(text: string): void {
    this.output?.write(text);
  }

  pause(): this {
    this.input.pause();
    return this;
  }

  resume(): this {
    this.input.resume();
    return this;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.input.pause();
    this.emit('close');
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    const lines: string[] = [];
    let wake = () => {};
    this.on('line', (line: string) => {
      lines.push(line);
      wake();
    });
    this.once('close', () => wake());
    for (;;) {
      const line = lines.shift();
      if (line !== undefined) yield line;
      else if (this.#isClosed) return;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  }

  #take(chunk: Uint8Array | string): void {
    this.#rest += typeof chunk === 'string' ? chunk : this.#decoder.decode(chunk, { stream: true });
    const lines = this.#rest.split(/\r?\n/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    const answer = this.#questions.shift();
    if (answer) answer(line);
    else this.emit('line', line);
  }
}

export function createInterface(options: InterfaceOptions): Interface {
  return new Interface(options);
}

/** `readline/promises`. */
class PromisedInterface {
  readonly #lines: Interface;

  constructor(options: InterfaceOptions) {
    this.#lines = new Interface(options);
  }

  question(query: string): Promise<string> {
    return new Promise((resolve) => this.#lines.question(query, resolve));
  }

  on(name: string, listener: (...values: never[]) => void): this {
    this.#lines.on(name, listener);
    return this;
  }

  prompt(): void {
    this.#lines.prompt();
  }

  close(): void {
    this.#lines.close();
  }

  [Symbol.asyncIterator](): AsyncGenerator<string> {
    return this.#lines[Symbol.asyncIterator]();
  }
}

export const promises = {
  Interface: PromisedInterface,
  createInterface: (options: InterfaceOptions) => new PromisedInterface(options),
};
