import { apiOf } from '../../protocol/api.ts';
import { decodeWithSpans } from '../../protocol/field-spans.ts';
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
import { type FieldsWithRecords, takeRecordsApart } from './records-in-fields.ts';
import { bytesSpan, type ShownSpan, structSpan } from './shown-span.ts';
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
  const spans: ShownSpan[] = [structSpan('header', '', [0, header.end], header.fields)];
  let { error, end } = header;
  let records: Omit<FieldsWithRecords, 'spans'> = { recordsLeftOut: 0, error: undefined };
  const isWhole = bytes.length === sizeBytes;
  if (error === undefined) {
    const body = decodeWithSpans(...forms.body, bytes, header.end);
    const taken = takeRecordsApart(body.fields, bytes, isWhole);
    spans.push(structSpan('body', '', [header.end, body.end], taken.spans));
    ({ error, end } = body);
    records = taken;
  }
  if (end < bytes.length && error === undefined) {
    spans.push(bytesSpan('rest', bytes, [end, bytes.length]));
  }
  const { rows, leftOut } = flatten(spans);
  return {
    side,
    sizeBytes,
    bytes,
    fields: rows,
    fieldsLeftOut: leftOut,
    recordsLeftOut: records.recordsLeftOut,
    error: isWhole ? (error?.message ?? records.error) : undefined,
    json: jsonOf(spans),
  };
}

function undecoded({ bytes, sizeBytes }: TapFrame): FrameDetail {
  const none = { fields: [], fieldsLeftOut: 0, recordsLeftOut: 0, error: undefined, json: '' };
  return { side: 'bytes', sizeBytes, bytes, ...none };
}

/** As rows from top to bottom; what exceeds the bound is counted. */
function flatten(spans: readonly ShownSpan[]): {
  readonly rows: readonly FieldRow[];
  readonly leftOut: number;
} {
  const rows: FieldRow[] = [];
  let leftOut = 0;
  const add = (span: ShownSpan, depth: number) => {
    const { name, type, start, end } = span;
    if (rows.length < listedFieldsMax) {
      rows.push({ name, type, value: valueText(span), start, end, depth });
    } else leftOut += 1;
    for (const child of span.children) add(child, depth + 1);
  };
  for (const span of spans) add(span, 0);
  return { rows, leftOut };
}
