import {
  type Assignment,
  type Command,
  plainText,
  type Redirection,
  type Word,
  type WordPart,
} from './syntax.ts';
import type { TokenStream } from './token-stream.ts';
import { readOperand, readWord } from './word-reader.ts';

interface Parts {
  readonly assignments: Assignment[];
  readonly words: Word[];
  readonly redirections: Redirection[];
}

/** `NAME=value … word … > file`, or the definition of a function by `name()`. */
export function readSimpleCommand(stream: TokenStream): Command {
  const parts: Parts = { assignments: [], words: [], redirections: [] };
  const { assignments, words, redirections } = parts;
  let line = 0;
  for (;;) {
    if (words.length === 0) stream.expandAlias();
    if (stream.takeRedirection(redirections)) continue;
    const token = stream.peek();
    if (token.kind !== 'word') break;
    line ||= stream.cursor.lineAt(token.start);
    const definition = takeWord(stream, token.word, parts);
    if (definition !== undefined) return definition;
  }
  if (words.length + assignments.length + redirections.length === 0) {
    throw stream.unexpected(stream.peek());
  }
  return { kind: 'simple', assignments, words, redirections, line };
}

/** Takes the word; answers the definition of the function if it is the name of one. */
function takeWord(stream: TokenStream, word: Word, parts: Parts): Command | undefined {
  stream.next();
  const assignment = parts.words.length === 0 ? toAssignment(word, stream) : undefined;
  if (assignment !== undefined) {
    parts.assignments.push(assignment);
    return undefined;
  }
  parts.words.push(word);
  const others = parts.assignments.length + parts.redirections.length;
  return parts.words.length === 1 && others === 0 ? readDefinition(stream, word) : undefined;
}

/** The word as an assignment if it is one; also used for the operands of `export` and `local`. */
export function toAssignment(word: Word, stream: TokenStream): Assignment | undefined {
  const [first, ...rest] = word.parts;
  if (first?.kind !== 'literal' || first.isQuoted) return undefined;
  const match = /^([A-Za-z_]\w*)(\+?)=/.exec(first.text);
  if (match === null) return toElementAssignment(word, stream);
  const [prefix, name = '', plus] = match;
  const head: WordPart = { ...first, text: first.text.slice(prefix.length) };
  const parts = head.text === '' ? rest : [head, ...rest];
  const value = { parts, text: word.text.slice(prefix.length) };
  return { name, isAppend: plus === '+', value };
}

function toElementAssignment(word: Word, stream: TokenStream): Assignment | undefined {
  const match = /^([A-Za-z_]\w*)\[/.exec(word.text);
  if (match === null) return undefined;
  const cursor = stream.cursor.fork(word.text);
  cursor.take(match[0].length);
  const subscript = readOperand(cursor, stream.readBody, { stops: ']', isQuoted: false });
  const sign = cursor.match(/\]\+?=/y);
  if (sign === undefined) return undefined;
  const value = readWord(cursor, stream.readBody) ?? { parts: [], text: '' };
  return { name: match[1] ?? '', subscript, isAppend: sign === ']+=', value };
}

function readDefinition(stream: TokenStream, word: Word): Command | undefined {
  const name = plainText(word);
  const token = stream.peek();
  if (name === undefined || token.kind !== 'operator' || token.text !== '(') return undefined;
  stream.next();
  stream.expectOperator(')');
  stream.skipNewlines();
  return { kind: 'function', name, body: stream.readCommand() };
}
