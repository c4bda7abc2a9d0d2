import { apiOf } from '../../protocol/api.ts';
import { decodeWithSpans, type FieldSpan } from '../../protocol/field-spans.ts';
import { requestHeaderVersion, responseHeaderVersion } from '../../protocol/frames.ts';
import type { MessageSchema } from '../../protocol/schema.ts';
import { requestHeader, responseHeader } from '../../protocol/schemas/headers.ts';
import { type Exchange, rowOf } from './frame-store.ts';
import {
  type ExchangeDetail,
  type FieldRow,
  type FrameDetail,
  listedFieldsMax,
} from './inspector-calls.ts';
import { jsonOf, valueText } from './span-text.ts';
import type { TapFrame } from './tap-messages.ts';

/** One exchange, decoded field by field with the places of the bytes. */
export function detailOf(exchange: Exchange): ExchangeDetail {
  const { apiKey, apiVersion, clientId, request, response } = exchange;
  const row = rowOf(exchange);
  const api = apiOf(apiKey);
  if (api === undefined) return { row, clientId, parts: [undecoded(request)] };
  const parts = [
    decoded('request', request, {
      header: [requestHeader, requestHeaderVersion(api.request, apiVersion)],
      body: [api.request, apiVersion],
    }),
  ];
  if (response !== undefined) {
    const header = [responseHeader, responseHeaderVersion(api.response, apiVersion)] as const;
    parts.push(decoded('response', response, { header, body: [api.response, apiVersion] }));
  }
  return { row, clientId, parts };
}

type Form = readonly [schema: MessageSchema, version: number];

function decoded(
  side: 'request' | 'response',
  frame: TapFrame,
  forms: { readonly header: Form; readonly body: Form },
): FrameDetail {
  const { bytes, sizeBytes } = frame;
  const header = decodeWithSpans(...forms.header, bytes);
  const spans: FieldSpan[] = [section('header', header.fields, [0, header.end])];
  let { error } = header;
  let end = header.end;
  if (error === undefined) {
    const body = decodeWithSpans(...forms.body, bytes, header.end);
    spans.push(section('body', body.fields, [header.end, body.end]));
    ({ error, end } = body);
  }
  const isWhole = bytes.length === sizeBytes;
  if (end < bytes.length && error === undefined) spans.push(rest(bytes, end));
  const { rows, leftOut } = flatten(spans);
  return {
    side,
    sizeBytes,
    bytes,
    fields: rows,
    fieldsLeftOut: leftOut,
    error: isWhole ? error?.message : undefined,
    json: jsonOf(spans),
  };
}

function undecoded({ bytes, sizeBytes }: TapFrame): FrameDetail {
  const none = { fields: [], fieldsLeftOut: 0, error: undefined, json: '' };
  return { side: 'bytes', sizeBytes, bytes, ...none };
}

function section(
  name: string,
  children: readonly FieldSpan[],
  [start, end]: readonly [number, number],
): FieldSpan {
  return { name, type: '', value: undefined, start, end, children };
}

function rest(bytes: Uint8Array, start: number): FieldSpan {
  const value = bytes.subarray(start);
  return { name: 'rest', type: 'bytes', value, start, end: bytes.length, children: [] };
}

/** As rows from top to bottom; what exceeds the bound is counted. */
function flatten(spans: readonly FieldSpan[]): {
  readonly rows: readonly FieldRow[];
  readonly leftOut: number;
} {
  const rows: FieldRow[] = [];
  let leftOut = 0;
  const add = (span: FieldSpan, depth: number) => {
    const { name, type, start, end } = span;
    if (rows.length < listedFieldsMax) {
      rows.push({ name, type, value: valueText(span), start, end, depth });
    } else leftOut += 1;
    for (const child of span.children) add(child, depth + 1);
  };
  for (const span of spans) add(span, 0);
  return { rows, leftOut };
}
