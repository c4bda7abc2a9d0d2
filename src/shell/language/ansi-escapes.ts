const simple: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

export interface UnescapeOptions {
  /** `\'`, `\"` and `\?` lose their backslash, as in `$'…'`. */
  readonly hasQuotes?: boolean;
  /** Octal needs a leading zero (`\0nnn`), as in `echo -e` and `%b`. */
  readonly needsOctalZero?: boolean;
}

export interface Unescaped {
  readonly text: string;
  /** `\c` was met: no output after it. */
  readonly isCut: boolean;
}

const numeric = /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,4}))/y;

/** Replaces backslash escapes as `$'…'`, `echo -e`, `printf` and `tr` know them. Unknown ones stay. */
export function replaceEscapes(text: string, options: UnescapeOptions = {}): Unescaped {
  let result = '';
  let at = 0;
  while (at < text.length) {
    const next = text.indexOf('\\', at);
    if (next === -1 || next === text.length - 1)
      return { text: result + text.slice(at), isCut: false };
    result += text.slice(at, next);
    const letter = text.charAt(next + 1);
    if (letter === 'c' && options.hasQuotes !== true) return { text: result, isCut: true };
    const [value, length] = unescapeOne(text, next, letter, options);
    result += value;
    at = next + length;
  }
  return { text: result, isCut: false };
}

function unescapeOne(
  text: string,
  at: number,
  letter: string,
  options: UnescapeOptions,
): [string, number] {
  const value = simple[letter];
  if (value !== undefined) return [value, 2];
  if (options.hasQuotes === true && /['"?]/.test(letter)) return [letter, 2];
  numeric.lastIndex = at;
  const match = numeric.exec(text);
  if (match === null) return [`\\${letter}`, 2];
  if (match[4] === undefined) {
    const code = Number.parseInt(match[1] ?? match[2] ?? match[3] ?? '0', 16);
    return [code <= 0x10ffff ? String.fromCodePoint(code) : '', match[0].length];
  }
  return unescapeOctal(match[4], letter, options);
}

function unescapeOctal(found: string, letter: string, options: UnescapeOptions): [string, number] {
  if (options.needsOctalZero === true && letter !== '0') return [`\\${letter}`, 2];
  const digits = found.slice(0, options.needsOctalZero === true ? 4 : 3);
  return [String.fromCharCode(Number.parseInt(digits, 8) & 0xff), digits.length + 1];
}
