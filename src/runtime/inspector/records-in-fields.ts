import type { FieldSpan } from '../../protocol/field-spans.ts';
import { METADATA_TOPIC_ID } from '../../protocol/uuid.ts';
import { type BatchBudget, spanBatches } from './batch-spans.ts';
import type { ShownSpan } from './shown-span.ts';

/** Of one frame so many records are taken apart; compressed ones may become so many bytes. */
const recordsMax = 1_000;
const plainBytesMax = 1_048_576;

export interface FieldsWithRecords {
  readonly spans: readonly ShownSpan[];
  readonly recordsLeftOut: number;
  readonly error: string | undefined;
}

/**
 * Takes the fields of type `records` apart into batches and records. Where a frame is kept only in part,
 * the field that it ends in is taken for what there is of it.
 */
export function takeRecordsApart(
  fields: readonly FieldSpan[],
  bytes: Uint8Array,
  isWhole: boolean,
): FieldsWithRecords {
  const taker = new RecordsTaker(bytes, isWhole);
  const spans = taker.all(fields, '');
  return { spans, recordsLeftOut: taker.budget.recordsLeftOut, error: taker.error };
}

const metadataTopics: ReadonlySet<string> = new Set(['__cluster_metadata', METADATA_TOPIC_ID]);

class RecordsTaker {
  readonly budget: BatchBudget = {
    records: recordsMax,
    recordsLeftOut: 0,
    plainBytes: plainBytesMax,
  };
  error: string | undefined;
  readonly #bytes: Uint8Array;
  readonly #isWhole: boolean;

  constructor(bytes: Uint8Array, isWhole: boolean) {
    this.#bytes = bytes;
    this.#isWhole = isWhole;
  }

  /** `outerTopic`: the name or id that a struct around these fields has. */
  all(fields: readonly FieldSpan[], outerTopic: string): readonly ShownSpan[] {
    const named = fields.find(({ name }) => topicFields.has(name))?.value;
    const topic = typeof named === 'string' ? named : outerTopic;
    return fields.map((field) =>
      field.type === 'records'
        ? this.#records(field, topic)
        : { ...field, children: this.all(field.children, topic) },
    );
  }

  #records(field: FieldSpan, topic: string): ShownSpan {
    const range = this.#contentOf(field);
    if (range === undefined || range.start === range.end) return field;
    const kind = metadataTopics.has(topic) ? 'metadata' : 'plain';
    const { spans, error } = spanBatches(this.#bytes, range, { kind, budget: this.budget });
    // A snapshot is sent in pieces that begin anywhere: bytes from the middle of a batch are no damage.
    if (field.name === 'unalignedRecords' && spans.every(({ name }) => name === 'rest'))
      return field;
    this.error ??= error;
    return { ...field, value: undefined, end: range.end, children: spans };
  }

  /** The field's bytes behind its length. */
  #contentOf({ value, end }: FieldSpan) {
    if (value instanceof Uint8Array) return { start: end - value.length, end };
    const isCut = value === undefined && !this.#isWhole;
    return isCut ? { start: end, end: this.#bytes.length } : undefined;
  }
}

const topicFields: ReadonlySet<string> = new Set(['topic', 'name', 'topicId']);
