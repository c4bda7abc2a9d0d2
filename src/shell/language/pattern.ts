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
  let at = 0;
  while (at < pattern.length) {
    const character = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
    at += character.length;
    if (character === '*') {
      // Several stars match what one matches, and would make the expression slow.
      while (pattern.charAt(at) === '*') at++;
      source += `${any}*`;
    } else if (character === '?') source += any;
    else if (character === '[') {
      const set = readSet(pattern, at);
      source += set?.source ?? '\\[';
      at = set?.end ?? at;
    } else if (character === '\\' && at < pattern.length) {
      const next = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
      source += escapeRegex(next);
      at += next.length;
    } else source += escapeRegex(character);
  }
  return source;
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

function readSet(pattern: string, start: number): { source: string; end: number } | undefined {
  let at = start;
  const isNegated = /[!^]/.test(pattern.charAt(at));
  if (isNegated) at++;
  let body = '';
  for (let isFirst = true; at < pattern.length; isFirst = false) {
    const character = pattern.charAt(at);
    if (character === ']' && !isFirst) {
      const source = validSet(`[${isNegated ? '^' : ''}${body}]`);
      return source === undefined ? undefined : { source, end: at + 1 };
    }
    const named = /^\[:(\w+):\]/.exec(pattern.slice(at, at + 12));
    const inside = named === null ? undefined : characterClass(named[1] ?? '');
    if (named !== null && inside !== undefined) {
      body += inside;
      at += named[0].length;
      continue;
    }
    if (character === '\\' && at + 1 < pattern.length) at++;
    const letter = pattern.charAt(at);
    body += letter === '-' && character !== '\\' && !isFirst ? '-' : escapeInSet(letter);
    at++;
  }
  return undefined;
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
