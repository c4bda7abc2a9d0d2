import type { Cursor } from './cursor.ts';
import { literalWord, type Word } from './syntax.ts';
import { type BodyReader, readDocumentBody, readWord } from './word-reader.ts';

export type Token =
  | { readonly kind: 'word'; readonly word: Word; readonly start: number; readonly end: number }
  | {
      readonly kind: 'operator';
      readonly text: string;
      /** The number written right before a redirection. */
      readonly descriptor?: number;
      readonly start: number;
    }
  | { readonly kind: 'newline'; readonly start: number }
  | { readonly kind: 'end'; readonly start: number };

/** A here-document whose body comes after the next newline. */
export interface PendingDocument {
  readonly delimiter: string;
  readonly isQuoted: boolean;
  readonly stripsTabs: boolean;
  readonly receive: (body: Word) => void;
}

const operators = /&>>|&>|&&|\|\||\|&|;;&|;;|;&|<<<|<<-|<<|<>|<&|>>|>\||>&|[|&;()<>]/y;
const redirection = /\d+(?=[<>])/y;
const blanks = /(?:[ \t]|\\\n)+/y;

export class Lexer {
  readonly #cursor: Cursor;
  readonly #readBody: BodyReader;
  readonly #documents: PendingDocument[] = [];
  /** The end of the text ends a here-document, as in a script; else it asks for more. */
  readonly #endsDocuments: boolean;
  #peeked: Token | undefined;

  constructor(cursor: Cursor, readBody: BodyReader, endsDocuments = false) {
    this.#endsDocuments = endsDocuments;
    this.#cursor = cursor;
    this.#readBody = readBody;
  }

  peek(): Token {
    this.#peeked ??= this.#read();
    return this.#peeked;
  }

  next(): Token {
    const token = this.peek();
    this.#peeked = undefined;
    return token;
  }

  /** Goes back to where the peeked token starts, for readers that look at characters. */
  rewind(): Cursor {
    if (this.#peeked !== undefined) this.#cursor.position = this.#peeked.start;
    this.#peeked = undefined;
    this.#cursor.match(blanks);
    return this.#cursor;
  }

  expectDocument(document: PendingDocument): void {
    this.#documents.push(document);
  }

  get awaitsDocument(): boolean {
    return 0 < this.#documents.length;
  }

  #read(): Token {
    const cursor = this.#cursor;
    cursor.match(blanks);
    if (cursor.peek() === '#') cursor.match(/[^\n]*/y);
    const start = cursor.position;
    if (cursor.isAtEnd) return this.#end(start);
    if (cursor.peek() === '\n') {
      cursor.take();
      this.#readDocuments();
      return { kind: 'newline', start };
    }
    const digits = cursor.match(redirection);
    const isProcess = /^[<>]\($/.test(cursor.peek() + cursor.peek(1));
    const text = isProcess ? undefined : cursor.match(operators);
    if (text !== undefined) {
      if (digits === undefined) return { kind: 'operator', text, start };
      return { kind: 'operator', text, start, descriptor: Number(digits) };
    }
    const word = readWord(cursor, this.#readBody);
    if (word === undefined) throw cursor.fail('syntax error: unexpected character');
    return { kind: 'word', word, start, end: cursor.position };
  }

  #end(start: number): Token {
    const [document] = this.#documents;
    if (document !== undefined && this.#endsDocuments) this.#readDocuments();
    else if (document !== undefined) {
      throw this.#cursor.incomplete(
        `here-document delimited by end-of-file (wanted \`${document.delimiter}')`,
      );
    }
    return { kind: 'end', start };
  }

  #readDocuments(): void {
    for (const document of this.#documents.splice(0)) this.#readDocument(document);
  }

  #readDocument(document: PendingDocument): void {
    const cursor = this.#cursor;
    const lines: string[] = [];
    for (;;) {
      // Simplified: bash warns before it takes what is there.
      if (cursor.isAtEnd && this.#endsDocuments) break;
      if (cursor.isAtEnd) {
        throw cursor.incomplete(
          `here-document delimited by end-of-file (wanted \`${document.delimiter}')`,
        );
      }
      const raw = cursor.match(/[^\n]*/y) ?? '';
      cursor.take();
      const line = document.stripsTabs ? raw.replace(/^\t+/, '') : raw;
      if (line === document.delimiter) break;
      lines.push(`${line}\n`);
    }
    document.receive(this.#documentWord(lines.join(''), document.isQuoted));
  }

  #documentWord(text: string, isQuoted: boolean): Word {
    if (isQuoted) return literalWord(text, true);
    const inner = this.#cursor.fork(text);
    return readDocumentBody(inner, this.#readBody);
  }
}
