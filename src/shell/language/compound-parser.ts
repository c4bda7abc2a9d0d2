import { type CaseClause, type Command, plainText, type Word } from './syntax.ts';
import type { TokenStream } from './token-stream.ts';
import { readArithmetic } from './word-reader.ts';

const readers: Readonly<Record<string, (stream: TokenStream) => Command>> = {
  if: readIf,
  for: readFor,
  while: (stream) => readWhile(stream, 'while'),
  until: (stream) => readWhile(stream, 'until'),
  case: readCase,
  function: readFunction,
  '{': readGroup,
};

/** Words that may not begin a simple command. */
const closers = ['then', 'elif', 'else', 'fi', 'do', 'done', 'esac', '}', 'in'];

export function isReservedWord(word: string): boolean {
  return Object.hasOwn(readers, word) || (closers.includes(word) && word !== 'in');
}

export function readCompound(stream: TokenStream, word: string): Command {
  const reader = Object.hasOwn(readers, word) ? readers[word] : undefined;
  if (reader === undefined) throw stream.unexpected(stream.peek());
  stream.next();
  return reader(stream);
}

function readGroup(stream: TokenStream): Command {
  const body = stream.readBodyList('}');
  stream.expectReserved('}');
  return { kind: 'group', body };
}

function readIf(stream: TokenStream): Command {
  const clauses: { condition: Command; body: Command }[] = [];
  do {
    const condition = stream.readBodyList('then');
    stream.expectReserved('then');
    clauses.push({ condition, body: stream.readBodyList('elif', 'else', 'fi') });
  } while (stream.takeReserved('elif'));
  const otherwise = stream.takeReserved('else') ? stream.readBodyList('fi') : undefined;
  stream.expectReserved('fi');
  return { kind: 'if', clauses, otherwise };
}

function readWhile(stream: TokenStream, opening: 'while' | 'until'): Command {
  const condition = stream.readBodyList('do');
  return { kind: 'while', isUntil: opening === 'until', condition, body: readDo(stream) };
}

function readDo(stream: TokenStream): Command {
  stream.expectReserved('do');
  const body = stream.readBodyList('done');
  stream.expectReserved('done');
  return body;
}

function readFor(stream: TokenStream): Command {
  const token = stream.peek();
  if (token.kind === 'operator' && token.text === '(') return readForArithmetic(stream);
  const word = stream.takeWord();
  const variable = word === undefined ? undefined : plainText(word);
  if (variable === undefined || !/^[A-Za-z_]\w*$/.test(variable)) {
    if (word === undefined) throw stream.unexpected(stream.peek());
    throw stream.cursor.fail(`\`${word.text}': not a valid identifier`);
  }
  stream.skipNewlines();
  let words: Word[] | undefined;
  if (stream.takeReserved('in')) {
    words = [];
    for (let next = stream.takeWord(); next !== undefined; next = stream.takeWord())
      words.push(next);
  }
  stream.takeOperator(';');
  stream.skipNewlines();
  return { kind: 'for', variable, words, body: readDo(stream) };
}

function readForArithmetic(stream: TokenStream): Command {
  const cursor = stream.rewind();
  if (!cursor.startsWith('((')) throw stream.unexpected(stream.peek());
  cursor.take(2);
  const start = readArithmetic(cursor, stream.readBody, ';)');
  if (cursor.take() !== ';') throw cursor.fail('syntax error: arithmetic expression required');
  const condition = readArithmetic(cursor, stream.readBody, ';)');
  if (cursor.take() !== ';') throw cursor.fail('syntax error: arithmetic expression required');
  const step = readArithmetic(cursor, stream.readBody);
  if (cursor.isAtEnd) throw cursor.unexpectedEndLookingFor(')');
  if (cursor.take(2) !== '))') throw cursor.fail("syntax error near unexpected token `)'");
  stream.takeOperator(';');
  stream.skipNewlines();
  const body = stream.takeReserved('{') ? readGroup(stream) : readDo(stream);
  return { kind: 'for-arithmetic', start, condition, step, body };
}

function readCase(stream: TokenStream): Command {
  const word = stream.takeWord();
  if (word === undefined) throw stream.unexpected(stream.peek());
  stream.skipNewlines();
  stream.expectReserved('in');
  const clauses: CaseClause[] = [];
  stream.skipNewlines();
  while (!stream.takeReserved('esac')) {
    clauses.push(readClause(stream));
    stream.skipNewlines();
  }
  return { kind: 'case', word, clauses };
}

function readClause(stream: TokenStream): CaseClause {
  stream.takeOperator('(');
  const patterns: Word[] = [];
  do {
    const pattern = stream.takeWord();
    if (pattern === undefined) throw stream.unexpected(stream.peek());
    patterns.push(pattern);
  } while (stream.takeOperator('|') !== undefined);
  stream.expectOperator(')');
  const body = stream.readList('esac');
  const ending = stream.takeOperator(';;', ';&', ';;&');
  if (ending === ';&' || ending === ';;&') return { patterns, body, ending };
  return { patterns, body, ending: ';;' };
}

function readFunction(stream: TokenStream): Command {
  const name = stream.takeWord()?.text;
  if (name === undefined) throw stream.unexpected(stream.peek());
  if (stream.takeOperator('(') !== undefined) stream.expectOperator(')');
  stream.skipNewlines();
  return { kind: 'function', name, body: stream.readCommand() };
}
