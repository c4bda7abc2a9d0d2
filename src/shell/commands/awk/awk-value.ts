import { formatFloat } from '../../format/printf.ts';

/** A value; input that looks like a number compares as one, though it is kept as text. */
export type AwkValue = number | string | NumericText;

export class NumericText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const numberText = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/;

/** Text from outside (a field, an argument). */
export function inputValue(text: string): AwkValue {
  return numberText.test(text) ? new NumericText(text) : text;
}

export function toNumber(value: AwkValue): number {
  if (typeof value === 'number') return value;
  const text = typeof value === 'string' ? value : value.text;
  const match = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/.exec(text);
  return match === null ? 0 : Number(match[0]);
}

export function toText(value: AwkValue, format: string): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') return value.text;
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return String(value);
  const places = /^%\.(\d+)g$/.exec(format)?.[1];
  return places === undefined
    ? formatAwk(format, [value], format)
    : formatFloat(value, 'g', Number(places));
}

export function isTrue(value: AwkValue): boolean {
  if (typeof value === 'string') return value !== '';
  return toNumber(value) !== 0;
}

export function compareValues(left: AwkValue, right: AwkValue, format: string): number {
  if (typeof left !== 'string' && typeof right !== 'string')
    return toNumber(left) - toNumber(right);
  const [a, b] = [toText(left, format), toText(right, format)];
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

const directive = /%(?:(%)|([-+ 0#]*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlL]*([a-zA-Z]))/g;

/** awk's sprintf. */
export function formatAwk(format: string, args: readonly AwkValue[], convert: string): string {
  let next = 0;
  const take = () => args[next++] ?? '';
  return format.replace(directive, (all, ...groups: (string | undefined)[]) => {
    const [percent, flags = '', width, precision, conversion = ''] = groups;
    if (percent !== undefined) return '%';
    const size = width === '*' ? toNumber(take()) : Number(width ?? 0);
    const written = precision === '*' ? toNumber(take()) : Number(precision ?? 0);
    const places = all.includes('.') ? written : undefined;
    const body = formatOne(conversion, flags, { value: take(), places, convert });
    return padAwk(body, size, flags + conversion);
  });
}

function padAwk(body: string, size: number, flags: string): string {
  if (flags.includes('-') || size < 0) return body.padEnd(Math.abs(size));
  if (!flags.includes('0') || !/[dioxXeEfFgG]$/.test(flags)) return body.padStart(size);
  const sign = /^[-+ ]/.exec(body)?.[0] ?? '';
  return sign + body.slice(sign.length).padStart(size - sign.length, '0');
}

function formatOne(
  conversion: string,
  flags: string,
  { value, places, convert }: { value: AwkValue; places: number | undefined; convert: string },
): string {
  const signed = (text: string) =>
    text.startsWith('-') || !flags.includes('+') ? text : `+${text}`;
  switch (conversion) {
    case 'd':
    case 'i':
      return signed(integerText(Math.trunc(toNumber(value)), places));
    case 'u':
      return integerText(Math.trunc(toNumber(value)), places);
    case 'o':
      return Math.trunc(toNumber(value)).toString(8);
    case 'x':
      return Math.trunc(toNumber(value)).toString(16);
    case 'X':
      return Math.trunc(toNumber(value)).toString(16).toUpperCase();
    case 'c':
      return typeof value === 'number'
        ? String.fromCodePoint(Math.max(0, Math.trunc(value)) % 0x110000)
        : toText(value, convert).charAt(0);
    case 's':
      return toText(value, convert).slice(0, places);
    default:
      return /[eEfFgG]/.test(conversion)
        ? signed(formatFloat(toNumber(value), conversion, places ?? 6))
        : '';
  }
}

function integerText(value: number, places: number | undefined): string {
  const digits = (
    Math.abs(value) < 1e21 ? String(Math.abs(value)) : BigInt(Math.abs(value)).toString()
  ).padStart(places ?? 0, '0');
  return value < 0 ? `-${digits}` : digits;
}
