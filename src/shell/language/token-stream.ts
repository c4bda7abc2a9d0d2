import type { Cursor } from './cursor.ts';
import type { Lexer, Token } from './lexer.ts';
import {
  type Command,
  literalWord,
  plainText,
  type Redirection,
  ShellSyntaxError,
  type Word,
} from './syntax.ts';
import type { BodyReader } from './word-reader.ts';

interface StreamParts {
  readonly cursor: Cursor;
  readonly lexer: Lexer;
  readonly readBody: BodyReader;
  readonly readCommand: (stream: TokenStream) => Command;
  readonly readList: (stream: TokenStream, terminators: readonly string[]) => Command;
  readonly aliases: ReadonlyMap<string, string> | undefined;
}

const redirectionOperators: readonly string[] = [
  '<',
  '>',
  '>>',
  '>|',
  '<>',
  '<&',
  '>&',
  '&>',
  '&>>',
  '<<',
  '<<-',
  '<<<',
];

/** Tokens with what every part of the grammar asks of them. */
export class TokenStream {
  readonly cursor: Cursor;
  readonly readBody: BodyReader;
  /** A newline was taken since this was last cleared: the line of the program is over. */
  tookNewline = false;
  readonly #parts: StreamParts;
  /** Aliases in expansion, with the position in the source where each ends. */
  readonly #activeAliases = new Map<string, number>();
  #end = 0;

  constructor(parts: StreamParts) {
    this.#parts = parts;
    this.cursor = parts.cursor;
    this.readBody = parts.readBody;
  }

  peek(): Token {
    return this.#parts.lexer.peek();
  }

  next(): Token {
    const token = this.#parts.lexer.next();
    this.tookNewline = token.kind === 'newline';
    this.#end = this.cursor.position;
    return token;
  }

  rewind(): Cursor {
    return this.#parts.lexer.rewind();
  }

  readCommand(): Command {
    return this.#parts.readCommand(this);
  }

  readList(...terminators: string[]): Command {
    return this.#parts.readList(this, terminators);
  }

  /** A list that must not be empty, as in every compound command. */
  readBodyList(...terminators: string[]): Command {
    const list = this.readList(...terminators);
    if (list.kind === 'list' && list.items.length === 0) throw this.unexpected(this.peek());
    return list;
  }

  textFrom(start: number): string {
    return this.cursor.source.slice(start, this.#end).trim().replace(/[;&]$/, '').trim();
  }

  skipNewlines(): void {
    while (this.peek().kind === 'newline') this.next();
  }

  takeOperator(...texts: string[]): string | undefined {
    const token = this.peek();
    if (token.kind !== 'operator' || !texts.includes(token.text)) return undefined;
    this.next();
    return token.text;
  }

  expectOperator(text: string): void {
    const token = this.peek();
    if (token.kind === 'operator' && token.text === text) this.next();
    else throw this.unexpected(token);
  }

  takeReserved(word: string): boolean {
    const token = this.peek();
    if (token.kind !== 'word' || plainText(token.word) !== word) return false;
    this.next();
    return true;
  }

  expectReserved(word: string): void {
    if (!this.takeReserved(word)) throw this.unexpected(this.peek());
  }

  takeWord(): Word | undefined {
    const token = this.peek();
    if (token.kind !== 'word') return undefined;
    this.next();
    return token.word;
  }

  unexpected(token: Token): ShellSyntaxError {
    const line = this.cursor.lineAt(token.start);
    if (token.kind === 'end') {
      return new ShellSyntaxError('syntax error: unexpected end of file', line, true);
    }
    const text = tokenText(token);
    return new ShellSyntaxError(`syntax error near unexpected token \`${text}'`, line);
  }

  /** Replaces an alias at the command's first word by its text, in place. */
  expandAlias(): void {
    const { aliases } = this.#parts;
    if (aliases === undefined) return;
    for (;;) {
      const token = this.peek();
      if (token.kind !== 'word') return;
      const name = plainText(token.word);
      const value = name === undefined ? undefined : aliases.get(name);
      if (name === undefined || value === undefined) return;
      const activeUntil = this.#activeAliases.get(name);
      if (activeUntil !== undefined && token.start < activeUntil) return;
      const { cursor } = this;
      cursor.source = cursor.source.slice(0, token.start) + value + cursor.source.slice(token.end);
      this.#activeAliases.set(name, token.start + value.length);
      this.rewind();
    }
  }

  withRedirections(body: Command): Command {
    const redirections: Redirection[] = [];
    while (this.takeRedirection(redirections));
    return redirections.length === 0 ? body : { kind: 'redirected', body, redirections };
  }

  takeRedirection(into: Redirection[]): boolean {
    const token = this.peek();
    if (token.kind !== 'operator' || !redirectionOperators.includes(token.text)) return false;
    this.next();
    const target = this.peek();
    if (target.kind !== 'word') throw this.unexpected(target);
    const descriptor = token.descriptor ?? (token.text.startsWith('<') ? 0 : 1);
    if (token.text === '<<' || token.text === '<<-') {
      this.#expectDocument(into, {
        descriptor,
        word: target.word,
        stripsTabs: token.text === '<<-',
      });
    } else {
      // The list above is exactly the operators of a Redirection.
      const operator = token.text as Redirection['operator'];
      into.push({ operator, descriptor, target: target.word });
    }
    this.next();
    return true;
  }

  #expectDocument(
    into: Redirection[],
    { descriptor, word, stripsTabs }: { descriptor: number; word: Word; stripsTabs: boolean },
  ): void {
    const index = into.length;
    into.push({ operator: '<<', descriptor, target: literalWord('', true) });
    this.#parts.lexer.expectDocument({
      delimiter: word.parts.map((part) => (part.kind === 'literal' ? part.text : '')).join(''),
      isQuoted: word.parts.some((part) => part.kind === 'literal' && part.isQuoted),
      stripsTabs,
      receive: (target) => {
        into[index] = { operator: '<<', descriptor, target };
      },
    });
  }
}

function tokenText(token: Token): string {
  switch (token.kind) {
    case 'word':
      return token.word.text;
    case 'operator':
      return token.text;
    case 'newline':
      return 'newline';
    case 'end':
      return 'end of file';
  }
}
