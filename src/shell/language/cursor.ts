import { ShellSyntaxError } from './syntax.ts';

/** A deeper nesting than this is refused rather than risking the stack. */
const nestingMax = 200;

/** A place in the source, shared by the lexer, the word reader and the parser. */
export class Cursor {
  source: string;
  position: number;
  readonly #firstLine: number;
  #depth: number;

  constructor(source: string, position = 0, firstLine = 1, depth = 0) {
    this.source = source;
    this.position = position;
    this.#firstLine = firstLine;
    this.#depth = depth;
  }

  get isAtEnd(): boolean {
    return this.source.length <= this.position;
  }

  get line(): number {
    return this.lineAt(this.position);
  }

  lineAt(position: number): number {
    let line = this.#firstLine;
    let at = this.source.indexOf('\n');
    while (at !== -1 && at < position) {
      line++;
      at = this.source.indexOf('\n', at + 1);
    }
    return line;
  }

  peek(offset = 0): string {
    return this.source.charAt(this.position + offset);
  }

  startsWith(text: string): boolean {
    return this.source.startsWith(text, this.position);
  }

  take(length = 1): string {
    const text = this.source.slice(this.position, this.position + length);
    this.position += length;
    return text;
  }

  /** The text that `pattern` (sticky) matches here, taken; or undefined. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.source)?.[0];
    if (found !== undefined) this.position += found.length;
    return found;
  }

  /** A cursor over other text that counts as nested in this place. */
  fork(source: string): Cursor {
    return new Cursor(source, 0, this.line, this.#depth + 1);
  }

  enter(): void {
    this.#depth++;
    if (nestingMax < this.#depth) throw this.fail('syntax error: nested too deeply');
  }

  leave(): void {
    this.#depth--;
  }

  fail(message: string): ShellSyntaxError {
    return new ShellSyntaxError(message, this.line);
  }

  incomplete(message: string): ShellSyntaxError {
    return new ShellSyntaxError(message, this.line, true);
  }

  unexpectedEndLookingFor(delimiter: string): ShellSyntaxError {
    return this.incomplete(`unexpected EOF while looking for matching \`${delimiter}'`);
  }
}
