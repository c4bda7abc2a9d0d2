import type { ByteRange } from '../../protocol/errors.ts';
import { decodeWithSpans, type FieldSpan } from '../../protocol/field-spans.ts';
import { batchAttributes, batchLayout } from '../../protocol/records/batch-layout.ts';
import { compressionTypes } from '../../protocol/records/compression.ts';
import { portableCodecs } from '../../protocol/records/portable-codecs.ts';
import { batchSizeAt, RecordBatch } from '../../protocol/records/record-batch.ts';
import type { MessageSchema } from '../../protocol/schema.ts';
import { attempt, bytesSpan, derivedSpan, type ShownSpan, structSpan } from './shown-span.ts';
import { type PayloadKind, type RecordBudget, spanRecordsOf } from './single-record-spans.ts';

export interface SpannedBatches {
  readonly spans: readonly ShownSpan[];
  /** What is wrong with the first that is damaged. */
  readonly error: string | undefined;
}

/** Of all batches of a frame together. */
export interface BatchBudget extends RecordBudget {
  /** That compressed records may become. */
  plainBytes: number;
}

const magic = 2;
/** Format v2, by the names of DefaultRecordBatch. */
const batchHeader = {
  name: 'RecordBatch',
  versions: [magic, magic],
  fields: [
    { name: 'baseOffset', type: 'int64' },
    { name: 'batchLength', type: 'int32' },
    { name: 'partitionLeaderEpoch', type: 'int32' },
    { name: 'magic', type: 'int8' },
    { name: 'crc', type: 'uint32' },
    { name: 'attributes', type: 'int16' },
    { name: 'lastOffsetDelta', type: 'int32' },
    { name: 'baseTimestamp', type: 'int64' },
    { name: 'maxTimestamp', type: 'int64' },
    { name: 'producerId', type: 'int64' },
    { name: 'producerEpoch', type: 'int16' },
    { name: 'baseSequence', type: 'int32' },
    { name: 'recordsCount', type: 'int32' },
  ],
} as const satisfies MessageSchema;

const codecs = portableCodecs();

/**
 * The batches in a field of records: each field of their headers, and their records. Of a batch that is
 * cut, as the last one of a fetch may be, there is what is there.
 */
export function spanBatches(
  bytes: Uint8Array,
  { start, end }: ByteRange,
  context: { readonly kind: PayloadKind; readonly budget: BatchBudget },
): SpannedBatches {
  const field = bytes.subarray(0, end);
  const view = new DataView(field.buffer, field.byteOffset, field.byteLength);
  const spans: ShownSpan[] = [];
  let fault: string | undefined;
  for (let at = start; at < end; ) {
    const place = at;
    const size = attempt(() => batchSizeAt(view, place));
    if (size.error !== undefined) {
      spans.push(bytesSpan('rest', field, [at, end]));
      return { spans, error: fault ?? size.error };
    }
    const sizeBytes = size.value ?? Number.POSITIVE_INFINITY;
    const { children, error } = spanBatch(field, { at, sizeBytes }, context);
    const batchEnd = Math.min(end, at + sizeBytes);
    spans.push(structSpan(`[${spans.length}]`, 'RecordBatch', [at, batchEnd], children));
    fault ??= error;
    at = batchEnd;
  }
  return { spans, error: fault };
}

interface Spanned {
  readonly children: readonly ShownSpan[];
  readonly error: string | undefined;
}

function spanBatch(
  field: Uint8Array,
  { at, sizeBytes }: { readonly at: number; readonly sizeBytes: number },
  context: { readonly kind: PayloadKind; readonly budget: BatchBudget },
): Spanned {
  const isCut = field.length < at + sizeBytes;
  const end = Math.min(field.length, at + sizeBytes);
  const header = decodeWithSpans(batchHeader, magic, field.subarray(0, end), at);
  if (header.error !== undefined) return { children: header.fields, error: undefined };
  const batch = new RecordBatch(field.subarray(at, end));
  const fields = header.fields.map((span) => explained(span, batch, isCut));
  const range = { start: at + batchLayout.records, end };
  const { span, error } = spanRecordsField({ field, batch, range, isCut }, context);
  const fault = isCut ? undefined : attempt(() => batch.verify()).error;
  return { children: [...fields, span], error: fault ?? error };
}

/** What a number of the header means, by the names of `kafka-dump-log.sh` and of RecordBatch. */
function explained(span: FieldSpan, batch: RecordBatch, isCut: boolean): ShownSpan {
  switch (span.name) {
    case 'crc':
      return isCut ? span : { ...span, children: meanings(span, { isvalid: batch.hasValidCrc() }) };
    case 'attributes':
      return { ...span, children: meanings(span, attributesOf(batch)) };
    case 'baseTimestamp':
    case 'maxTimestamp':
      return { ...span, children: meanings(span, timeOf(span.value)) };
    default:
      return span;
  }
}

function attributesOf({ attributes }: RecordBatch): Readonly<Record<string, string | boolean>> {
  const has = (bit: number) => (attributes & bit) !== 0;
  const codec = attributes & batchAttributes.compressionMask;
  return {
    compression: compressionTypes[codec] ?? String(codec),
    timestampType: has(batchAttributes.logAppendTime) ? 'LogAppendTime' : 'CreateTime',
    isTransactional: has(batchAttributes.transactional),
    isControl: has(batchAttributes.control),
    hasDeleteHorizonMs: has(batchAttributes.deleteHorizon),
  };
}

function meanings(
  { start }: FieldSpan,
  values: Readonly<Record<string, string | boolean>>,
): readonly ShownSpan[] {
  return Object.entries(values).map(([name, value]) => ({
    ...structSpan(name, '', [start, start]),
    text: String(value),
  }));
}

const lastTimeMs = 8_640_000_000_000_000;

/** For those who do not count in milliseconds; -1 is none. */
function timeOf(value: FieldSpan['value']): Readonly<Record<string, string>> {
  const timeMs = Number(value);
  return timeMs < 0 || lastTimeMs < timeMs ? {} : { UTC: new Date(timeMs).toISOString() };
}

interface RecordsField {
  readonly field: Uint8Array;
  readonly batch: RecordBatch;
  readonly range: ByteRange;
  readonly isCut: boolean;
}

function spanRecordsField(
  { field, batch, range, isCut }: RecordsField,
  context: { readonly kind: PayloadKind; readonly budget: BatchBudget },
): { readonly span: ShownSpan; readonly error: string | undefined } {
  const { budget } = context;
  const place = [range.start, range.end] as const;
  const kind = batch.isControl ? 'control' : context.kind;
  if (!batch.isCompressed) {
    const { spans, error } = spanRecordsOf({ batch, bytes: field, range, kind, isCut }, budget);
    return { span: structSpan('records', '[]Record', place, spans), error };
  }
  const asTheyAre = bytesSpan('records', field, place);
  // Half of what was compressed says nothing.
  if (isCut) return { span: asTheyAre, error: undefined };
  const { value: plain, error } = attempt(() => decompress(batch, budget));
  if (plain === undefined) return { span: asTheyAre, error };
  const inside = { batch, bytes: plain, range: { start: 0, end: plain.length }, kind, isCut };
  const records = spanRecordsOf(inside, budget);
  const children = records.spans.map((span) => derivedSpan(span, range.start));
  const text = `${batch.compressionType}: ${range.end - range.start} B → ${plain.length} B`;
  return {
    span: { ...structSpan('records', '[]Record', place, children), text },
    error: records.error,
  };
}

function decompress(batch: RecordBatch, budget: BatchBudget): Uint8Array {
  const body = batch.bytes.subarray(batchLayout.records);
  const plain = codecs.decompress(batch.compressionType, body, budget.plainBytes);
  budget.plainBytes -= plain.length;
  return plain;
}
