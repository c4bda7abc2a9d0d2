import { translateRegex } from '../support/posix-regex.ts';

/** The message is sed's after `sed: -e expression #1, char n: `. */
export class SedError extends Error {
  override readonly name = 'SedError';
}

export type SedAddress =
  | { readonly kind: 'line'; readonly number: number }
  | { readonly kind: 'last' }
  | { readonly kind: 'step'; readonly first: number; readonly step: number }
  | { readonly kind: 'regex'; readonly regex: RegExp | undefined }
  /** `addr,+N`: so many lines after the first. */
  | { readonly kind: 'count'; readonly number: number };

export interface SedCommand {
  readonly name: string;
  readonly from?: SedAddress;
  readonly to?: SedAddress;
  readonly isNegated: boolean;
  /** Text of `a`, `i`, `c`; label of `b`, `t`, `T`, `:`; path of `r`, `w`; number of `q`. */
  readonly argument: string;
  readonly substitution?: Substitution;
  readonly table?: ReadonlyMap<string, string>;
  readonly body?: readonly SedCommand[];
}

export interface Substitution {
  /** Undefined: the last one used. */
  readonly regex: RegExp | undefined;
  readonly replacement: readonly ReplacementPart[];
  readonly isGlobal: boolean;
  readonly isPrinted: boolean;
  /** The first match that is replaced. */
  readonly occurrence: number;
  readonly file: string | undefined;
}

export type ReplacementPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'group'; readonly number: number }
  | { readonly kind: 'case'; readonly mode: string };

/** Reads a sed script. Throws SedError. */
export function parseSed(source: string, isExtended: boolean): readonly SedCommand[] {
  const reader = new SedReader(source, isExtended);
  const commands = reader.readCommands(false);
  return commands;
}

class SedReader {
  readonly #source: string;
  readonly #isExtended: boolean;
  #at = 0;

  constructor(source: string, isExtended: boolean) {
    this.#source = source;
    this.#isExtended = isExtended;
  }

  readCommands(isNested: boolean): SedCommand[] {
    const commands: SedCommand[] = [];
    for (;;) {
      this.#skip(/[\s;]*/y);
      if (this.#source.length <= this.#at) {
        if (isNested) throw this.#fail("unmatched `{'");
        return commands;
      }
      if (this.#peek() === '}') {
        if (!isNested) throw this.#fail("unexpected `}'");
        this.#at++;
        return commands;
      }
      if (this.#peek() === '#') this.#skip(/[^\n]*/y);
      else commands.push(this.#readCommand());
    }
  }

  #readCommand(): SedCommand {
    const from = this.#readAddress();
    let to: SedAddress | undefined;
    this.#skip(/[ \t]*/y);
    if (from !== undefined && this.#peek() === ',') {
      this.#at++;
      this.#skip(/[ \t]*/y);
      to = this.#readAddress();
      if (to === undefined) throw this.#fail("unexpected `,'");
    }
    const isNegated = this.#skip(/[ \t]*!*[ \t]*/y).includes('!');
    const name = this.#source.charAt(this.#at++);
    const head = { name, isNegated, ...(from && { from }), ...(to && { to }) };
    return this.#readRest(head);
  }

  #readRest(head: Omit<SedCommand, 'argument'>): SedCommand {
    const { name } = head;
    if (name === '{') return { ...head, argument: '', body: this.readCommands(true) };
    if (name === 's') return { ...head, argument: '', substitution: this.#readSubstitution() };
    if (name === 'y') return { ...head, argument: '', table: this.#readTable() };
    if ('aic'.includes(name) && name !== '') return { ...head, argument: this.#readText() };
    if (':btT'.includes(name) && name !== '') {
      return { ...head, argument: this.#skip(/[^\n;}]*/y).trim() };
    }
    if ('rRwW'.includes(name) && name !== '')
      return { ...head, argument: this.#skip(/[^\n]*/y).trim() };
    if ('qQlL'.includes(name) && name !== '')
      return { ...head, argument: this.#skip(/[ \t]*\d*/y).trim() };
    if (name === '') throw this.#fail('missing command');
    if (!'=dDgGhHnNpPxFz'.includes(name)) throw this.#fail(`unknown command: \`${name}'`);
    this.#skip(/[ \t]*/y);
    if (!/^[;\n}#]?$/.test(this.#peek())) {
      this.#at++;
      throw this.#fail('extra characters after command');
    }
    return { ...head, argument: '' };
  }

  #readAddress(): SedAddress | undefined {
    const character = this.#peek();
    if (character === '$') {
      this.#at++;
      return { kind: 'last' };
    }
    if (character === '+') {
      this.#at++;
      return { kind: 'count', number: Number(this.#skip(/\d+/y)) };
    }
    if (character === '/' || character === '\\') return this.#readRegexAddress();
    const digits = this.#skip(/\d+/y);
    if (digits === '') return undefined;
    if (this.#peek() !== '~') return { kind: 'line', number: Number(digits) };
    this.#at++;
    return { kind: 'step', first: Number(digits), step: Number(this.#skip(/\d+/y)) };
  }

  #readRegexAddress(): SedAddress {
    if (this.#peek() === '\\') this.#at++;
    const delimiter = this.#source.charAt(this.#at++);
    const pattern = this.#readDelimited(delimiter, 'unterminated address regex');
    const flags = this.#skip(/[IM]*/y);
    return { kind: 'regex', regex: this.#regex(pattern, flags) };
  }

  #regex(pattern: string, flags: string): RegExp | undefined {
    if (pattern === '') return undefined;
    try {
      const source = translateRegex(pattern, this.#isExtended ? 'extended' : 'basic');
      return new RegExp(source, `g${/i/i.test(flags) ? 'i' : ''}${/m/i.test(flags) ? 'm' : ''}`);
    } catch (error) {
      throw new SedError('Invalid regular expression', { cause: error });
    }
  }

  /** Up to an unescaped delimiter; the delimiter itself loses its backslash. */
  #readDelimited(delimiter: string, message: string): string {
    let text = '';
    let isInSet = false;
    while (this.#at < this.#source.length) {
      const character = this.#source.charAt(this.#at++);
      if (character === delimiter && !isInSet) return text;
      if (character === '\\') {
        const next = this.#source.charAt(this.#at++);
        text += next === delimiter && !'()|{}+?*.[]^$'.includes(delimiter) ? next : `\\${next}`;
        continue;
      }
      if (character === '[' && message.includes('regex')) isInSet = true;
      if (character === ']') isInSet = false;
      text += character;
    }
    throw this.#fail(message);
  }

  #readSubstitution(): Substitution {
    const delimiter = this.#source.charAt(this.#at++);
    const message = "unterminated `s' command";
    const pattern = this.#readDelimited(delimiter, message);
    const replacement = this.#readDelimited(delimiter, message);
    const flags = this.#skip(/[gpiIme\d]*/y);
    const file =
      this.#peek() === 'w'
        ? this.#skip(/[^\n]*/y)
            .slice(1)
            .trim()
        : undefined;
    if (!/^[\s;}#]?$/.test(this.#peek())) throw this.#fail("unknown option to `s'");
    return {
      regex: this.#regex(pattern, flags),
      replacement: parseReplacement(replacement),
      isGlobal: flags.includes('g'),
      isPrinted: flags.includes('p'),
      occurrence: Number(/\d+/.exec(flags)?.[0] ?? 1),
      file,
    };
  }

  #readTable(): ReadonlyMap<string, string> {
    const delimiter = this.#source.charAt(this.#at++);
    const message = "unterminated `y' command";
    const unescaped = (text: string) => [...text.replace(/\\n/g, '\n').replace(/\\(.)/g, '$1')];
    const from = unescaped(this.#readDelimited(delimiter, message));
    const to = unescaped(this.#readDelimited(delimiter, message));
    if (from.length !== to.length)
      throw this.#fail("strings for `y' command are different lengths");
    return new Map(from.map((character, index) => [character, to[index] ?? '']));
  }

  /** `a\` newline text, or the one-line form; a backslash at a line's end goes on. */
  #readText(): string {
    this.#skip(/[ \t]*(\\[ \t]*\n?)?/y);
    let text = '';
    while (this.#at < this.#source.length) {
      const character = this.#source.charAt(this.#at++);
      if (character === '\n') break;
      text += character === '\\' ? this.#source.charAt(this.#at++) : character;
    }
    return text;
  }

  #peek(): string {
    return this.#source.charAt(this.#at);
  }

  #skip(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#source)?.[0] ?? '';
    this.#at += text.length;
    return text;
  }

  #fail(message: string): SedError {
    return new SedError(`-e expression #1, char ${this.#at}: ${message}`);
  }
}

function parseReplacement(text: string): ReplacementPart[] {
  const parts: ReplacementPart[] = [];
  const literal = (piece: string) => {
    const last = parts.at(-1);
    if (last?.kind === 'text') parts[parts.length - 1] = { kind: 'text', text: last.text + piece };
    else parts.push({ kind: 'text', text: piece });
  };
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '&') parts.push({ kind: 'group', number: 0 });
    else if (character !== '\\') literal(character);
    else {
      const next = text.charAt(++at);
      if (/\d/.test(next)) parts.push({ kind: 'group', number: Number(next) });
      else if (/[ULEul]/.test(next)) parts.push({ kind: 'case', mode: next });
      else literal({ n: '\n', t: '\t', r: '\r' }[next] ?? next);
    }
  }
  return parts;
}
