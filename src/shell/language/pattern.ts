/** Shell patterns: `*`, `?`, `[…]`, and a backslash before what is meant literally. */

/** Whether a pattern has anything to match besides itself. */
export function hasPattern(pattern: string): boolean {
  return /(^|[^\\])(\\\\)*[*?[]/.test(pattern);
}

/** The literal text of a pattern. */
export function unescapePattern(pattern: string): string {
  return pattern.replace(/\\([\s\S])/g, '$1');
}

/** Protects all of `text` from being read as a pattern. */
export function escapePattern(text: string): string {
  return text.replace(/[\\*?[\]]/g, '\\$&');
}

export interface PatternOptions {
  readonly ignoresCase?: boolean;
  /** `*` and `?` stop at `/`. */
  readonly isPath?: boolean;
}

/** A regular expression for the whole of a text. */
export function compilePattern(pattern: string, options: PatternOptions = {}): RegExp {
  return new RegExp(`^(?:${patternSource(pattern, options)})$`, options.ignoresCase ? 'isu' : 'su');
}

export function patternSource(pattern: string, options: PatternOptions = {}): string {
  const any = options.isPath === true ? '[^/]' : '[\\s\\S]';
  let source = '';
  for (let at = 0; at < pattern.length; ) {
    const piece = readPiece(pattern, at, any);
    source += piece.source;
    at = piece.end;
  }
  return source;
}

interface Piece {
  readonly source: string;
  readonly end: number;
}

function readPiece(pattern: string, at: number, any: string): Piece {
  const character = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
  const end = at + character.length;
  switch (character) {
    case '*':
      return { source: `${any}*`, end: endOfStars(pattern, end) };
    case '?':
      return { source: any, end };
    case '[':
      return readSet(pattern, end) ?? { source: '\\[', end };
    case '\\': {
      if (pattern.length <= end) return { source: '\\\\', end };
      const next = String.fromCodePoint(pattern.codePointAt(end) ?? 0);
      return { source: escapeRegex(next), end: end + next.length };
    }
    default:
      return { source: escapeRegex(character), end };
  }
}

/** Several stars match what one matches, and would make the expression slow. */
function endOfStars(pattern: string, at: number): number {
  let end = at;
  while (pattern.charAt(end) === '*') end++;
  return end;
}

const classes: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '\\x21-\\x7e',
  lower: 'a-z',
  print: '\\x20-\\x7e',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\s',
  upper: 'A-Z',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
};

/** The character class `name` of POSIX as the inside of a regular expression's brackets. */
export function characterClass(name: string): string | undefined {
  return Object.hasOwn(classes, name) ? classes[name] : undefined;
}

function readSet(pattern: string, start: number): Piece | undefined {
  const isNegated = /[!^]/.test(pattern.charAt(start));
  let at = isNegated ? start + 1 : start;
  let body = '';
  for (let isFirst = true; at < pattern.length; isFirst = false) {
    if (pattern.charAt(at) === ']' && !isFirst) {
      const source = validSet(`[${isNegated ? '^' : ''}${body}]`);
      return source === undefined ? undefined : { source, end: at + 1 };
    }
    const member = readMember(pattern, at, isFirst);
    body += member.source;
    at = member.end;
  }
  return undefined;
}

function readMember(pattern: string, start: number, isFirst: boolean): Piece {
  const named = /^\[:(\w+):\]/.exec(pattern.slice(start, start + 12));
  const inside = named === null ? undefined : characterClass(named[1] ?? '');
  if (named !== null && inside !== undefined) {
    return { source: inside, end: start + named[0].length };
  }
  const isEscaped = pattern.charAt(start) === '\\' && start + 1 < pattern.length;
  const at = isEscaped ? start + 1 : start;
  const letter = pattern.charAt(at);
  const isRange = letter === '-' && !isEscaped && !isFirst;
  return { source: isRange ? '-' : escapeInSet(letter), end: at + 1 };
}

/** A set such as `[z-a]` is no valid expression: it matches nothing. */
function validSet(source: string): string | undefined {
  try {
    new RegExp(source, 'u');
    return source;
  } catch {
    return undefined;
  }
}

function escapeInSet(character: string): string {
  return /[\\\]^[-]/.test(character) ? `\\${character}` : character;
}

export function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
