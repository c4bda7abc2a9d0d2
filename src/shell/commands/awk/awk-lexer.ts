import { AwkError } from './awk-syntax.ts';

export interface AwkToken {
  readonly kind:
    | 'number'
    | 'string'
    | 'regex'
    | 'name'
    | 'function-name'
    | 'keyword'
    | 'operator'
    | 'newline'
    | 'end';
  readonly text: string;
  readonly line: number;
}

const keywords = [
  'BEGIN',
  'END',
  'function',
  'func',
  'if',
  'else',
  'while',
  'for',
  'do',
  'break',
  'continue',
  'next',
  'nextfile',
  'exit',
  'return',
  'delete',
  'in',
  'getline',
  'print',
  'printf',
];

const blanks = /(?:[ \t\r]|\\\r?\n|#[^\n]*)+/y;
const number = /(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|0[xX][0-9a-fA-F]+/y;
const word = /[A-Za-z_]\w*/y;
const operator =
  /\*\*=|\*\*|\+\+|--|\+=|-=|\*=|\/=|%=|\^=|==|<=|>=|!=|!~|&&|\|\||>>|[-+*/%^!<>=~?:,;(){}[\]$|]/y;

/** Splits an awk program into tokens. Throws AwkError. */
export function lexAwk(source: string): readonly AwkToken[] {
  const tokens: AwkToken[] = [];
  let at = 0;
  let line = 1;
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const text = pattern.exec(source)?.[0];
    if (text !== undefined) at += text.length;
    return text;
  };
  const push = (kind: AwkToken['kind'], text: string) => tokens.push({ kind, text, line });
  for (;;) {
    line += (match(blanks)?.match(/\n/g) ?? []).length;
    if (source.length <= at) break;
    const character = source.charAt(at);
    if (character === '\n') {
      at++;
      push('newline', '\n');
      line++;
    } else if (character === '"') push('string', readString());
    else if (character === '/' && regexMayStart(tokens.at(-1))) push('regex', readRegex());
    else pushPlain();
  }
  push('end', '');
  return tokens;

  function pushPlain(): void {
    const digits = match(number);
    if (digits !== undefined) {
      push('number', digits);
      return;
    }
    const name = match(word);
    if (name !== undefined) {
      const kind = source.charAt(at) === '(' ? 'function-name' : 'name';
      push(keywords.includes(name) ? 'keyword' : kind, name);
      return;
    }
    const text = match(operator);
    if (text === undefined)
      throw new AwkError(`syntax error at source line ${line}: \`${source.charAt(at)}'`);
    push('operator', text);
  }

  function readString(): string {
    const raw = match(/"(?:[^"\\\n]|\\[\s\S])*"/y);
    if (raw === undefined) throw new AwkError(`unterminated string at source line ${line}`);
    return unescapeAwk(raw.slice(1, -1));
  }

  function readRegex(): string {
    const raw = match(/\/(?:[^/\\[\n]|\\.|\[(?:\^?\]?)(?:[^\]\\\n]|\\.|\[:\w+:\])*\])*\//y);
    if (raw === undefined) throw new AwkError(`unterminated regexp at source line ${line}`);
    return raw.slice(1, -1);
  }
}

function regexMayStart(last: AwkToken | undefined): boolean {
  if (last === undefined) return true;
  if (last.kind === 'operator') return !/^(\)|\]|\$|\+\+|--)$/.test(last.text);
  return last.kind === 'keyword' ? last.text !== 'getline' : last.kind === 'newline';
}

export function unescapeAwk(text: string): string {
  const letters: Readonly<Record<string, string>> = {
    n: '\n',
    t: '\t',
    r: '\r',
    a: '\x07',
    b: '\b',
    f: '\f',
    v: '\v',
    '\\': '\\',
    '"': '"',
    '/': '/',
  };
  return text.replace(/\\(\r?\n|[0-7]{1,3}|[\s\S])/g, (all, code: string) => {
    if (/^[0-7]+$/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    return code.endsWith('\n') ? '' : (letters[code] ?? all);
  });
}
