import { isReservedWord, readCompound } from './compound-parser.ts';
import { readConditional } from './conditional-parser.ts';
import { Cursor } from './cursor.ts';
import { Lexer, type Token } from './lexer.ts';
import { readSimpleCommand } from './simple-command-parser.ts';
import {
  type Command,
  type ListItem,
  plainText,
  type Redirection,
  ShellSyntaxError,
} from './syntax.ts';
import { TokenStream } from './token-stream.ts';
import { readArithmetic } from './word-reader.ts';

export interface ParserOptions {
  readonly aliases?: ReadonlyMap<string, string>;
  readonly firstLine?: number;
  /** A here-document ends with the text if its delimiter does not come. */
  readonly endsDocuments?: boolean;
}

/**
 * Reads a program command by command, as bash does: an error in line 9 comes after line 1 to 8 ran.
 * Throws ShellSyntaxError and nothing else.
 */
export class Parser {
  readonly #stream: TokenStream;

  constructor(source: string, options: ParserOptions = {}) {
    const cursor = new Cursor(source, 0, options.firstLine);
    this.#stream = openStream(cursor, options);
  }

  /** The next complete line (with all that it opened), or undefined at the end. */
  next(): Command | undefined {
    const stream = this.#stream;
    stream.skipNewlines();
    if (stream.peek().kind === 'end') return undefined;
    const list = readLine(stream);
    const token = stream.peek();
    if (token.kind === 'newline') stream.next();
    else if (token.kind !== 'end') throw stream.unexpected(token);
    return list;
  }
}

function openStream(cursor: Cursor, { aliases, endsDocuments }: ParserOptions = {}): TokenStream {
  const lexer = new Lexer(cursor, readBody, endsDocuments);
  return new TokenStream({ cursor, lexer, readBody, readCommand, readList, aliases });
}

/** Body of `$( )` (terminator `)`, taken) or of backticks (to the end of the text). */
function readBody(cursor: Cursor, terminator: ')' | ''): Command {
  const stream = openStream(cursor);
  const list = readList(stream, []);
  const token = stream.peek();
  if (terminator === '') {
    if (token.kind !== 'end') throw stream.unexpected(token);
    return list;
  }
  if (token.kind === 'end') throw cursor.unexpectedEndLookingFor(')');
  if (token.kind !== 'operator' || token.text !== ')') throw stream.unexpected(token);
  stream.next();
  return list;
}

/** Commands up to one of `terminators` (reserved words) or an operator that ends a list. */
function readList(stream: TokenStream, terminators: readonly string[]): Command {
  const items: ListItem[] = [];
  stream.skipNewlines();
  while (!isListEnd(stream, terminators)) {
    items.push(readItem(stream));
    stream.skipNewlines();
  }
  return { kind: 'list', items };
}

function isListEnd(stream: TokenStream, terminators: readonly string[]): boolean {
  const token = stream.peek();
  if (token.kind === 'end') return true;
  if (token.kind === 'operator') return token.text === ')' || token.text.startsWith(';');
  return token.kind === 'word' && terminators.includes(plainText(token.word) ?? '');
}

/** One line of a program: items up to its newline. */
function readLine(stream: TokenStream): Command {
  const items: ListItem[] = [];
  while (stream.peek().kind !== 'newline' && stream.peek().kind !== 'end') {
    items.push(readItem(stream));
    if (stream.tookNewline) break;
  }
  return { kind: 'list', items };
}

function readItem(stream: TokenStream): ListItem {
  const { start } = stream.peek();
  stream.tookNewline = false;
  const command = readAndOr(stream);
  const text = stream.textFrom(start);
  const token = stream.peek();
  if (token.kind !== 'operator') return { command, isBackground: false, text };
  if (token.text !== ';' && token.text !== '&') return { command, isBackground: false, text };
  stream.next();
  return { command, isBackground: token.text === '&', text };
}

function readAndOr(stream: TokenStream): Command {
  let left = readPipeline(stream);
  for (;;) {
    const operator = stream.takeOperator('&&', '||');
    if (operator === undefined) return left;
    stream.skipNewlines();
    const right = readPipeline(stream);
    left = { kind: 'and-or', operator: operator === '&&' ? '&&' : '||', left, right };
  }
}

function readPipeline(stream: TokenStream): Command {
  let isNegated = false;
  let isTimed = false;
  for (;;) {
    if (stream.takeReserved('!')) isNegated = !isNegated;
    else if (stream.takeReserved('time')) {
      isTimed = true;
      stream.takeReserved('-p');
    } else break;
  }
  const commands = readPipelineCommands(stream, isTimed || isNegated);
  const [only] = commands;
  if (only !== undefined && commands.length === 1 && !isNegated && !isTimed) return only;
  return { kind: 'pipeline', commands, isNegated, isTimed };
}

function readPipelineCommands(stream: TokenStream, mayBeEmpty: boolean): Command[] {
  const commands: Command[] = [];
  const first = stream.peek();
  if (mayBeEmpty && (first.kind === 'newline' || first.kind === 'end')) return commands;
  for (;;) {
    let command = readCommand(stream);
    const operator = stream.takeOperator('|', '|&');
    if (operator === '|&') command = withErrorsInPipe(command);
    commands.push(command);
    if (operator === undefined) return commands;
    stream.skipNewlines();
  }
}

function withErrorsInPipe(body: Command): Command {
  const redirection: Redirection = {
    operator: '>&',
    descriptor: 2,
    target: { parts: [{ kind: 'literal', text: '1', isQuoted: false }], text: '1' },
  };
  return { kind: 'redirected', body, redirections: [redirection] };
}

function readCommand(stream: TokenStream): Command {
  const token = stream.peek();
  stream.cursor.enter();
  try {
    const command = readCompoundOrSimple(stream, token);
    return command;
  } finally {
    stream.cursor.leave();
  }
}

function readCompoundOrSimple(stream: TokenStream, token: Token): Command {
  if (token.kind === 'operator' && token.text === '(') {
    const body = readParenthesized(stream, token.start);
    return stream.withRedirections(body);
  }
  if (token.kind === 'word') {
    const word = plainText(token.word);
    if (word === '[[') return stream.withRedirections(readConditional(stream));
    if (word !== undefined && isReservedWord(word)) {
      return stream.withRedirections(readCompound(stream, word));
    }
  }
  return readSimpleCommand(stream);
}

function readParenthesized(stream: TokenStream, start: number): Command {
  const { cursor } = stream;
  if (cursor.source.startsWith('((', start)) {
    const rewound = stream.rewind();
    rewound.take(2);
    const expression = readArithmetic(rewound, readBody);
    if (rewound.startsWith('))')) {
      rewound.take(2);
      return { kind: 'arithmetic', expression };
    }
    rewound.position = start;
  }
  stream.next();
  const body = readList(stream, []);
  stream.expectOperator(')');
  return { kind: 'subshell', body };
}

/** Whether the text is complete, or an interactive shell has to ask for another line. */
export function needsMoreInput(source: string, aliases?: ReadonlyMap<string, string>): boolean {
  try {
    const parser = new Parser(source, aliases === undefined ? {} : { aliases });
    while (parser.next() !== undefined);
    return /(^|[^\\])(\\\\)*\\\n?$/.test(source);
  } catch (error) {
    if (error instanceof ShellSyntaxError) return error.isIncomplete;
    throw error;
  }
}
