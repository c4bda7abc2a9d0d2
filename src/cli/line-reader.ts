import type { ByteSource } from '../base/program.ts';

const newline = 10;

/** The lines of a byte stream as text, without their ends (`\n` or `\r\n`). */
export class LineReader {
  readonly #source: ByteSource;
  #parts: Uint8Array[] = [];
  #rest: Uint8Array | undefined;
  #hasEnded = false;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Undefined at the end; a last line needs no newline. */
  async next(): Promise<string | undefined> {
    for (;;) {
      const line = this.#takeLine();
      if (line !== undefined) return line;
      if (this.#hasEnded) return this.#parts.length === 0 ? undefined : this.#join();
      const chunk = await this.#source.read();
      if (chunk === null) this.#hasEnded = true;
      else this.#rest = chunk;
    }
  }

  #takeLine(): string | undefined {
    const rest = this.#rest;
    if (rest === undefined) return undefined;
    const end = rest.indexOf(newline);
    if (end === -1) {
      if (0 < rest.length) this.#parts.push(rest);
      this.#rest = undefined;
      return undefined;
    }
    this.#parts.push(rest.subarray(0, end));
    this.#rest = rest.subarray(end + 1);
    return this.#join();
  }

  #join(): string {
    const decoder = new TextDecoder();
    const text = this.#parts.map((part) => decoder.decode(part, { stream: true })).join('');
    this.#parts = [];
    return (text + decoder.decode()).replace(/\r$/, '');
  }
}
