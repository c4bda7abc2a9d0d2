import { replaceEscapes } from '../language/ansi-escapes.ts';
import { quoteBackslash } from '../runtime/quoting.ts';
import { formatDate } from './date-format.ts';

export interface PrintfResult {
  readonly text: string;
  /** Messages without the command's name. */
  readonly errors: readonly string[];
}

/** A width or precision beyond this is cut. */
const widthMax = 1_000_000;

const directive =
  /%(?:(%)|([-+ 0#']*)(\*|\d+)?(?:\.(\*|-?\d*))?(?:hh|h|ll|l|L|j|z|t)?(\([^)]*\)T|[a-zA-Z]))/y;

/** `printf` of the shell and of coreutils: the format is used again while arguments are left. */
export function formatPrintf(
  format: string,
  values: readonly string[],
  nowMs: number,
): PrintfResult {
  const formatter = new Formatter(values, nowMs);
  do formatter.run(format);
  while (formatter.hasMore);
  return { text: formatter.text, errors: formatter.errors };
}

class Formatter {
  text = '';
  readonly errors: string[] = [];
  readonly #values: readonly string[];
  readonly #nowMs: number;
  #next = 0;
  #usedBefore = 0;
  #isCut = false;

  constructor(values: readonly string[], nowMs: number) {
    this.#values = values;
    this.#nowMs = nowMs;
  }

  /** Arguments are left, and the last round used some. */
  get hasMore(): boolean {
    const isProgress = this.#usedBefore < this.#next;
    this.#usedBefore = this.#next;
    return isProgress && !this.#isCut && this.#next < this.#values.length;
  }

  run(format: string): void {
    let at = 0;
    while (at < format.length && !this.#isCut) {
      const percent = format.indexOf('%', at);
      const literal = replaceEscapes(format.slice(at, percent === -1 ? undefined : percent));
      this.text += literal.text;
      this.#isCut ||= literal.isCut;
      if (percent === -1 || this.#isCut) return;
      at = this.#directive(format, percent);
    }
  }

  #directive(format: string, percent: number): number {
    directive.lastIndex = percent;
    const match = directive.exec(format);
    if (match === null) {
      const rest = format.slice(percent + 1, percent + 2);
      this.errors.push(`\`${rest}': invalid format character`);
      this.#isCut = true;
      return format.length;
    }
    const [all, percentSign, flags = '', width, precision, conversion = ''] = match;
    if (percentSign !== undefined) this.text += '%';
    else this.#convert({ flags, width, precision, conversion });
    return percent + all.length;
  }

  #convert(raw: {
    flags: string;
    width: string | undefined;
    precision: string | undefined;
    conversion: string;
  }): void {
    let { flags } = raw;
    let width = raw.width === '*' ? this.#number(this.#take()) : Number(raw.width ?? 0);
    if (width < 0) {
      flags += '-';
      width = -width;
    }
    const written = raw.precision === '*' ? this.#take() : raw.precision;
    const precision = written === undefined ? undefined : Math.min(Number(written || 0), widthMax);
    const body = this.#body(raw.conversion, flags, precision);
    const isNumeric = /[diouxXeEfFgG]/.test(raw.conversion);
    const padsZero = flags.includes('0') && !flags.includes('-') && isNumeric;
    const isInteger = /[diouxX]/.test(raw.conversion);
    const zero = padsZero && !(isInteger && precision !== undefined);
    this.text += pad(body, Math.min(width, widthMax), { isLeft: flags.includes('-'), zero });
  }

  #body(conversion: string, flags: string, precision: number | undefined): string {
    switch (conversion.at(-1)) {
      case 's':
        return this.#take().slice(0, precision);
      case 'b':
        return this.#escaped(precision);
      case 'q':
        return quoteBackslash(this.#take());
      case 'c':
        return [...this.#take()][0] ?? '';
      case 'T':
        return this.#date(conversion);
      case 'd':
      case 'i':
      case 'u':
      case 'o':
      case 'x':
      case 'X':
        return this.#integer(conversion, flags, precision);
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G':
        return withSign(formatFloat(this.#number(this.#take()), conversion, precision ?? 6), flags);
      default:
        this.errors.push(`\`${conversion}': invalid format character`);
        this.#isCut = true;
        return '';
    }
  }

  #escaped(precision: number | undefined): string {
    const replaced = replaceEscapes(this.#take(), { needsOctalZero: true });
    this.#isCut ||= replaced.isCut;
    return replaced.text.slice(0, precision);
  }

  #date(conversion: string): string {
    const value = this.#take();
    const isNow = value === '' || value === '-1' || value === '-2';
    const atMs = isNow ? this.#nowMs : this.#number(value) * 1000;
    return formatDate(conversion.slice(1, -2) || '%X', atMs);
  }

  #integer(conversion: string, flags: string, precision: number | undefined): string {
    const value = this.#bigint(this.#take());
    if (conversion === 'd' || conversion === 'i') {
      const digits = String(value < 0n ? -value : value).padStart(precision ?? 0, '0');
      return withSign(value < 0n ? `-${digits}` : digits, flags);
    }
    const text = unsignedText(BigInt.asUintN(64, value), conversion, precision ?? 0);
    const prefix = flags.includes('#') && value !== 0n ? prefixOf(conversion) : '';
    return prefix + text;
  }

  #take(): string {
    return this.#values[this.#next++] ?? '';
  }

  #bigint(text: string): bigint {
    if (/^["']/.test(text)) return BigInt(text.codePointAt(1) ?? 0);
    const match = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|\d+)/.exec(text);
    if (match === null) {
      if (text.trim() !== '') this.errors.push(`${text}: invalid number`);
      return 0n;
    }
    if (match[0].length < text.length) this.errors.push(`${text}: invalid number`);
    const digits = match[2] ?? '0';
    const isOctal = /^0[0-7]+$/.test(digits);
    const value = BigInt(isOctal ? `0o${digits.slice(1)}` : digits);
    return match[1] === '-' ? -value : value;
  }

  #number(text: string): number {
    if (/^["']/.test(text)) return text.codePointAt(1) ?? 0;
    if (text.trim() === '') return 0;
    const value = Number.parseFloat(text);
    if (Number.isNaN(value) || Number.isNaN(Number(text))) {
      this.errors.push(`${text}: invalid number`);
    }
    return Number.isNaN(value) ? 0 : value;
  }
}

function unsignedText(value: bigint, conversion: string, precision: number): string {
  const radix = { u: 10, o: 8 }[conversion] ?? 16;
  const text = value.toString(radix).padStart(precision, '0');
  return conversion === 'X' ? text.toUpperCase() : text;
}

function prefixOf(conversion: string): string {
  return { o: '0', x: '0x', X: '0X' }[conversion] ?? '';
}

function withSign(digits: string, flags: string): string {
  if (digits.startsWith('-')) return digits;
  if (flags.includes('+')) return `+${digits}`;
  return flags.includes(' ') ? ` ${digits}` : digits;
}

function pad(text: string, width: number, how: { isLeft: boolean; zero: boolean }): string {
  if (how.isLeft) return text.padEnd(width);
  if (!how.zero) return text.padStart(width);
  const sign = /^[-+ ]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}

/** A number as C's `%e`, `%f` and `%g` print it. */
export function formatFloat(value: number, conversion: string, precision: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  const places = Math.min(precision, 100);
  const isUpper = conversion === conversion.toUpperCase();
  const text = formatFinite(value, conversion.toLowerCase(), places);
  return isUpper ? text.toUpperCase() : text;
}

function formatFinite(value: number, conversion: string, places: number): string {
  if (conversion === 'f') return value.toFixed(places);
  if (conversion === 'e') return exponential(value, places);
  const significant = places === 0 ? 1 : places;
  const exponent = value === 0 ? 0 : Number(value.toExponential(significant - 1).split('e')[1]);
  if (exponent < -4 || significant <= exponent) {
    return exponential(value, significant - 1).replace(/\.?0+(?=e)/, '');
  }
  const text = value.toFixed(Math.max(0, significant - 1 - exponent));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function exponential(value: number, places: number): string {
  return value.toExponential(places).replace(/e([-+])(\d)$/, 'e$10$2');
}
