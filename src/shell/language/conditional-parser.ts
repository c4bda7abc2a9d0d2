import { type Command, type Conditional, plainText, type Word } from './syntax.ts';
import type { TokenStream } from './token-stream.ts';
import { readRegexWord } from './word-reader.ts';

const binaryOperators = [
  '=',
  '==',
  '!=',
  '=~',
  '-eq',
  '-ne',
  '-lt',
  '-le',
  '-gt',
  '-ge',
  '-nt',
  '-ot',
  '-ef',
];

/** `[[ expression ]]`, at its opening. */
export function readConditional(stream: TokenStream): Command {
  stream.next();
  const expression = readOr(stream);
  stream.skipNewlines();
  stream.expectReserved(']]');
  return { kind: 'conditional', expression };
}

function readOr(stream: TokenStream): Conditional {
  let left = readAnd(stream);
  while (stream.takeOperator('||') !== undefined) {
    left = { kind: 'or', left, right: readAnd(stream) };
  }
  return left;
}

function readAnd(stream: TokenStream): Conditional {
  let left = readNot(stream);
  while (stream.takeOperator('&&') !== undefined) {
    left = { kind: 'and', left, right: readNot(stream) };
  }
  return left;
}

function readNot(stream: TokenStream): Conditional {
  stream.skipNewlines();
  stream.cursor.enter();
  try {
    if (stream.takeReserved('!')) return { kind: 'not', operand: readNot(stream) };
    if (stream.takeOperator('(') === undefined) return readTest(stream);
    const inner = readOr(stream);
    stream.expectOperator(')');
    return inner;
  } finally {
    stream.cursor.leave();
  }
}

function readTest(stream: TokenStream): Conditional {
  const first = expectWord(stream);
  const operator = plainText(first);
  if (operator !== undefined && /^-[a-zA-Z]$/.test(operator) && !isTestEnd(stream)) {
    return { kind: 'unary', operator, operand: expectWord(stream) };
  }
  const binary = readBinaryOperator(stream);
  if (binary === undefined) return { kind: 'unary', operator: '-n', operand: first };
  if (binary === '=~') {
    const right = readRegexWord(stream.rewind(), stream.readBody);
    return { kind: 'binary', operator: binary, left: first, right };
  }
  return { kind: 'binary', operator: binary, left: first, right: expectWord(stream) };
}

function readBinaryOperator(stream: TokenStream): string | undefined {
  const angle = stream.takeOperator('<', '>');
  if (angle !== undefined) return angle;
  const token = stream.peek();
  if (token.kind !== 'word') return undefined;
  const text = plainText(token.word);
  if (text === undefined || !binaryOperators.includes(text)) return undefined;
  stream.next();
  return text;
}

function isTestEnd(stream: TokenStream): boolean {
  const token = stream.peek();
  return token.kind !== 'word' || plainText(token.word) === ']]';
}

function expectWord(stream: TokenStream): Word {
  const token = stream.peek();
  const word = isTestEnd(stream) ? undefined : stream.takeWord();
  if (word === undefined) throw stream.unexpected(token);
  return word;
}
