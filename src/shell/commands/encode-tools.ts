import type { Command, CommandContext } from '../command.ts';
import { concatenate, readAll } from '../streams.ts';
import { forEachInput, report } from './support/files.ts';
import { readOptions } from './support/options.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export const base64: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'dw:i',
    long: { decode: 'd', 'wrap=': 'w', 'ignore-garbage': 'i' },
    usage:
      '[OPTION]... [FILE]\nBase64 encode or decode FILE, or standard input.\n  -d decode  -w COLS wrap lines (0: never)',
  });
  if (typeof options === 'number') return options;
  const width = Number(options.value('w') ?? 76);
  return forEachInput(ctx, options.operands, async ({ source }) => {
    const bytes = await readAll(source);
    if (options.has('d')) await ctx.stdout.write(decode(new TextDecoder().decode(bytes)));
    else await ctx.stdout.write(wrap(encode(bytes), width));
  });
};

function encode(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3);
    const bits = (a << 16) | (b << 8) | c;
    const letters = [18, 12, 6, 0].map((shift) => alphabet.charAt((bits >> shift) & 63)).join('');
    const rest = bytes.length - at;
    parts.push(rest < 3 ? letters.slice(0, rest + 1).padEnd(4, '=') : letters);
  }
  return parts.join('');
}

function wrap(text: string, width: number): string {
  if (width === 0 || text === '') return text;
  return `${text.match(new RegExp(`.{1,${width}}`, 'g'))?.join('\n') ?? ''}\n`;
}

function decode(text: string): Uint8Array {
  const clean = text.replace(/[^A-Za-z0-9+/]/g, '');
  const bytes = new Uint8Array(Math.floor((clean.length * 3) / 4));
  let bits = 0;
  let count = 0;
  let at = 0;
  for (const letter of clean) {
    bits = ((bits << 6) | alphabet.indexOf(letter)) & 0xffffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes[at++] = (bits >> count) & 255;
  }
  return bytes;
}

const hex2 = (byte: number) => byte.toString(16).padStart(2, '0');
const printable = (byte: number) => (32 <= byte && byte < 127 ? String.fromCharCode(byte) : '.');

/** Gathers input into rows of 16 bytes. */
async function* rowsOf(ctx: CommandContext, operands: readonly string[], limit: number) {
  const chunks: Uint8Array[] = [];
  let size = 0;
  await forEachInput(ctx, operands, async ({ source }) => {
    for (
      let chunk = await source.read();
      chunk !== null && size < limit;
      chunk = await source.read()
    ) {
      chunks.push(chunk);
      size += chunk.length;
    }
  });
  const all = concatenate(chunks, size).subarray(0, limit);
  for (let at = 0; at < all.length; at += 16)
    yield { at, row: all.subarray(at, at + 16), size: all.length };
}

function byteLimit(text: string | undefined): number {
  return Math.min(Number(text ?? Number.POSITIVE_INFINITY), 64 * 1024 * 1024);
}

export const hexdump: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'Cn:v',
    usage: '[-C] [-n LENGTH] [FILE]...\nShow bytes in hexadecimal.',
  });
  if (typeof options === 'number') return options;
  let end = 0;
  for await (const { at, row, size } of rowsOf(
    ctx,
    options.operands,
    byteLimit(options.value('n')),
  )) {
    end = size;
    const offset = at.toString(16);
    if (options.has('C'))
      await ctx.stdout.write(
        `${offset.padStart(8, '0')}  ${canonical(row)}  |${[...row].map(printable).join('')}|\n`,
      );
    else await ctx.stdout.write(`${offset.padStart(7, '0')} ${words(row)}\n`);
  }
  if (0 < end)
    await ctx.stdout.write(`${end.toString(16).padStart(options.has('C') ? 8 : 7, '0')}\n`);
  return 0;
};

function canonical(row: Uint8Array): string {
  const left = [...row.subarray(0, 8)].map(hex2).join(' ').padEnd(23);
  const right = [...row.subarray(8)].map(hex2).join(' ').padEnd(23);
  return `${left}  ${right}`;
}

function words(row: Uint8Array): string {
  const pairs: string[] = [];
  for (let at = 0; at < row.length; at += 2)
    pairs.push(hex2(row[at + 1] ?? 0) + hex2(row[at] ?? 0));
  return pairs.join(' ');
}

export const xxd: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'pl:g:c:',
    usage: '[-p] [-l LENGTH] [FILE]\nShow bytes in hexadecimal.',
  });
  if (typeof options === 'number') return options;
  for await (const { at, row } of rowsOf(ctx, options.operands, byteLimit(options.value('l')))) {
    if (options.has('p')) {
      await ctx.stdout.write(`${[...row].map(hex2).join('')}\n`);
      continue;
    }
    const pairs = [...row]
      .map(hex2)
      .join('')
      .replace(/(.{4})(?=.)/g, '$1 ')
      .padEnd(39);
    await ctx.stdout.write(
      `${at.toString(16).padStart(8, '0')}: ${pairs}  ${[...row].map(printable).join('')}\n`,
    );
  }
  return 0;
};

const namedBytes: Readonly<Record<number, string>> = {
  0: '\\0',
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
};

export const od: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'A:t:cxN:vb',
    usage:
      '[-c] [-t x1|c|o2] [-A n|d|x|o] [-N LENGTH] [FILE]...\nShow bytes in octal and other formats.',
  });
  if (typeof options === 'number') return options;
  const format = options.value('t') ?? (options.has('c') ? 'c' : 'o2');
  const base = options.value('A') ?? 'o';
  const radix = { d: 10, x: 16, o: 8 }[base] ?? 8;
  const offset = (at: number) =>
    base === 'n' ? '' : at.toString(radix).padStart(base === 'x' ? 6 : 7, '0');
  let end = 0;
  for await (const { at, row, size } of rowsOf(
    ctx,
    options.operands,
    byteLimit(options.value('N')),
  )) {
    end = size;
    await ctx.stdout.write(`${offset(at)}${odRow(row, format)}\n`);
  }
  if (base !== 'n') await ctx.stdout.write(`${offset(end)}\n`);
  return 0;
};

function odRow(row: Uint8Array, format: string): string {
  if (format.startsWith('x1')) return [...row].map((byte) => ` ${hex2(byte)}`).join('');
  if (format.startsWith('c')) {
    return [...row]
      .map((byte) =>
        (
          namedBytes[byte] ??
          (32 <= byte && byte < 127 ? String.fromCharCode(byte) : byte.toString(8).padStart(3, '0'))
        ).padStart(4),
      )
      .join('');
  }
  const pairs: string[] = [];
  for (let at = 0; at < row.length; at += 2) {
    const value = (row[at] ?? 0) | ((row[at + 1] ?? 0) << 8);
    pairs.push(
      format.startsWith('x')
        ? ` ${value.toString(16).padStart(4, '0')}`
        : ` ${value.toString(8).padStart(6, '0')}`,
    );
  }
  return pairs.join('');
}

export const sha256sum: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'bt',
    usage: '[FILE]...\nPrint SHA-256 checksums.',
  });
  if (typeof options === 'number') return options;
  return forEachInput(ctx, options.operands, async ({ name, source }) => {
    const digest = sha256(await readAll(source));
    await ctx.stdout.write(`${digest}  ${name}\n`);
  });
};

/** FIPS 180-4, over bytes in memory. */
export function sha256(bytes: Uint8Array): string {
  const padded = new Uint8Array(((bytes.length + 72) >> 6) << 6);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 0x20000000));
  view.setUint32(padded.length - 4, bytes.length << 3);
  const { constants, start } = shaConstants();
  const state = Int32Array.from(start);
  const schedule = new Int32Array(64);
  for (let at = 0; at < padded.length; at += 64) {
    for (let index = 0; index < 16; index++) schedule[index] = view.getInt32(at + index * 4);
    shaBlock(state, schedule, constants);
  }
  return [...state].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

const rotate = (value: number, by: number) => (value >>> by) | (value << (32 - by));

function shaBlock(state: Int32Array, schedule: Int32Array, constants: Int32Array): void {
  const w = (index: number) => schedule[index] ?? 0;
  for (let index = 16; index < 64; index++) {
    const [a, b] = [w(index - 15), w(index - 2)];
    const low = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3);
    const high = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10);
    schedule[index] = (w(index - 16) + low + w(index - 7) + high) | 0;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let index = 0; index < 64; index++) {
    const sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const first = (h + sum1 + ((e & f) ^ (~e & g)) + (constants[index] ?? 0) + w(index)) | 0;
    const sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const second = (sum0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  for (const [index, value] of [a, b, c, d, e, f, g, h].entries())
    state[index] = ((state[index] ?? 0) + value) | 0;
}

/** The fractions of square and cube roots of the first primes, as the standard defines them. */
function shaConstants(): { constants: Int32Array; start: readonly number[] } {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < 64; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  const fraction = (value: number) => ((value - Math.floor(value)) * 4_294_967_296) | 0;
  return {
    constants: Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime))),
    start: primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime))),
  };
}

export const expr: Command = async (ctx) => {
  const reader = new ExprReader(ctx.args);
  try {
    const value = reader.read();
    await ctx.stdout.write(`${value}\n`);
    return value === '' || value === '0' ? 1 : 0;
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    return report(ctx, error.message, 2);
  }
};

class ExprError extends Error {
  override readonly name = 'ExprError';
}

const exprLevels: readonly (readonly string[])[] = [
  ['|'],
  ['&'],
  ['=', '==', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/', '%'],
  [':'],
];

class ExprReader {
  readonly #words: readonly string[];
  #at = 0;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  read(): string {
    if (this.#words.length === 0) throw new ExprError('missing operand');
    const value = this.#level(0);
    if (this.#at < this.#words.length)
      throw new ExprError(`syntax error: unexpected argument ‘${this.#words[this.#at]}’`);
    return value;
  }

  #level(level: number): string {
    const operators = exprLevels[level];
    if (operators === undefined) return this.#primary();
    let left = this.#level(level + 1);
    while (operators.includes(this.#words[this.#at] ?? '')) {
      const operator = this.#words[this.#at++] ?? '';
      left = applyExpr(operator, left, this.#level(level + 1));
    }
    return left;
  }

  #primary(): string {
    const word = this.#words[this.#at++];
    if (word === undefined)
      throw new ExprError(`syntax error: missing argument after ‘${this.#words.at(-1)}’`);
    if (word === 'length') return String([...this.#primary()].length);
    if (word !== '(') return word;
    const value = this.#level(0);
    if (this.#words[this.#at++] !== ')') throw new ExprError("syntax error: expecting ')'");
    return value;
  }
}

function applyExpr(operator: string, left: string, right: string): string {
  const isFalse = (text: string) => text === '' || text === '0';
  if (operator === '|') return isFalse(left) ? right : left;
  if (operator === '&') return isFalse(left) || isFalse(right) ? '0' : left;
  if (operator === ':') {
    const match = new RegExp(`^(?:${right.replace(/\\([()])/g, '$1')})`).exec(left);
    return match?.[1] ?? String(match?.[0].length ?? 0);
  }
  const isNumeric = /^-?\d+$/.test(left) && /^-?\d+$/.test(right);
  if (/[=<>]/.test(operator))
    return compareExpr(
      operator,
      left,
      isNumeric ? Number(left) - Number(right) : Number(left > right) - Number(left < right),
    );
  if (!isNumeric) throw new ExprError('non-integer argument');
  return calculateExpr(operator, BigInt(left), BigInt(right));
}

function compareExpr(operator: string, _left: string, order: number): string {
  const holds: Readonly<Record<string, boolean>> = {
    '=': order === 0,
    '==': order === 0,
    '!=': order !== 0,
    '<': order < 0,
    '<=': order <= 0,
    '>': 0 < order,
    '>=': 0 <= order,
  };
  return holds[operator] === true ? '1' : '0';
}

function calculateExpr(operator: string, left: bigint, right: bigint): string {
  if (operator === '+') return String(left + right);
  if (operator === '-') return String(left - right);
  if (operator === '*') return String(left * right);
  if (right === 0n) throw new ExprError('division by zero');
  return String(operator === '/' ? left / right : left % right);
}
