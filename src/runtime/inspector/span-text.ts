import type { ShownSpan } from './shown-span.ts';

const shownTextMax = 200;
const shownBytesMax = 24;

/** A field's value as it is listed; undefined for structs and arrays. */
export function valueText({ value, text }: ShownSpan): string | undefined {
  if (text !== undefined) return text;
  if (value === undefined) return undefined;
  if (value === null) return 'null';
  if (value instanceof Uint8Array) return bytesText(value);
  if (typeof value === 'string') return JSON.stringify(cut(value));
  return String(value);
}

/** The message as indented JSON; bytes as hex, int64 in all its digits. */
export function jsonOf(spans: readonly ShownSpan[]): string {
  return jsonStruct(spans, '');
}

function jsonStruct(spans: readonly ShownSpan[], indent: string): string {
  if (spans.length === 0) return '{}';
  const inner = `${indent}  `;
  const members = spans.map((span) => `${inner}${JSON.stringify(span.name)}: ${json(span, inner)}`);
  return `{\n${members.join(',\n')}\n${indent}}`;
}

function jsonArray(spans: readonly ShownSpan[], indent: string): string {
  if (spans.length === 0) return '[]';
  const inner = `${indent}  `;
  return `[\n${spans.map((span) => inner + json(span, inner)).join(',\n')}\n${indent}]`;
}

function json(span: ShownSpan, indent: string): string {
  const { value, type, children } = span;
  if (value instanceof Uint8Array) return JSON.stringify(hexOf(value));
  if (typeof value === 'bigint' || typeof value === 'number') return String(value);
  if (value !== undefined) return JSON.stringify(value);
  const isArray = type.startsWith('[]') || type === 'records';
  return isArray ? jsonArray(children, indent) : jsonStruct(children, indent);
}

function bytesText(bytes: Uint8Array): string {
  const shown = hexOf(bytes.subarray(0, shownBytesMax));
  return bytes.length <= shownBytesMax ? shown : `${shown}… (${bytes.length})`;
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function cut(text: string): string {
  return text.length <= shownTextMax ? text : `${text.slice(0, shownTextMax)}…`;
}
