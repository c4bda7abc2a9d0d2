import { characterClass, escapeRegex } from '../../language/pattern.ts';

export type RegexDialect = 'basic' | 'extended' | 'fixed' | 'perl';

/** A POSIX regular expression (or a fixed text) as the source of a JavaScript one. Throws SyntaxError when used. */
export function translateRegex(pattern: string, dialect: RegexDialect): string {
  if (dialect === 'fixed') return escapeRegex(pattern);
  return new Translator(pattern, dialect).translate();
}

/** Characters that are operators in extended expressions bare and in basic ones after a backslash. */
const swapped = '+?{}()|';

class Translator {
  readonly #pattern: string;
  readonly #dialect: RegexDialect;
  #at = 0;
  #source = '';

  constructor(pattern: string, dialect: RegexDialect) {
    this.#pattern = pattern;
    this.#dialect = dialect;
  }

  translate(): string {
    while (this.#at < this.#pattern.length) this.#source += this.#piece();
    return this.#source;
  }

  #piece(): string {
    const character = this.#pattern.charAt(this.#at++);
    if (character === '\\') return this.#escape();
    if (character === '[') return this.#set();
    const isBasic = this.#dialect === 'basic';
    if (character === '*' && this.#isAtStart()) return '\\*';
    if (isBasic && swapped.includes(character)) return `\\${character}`;
    if (isBasic && character === '^' && !this.#isAtStart()) return '\\^';
    if (isBasic && character === '$' && !this.#isAtEnd()) return '\\$';
    if (character === '{' && !/^\{\d*,?\d*\}/.test(this.#pattern.slice(this.#at - 1))) return '\\{';
    if (character === '}' && !/\{\d*,?\d*$/.test(this.#source)) return '\\}';
    return character === '/' ? '\\/' : character;
  }

  /** Nothing to repeat: the expression's start, or after `(`, `|`, `^`. */
  #isAtStart(): boolean {
    return (
      this.#source === '' || /(^|[^\\])(\(|\||\(\?:|\^)$/.test(this.#source) || this.#source === '^'
    );
  }

  #isAtEnd(): boolean {
    const rest = this.#pattern.slice(this.#at);
    return rest === '' || rest.startsWith('\\)') || rest.startsWith('\\|');
  }

  #escape(): string {
    const next = this.#pattern.charAt(this.#at++);
    if (next === '') throw new SyntaxError('Trailing backslash');
    if (this.#dialect === 'perl') return `\\${next}`;
    if (swapped.includes(next)) return this.#dialect === 'basic' ? next : `\\${next}`;
    if (next === '<') return '\\b(?=\\w)';
    if (next === '>') return '\\b(?<=\\w)';
    if (next === '`') return '^';
    if (next === "'") return '$';
    if (/[wWsSbB0-9]/.test(next)) return `\\${next}`;
    if (next === 'n') return '\\n';
    if (next === 't') return '\\t';
    return escapeRegex(next);
  }

  #set(): string {
    let body = '';
    if (this.#pattern.charAt(this.#at) === '^') {
      body = '^';
      this.#at++;
    }
    for (let isFirst = true; ; isFirst = false) {
      if (this.#pattern.length <= this.#at) throw new SyntaxError('Unmatched [');
      const isEnd = this.#pattern.charAt(this.#at) === ']' && !isFirst;
      if (!isEnd) {
        body += this.#setMember();
        continue;
      }
      this.#at++;
      return body === '' ? '(?!)' : `[${body}]`;
    }
  }

  #setMember(): string {
    const named = /^\[:(\w+):\]/.exec(this.#pattern.slice(this.#at, this.#at + 12));
    const inside = named === null ? undefined : characterClass(named[1] ?? '');
    if (named !== null && inside !== undefined) {
      this.#at += named[0].length;
      return inside;
    }
    const character = this.#pattern.charAt(this.#at++);
    const next = this.#pattern.charAt(this.#at);
    if (character === '\\' && (this.#dialect === 'perl' || /[nt]/.test(next))) {
      this.#at++;
      return `\\${next}`;
    }
    return /[\\\]^[]/.test(character) ? `\\${character}` : character;
  }
}
