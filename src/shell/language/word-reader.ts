import { replaceEscapes } from './ansi-escapes.ts';
import type { Cursor } from './cursor.ts';
import { readBracedParameter } from './parameter-reader.ts';
import type { Command, Word, WordPart } from './syntax.ts';

/** Reads commands up to `)` and takes it; given by the parser, since words hold commands. */
export type BodyReader = (cursor: Cursor, terminator: ')' | '') => Command;

const metacharacters = ' \t\n|&;()<>';

/** How far a run of text goes and what quoting means in it. */
interface Region {
  /** Characters that end the region where they are unquoted. */
  readonly stops: string;
  /** Inside double quotes: parts are quoted, a single quote is a letter. */
  readonly isQuoted: boolean;
  /** A double quote is a letter (here-documents, arithmetic). */
  readonly hasLiteralQuotes?: boolean;
  /** What a backslash takes away in a quoted region. */
  readonly escapable?: string;
  /** Parentheses nest, and stops inside them do not count. */
  readonly hasParentheses?: boolean;
}

/** Reads one word at the cursor; undefined where no word begins. */
export function readWord(cursor: Cursor, readBody: BodyReader): Word | undefined {
  const start = cursor.position;
  const reader = new RegionReader(cursor, readBody);
  const parts = reader.read({ stops: metacharacters, isQuoted: false });
  if (cursor.position === start) return undefined;
  return { parts, text: cursor.source.slice(start, cursor.position) };
}

/** A word of `[[ … =~ word ]]`: parentheses and bars belong to it. */
export function readRegexWord(cursor: Cursor, readBody: BodyReader): Word {
  return readRegion(cursor, readBody, { stops: ' \t\n', isQuoted: false, hasParentheses: true });
}

/** The rest of the source as the body of a here-document whose delimiter was not quoted. */
export function readDocumentBody(cursor: Cursor, readBody: BodyReader): Word {
  const region = { stops: '', isQuoted: true, hasLiteralQuotes: true, escapable: '$`\\\n' };
  return readRegion(cursor, readBody, region);
}

/** Arithmetic up to an unnested `)` or `;`, which stays. */
export function readArithmetic(cursor: Cursor, readBody: BodyReader, stops = ')'): Word {
  return readRegion(cursor, readBody, {
    stops,
    isQuoted: true,
    hasLiteralQuotes: true,
    escapable: '$`\\\n',
    hasParentheses: true,
  });
}

export function readOperand(
  cursor: Cursor,
  readBody: BodyReader,
  region: { stops: string; isQuoted: boolean },
): Word {
  return readRegion(cursor, readBody, { ...region, escapable: '$`"\\}/' });
}

function readRegion(cursor: Cursor, readBody: BodyReader, region: Region): Word {
  const start = cursor.position;
  const parts = new RegionReader(cursor, readBody).read(region);
  return { parts, text: cursor.source.slice(start, cursor.position) };
}

class RegionReader {
  readonly #cursor: Cursor;
  readonly #readBody: BodyReader;
  readonly #parts: WordPart[] = [];

  constructor(cursor: Cursor, readBody: BodyReader) {
    this.#cursor = cursor;
    this.#readBody = readBody;
  }

  read(region: Region): WordPart[] {
    let parentheses = 0;
    const cursor = this.#cursor;
    while (!cursor.isAtEnd) {
      const character = cursor.peek();
      if (parentheses === 0 && region.stops.includes(character)) {
        if (!this.#readSpecial(region)) break;
        continue;
      }
      if (region.hasParentheses === true) {
        if (character === '(') parentheses++;
        if (character === ')') parentheses--;
      }
      this.#readPiece(character, region);
    }
    return this.#parts;
  }

  #readPiece(character: string, region: Region): void {
    if (character === '\\') {
      this.#readBackslash(region);
      return;
    }
    if (character === '$') {
      this.#readDollar(region.isQuoted);
      return;
    }
    if (character === '`') {
      this.#readBackticks(region.isQuoted);
      return;
    }
    if (character === '"' && region.hasLiteralQuotes !== true) {
      this.#readDouble();
      return;
    }
    if (character === "'" && !region.isQuoted) {
      this.#readSingle();
      return;
    }
    this.#literal(this.#cursor.take(), region.isQuoted);
  }

  #readBackslash(region: Region): void {
    const cursor = this.#cursor;
    const next = cursor.peek(1);
    if (next === '') {
      cursor.take();
      this.#literal('\\', region.isQuoted);
      return;
    }
    if (region.isQuoted && !(region.escapable ?? '$`"\\\n').includes(next)) {
      this.#literal(cursor.take(2), true);
      return;
    }
    cursor.take(2);
    if (next !== '\n') this.#literal(next, true);
  }

  #readSingle(): void {
    const cursor = this.#cursor;
    const end = cursor.source.indexOf("'", cursor.position + 1);
    if (end === -1) throw cursor.unexpectedEndLookingFor("'");
    this.#literal(cursor.source.slice(cursor.position + 1, end), true);
    cursor.position = end + 1;
  }

  #readDouble(): void {
    const cursor = this.#cursor;
    cursor.take();
    cursor.enter();
    this.#literal('', true);
    this.read({ stops: '"', isQuoted: true });
    cursor.leave();
    if (cursor.isAtEnd) throw cursor.unexpectedEndLookingFor('"');
    cursor.take();
  }

  #readDollar(isQuoted: boolean): void {
    const cursor = this.#cursor;
    const next = cursor.peek(1);
    if (next === '(') {
      this.#readParenthesized(isQuoted);
      return;
    }
    if (next === '{') {
      this.#readBraced(isQuoted);
      return;
    }
    if (next === "'" && !isQuoted) {
      this.#readAnsi();
      return;
    }
    if (next === '"' && !isQuoted) {
      cursor.take();
      this.#readDouble();
      return;
    }
    cursor.take();
    const name = cursor.match(/[A-Za-z_][A-Za-z0-9_]*|[0-9?$!#@*-]/y);
    if (name === undefined) {
      this.#literal('$', isQuoted);
      return;
    }
    this.#parts.push({ kind: 'parameter', parameter: { name }, isQuoted });
  }

  #readBraced(isQuoted: boolean): void {
    const cursor = this.#cursor;
    cursor.take(2);
    cursor.enter();
    const parameter = readBracedParameter(cursor, {
      operand: (stops, isPattern = false) =>
        readOperand(cursor, this.#readBody, { stops, isQuoted: isQuoted && !isPattern }),
    });
    cursor.leave();
    this.#parts.push({ kind: 'parameter', parameter, isQuoted });
  }

  #readAnsi(): void {
    const cursor = this.#cursor;
    cursor.take();
    const raw = cursor.match(/'(?:[^'\\]|\\[\s\S])*'/y);
    if (raw === undefined) throw cursor.unexpectedEndLookingFor("'");
    this.#literal(replaceEscapes(raw.slice(1, -1), { hasQuotes: true }).text, true);
  }

  #readParenthesized(isQuoted: boolean): void {
    const cursor = this.#cursor;
    const start = cursor.position;
    cursor.enter();
    if (cursor.peek(2) === '(') {
      cursor.take(3);
      const expression = readArithmetic(cursor, this.#readBody);
      if (cursor.startsWith('))')) {
        cursor.take(2);
        cursor.leave();
        this.#parts.push({ kind: 'arithmetic', expression, isQuoted });
        return;
      }
      if (cursor.isAtEnd) throw cursor.unexpectedEndLookingFor(')');
    }
    cursor.position = start + 2;
    const body = this.#readBody(cursor, ')');
    cursor.leave();
    this.#parts.push({ kind: 'command', body, isQuoted });
  }

  #readBackticks(isQuoted: boolean): void {
    const cursor = this.#cursor;
    const raw = cursor.match(/`(?:[^`\\]|\\[\s\S])*`/y);
    if (raw === undefined) throw cursor.unexpectedEndLookingFor('`');
    const escapes = isQuoted ? /\\([`\\$"])/g : /\\([`\\$])/g;
    const source = raw.slice(1, -1).replace(escapes, '$1');
    const body = this.#readBody(cursor.fork(source), '');
    this.#parts.push({ kind: 'command', body, isQuoted });
  }

  /** What begins with a character that would end a word: `x=(`, `<(`. */
  #readSpecial(region: Region): boolean {
    if (this.#isArray(region)) this.#readArray();
    else if (this.#isProcess(region)) this.#readProcess();
    else return false;
    return true;
  }

  #isProcess(region: Region): boolean {
    return region.stops === metacharacters && this.#parts.length === 0 && this.#atProcess();
  }

  #atProcess(): boolean {
    return this.#cursor.startsWith('<(') || this.#cursor.startsWith('>(');
  }

  #readProcess(): void {
    const cursor = this.#cursor;
    const direction = cursor.take(2).startsWith('<') ? '<' : '>';
    cursor.enter();
    const body = this.#readBody(cursor, ')');
    cursor.leave();
    this.#parts.push({ kind: 'process', direction, body });
  }

  #isArray(region: Region): boolean {
    if (region.stops !== metacharacters || this.#cursor.peek() !== '(') return false;
    const [first, second] = this.#parts;
    return (
      second === undefined &&
      first?.kind === 'literal' &&
      !first.isQuoted &&
      /^[A-Za-z_]\w*\+?=$/.test(first.text)
    );
  }

  #readArray(): void {
    const cursor = this.#cursor;
    cursor.take();
    cursor.enter();
    const elements: Word[] = [];
    for (;;) {
      cursor.match(/(?:\s|\\\n|#[^\n]*(?=\n))*/y);
      if (cursor.peek() === ')') break;
      const word = readWord(cursor, this.#readBody);
      if (word !== undefined) elements.push(word);
      else if (cursor.isAtEnd) throw cursor.unexpectedEndLookingFor(')');
      else throw cursor.fail(`syntax error near unexpected token \`${cursor.peek()}'`);
    }
    cursor.take();
    cursor.leave();
    this.#parts.push({ kind: 'array', elements });
  }

  #literal(text: string, isQuoted: boolean): void {
    const last = this.#parts.at(-1);
    if (last?.kind === 'literal' && last.isQuoted === isQuoted) {
      this.#parts[this.#parts.length - 1] = { ...last, text: last.text + text };
      return;
    }
    this.#parts.push({ kind: 'literal', text, isQuoted });
  }
}
