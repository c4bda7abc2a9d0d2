import { DecodeError } from '../../protocol/errors.ts';
import type { FieldSpan } from '../../protocol/field-spans.ts';
import {
  CorruptRecordError,
  UnsupportedCompressionTypeError,
  UnsupportedMessageFormatError,
} from '../../protocol/records/record-errors.ts';

/** A span that may have words of its own. Where start and end are one, it is not in the frame's bytes as such. */
export interface ShownSpan extends FieldSpan {
  readonly text?: string | undefined;
  readonly children: readonly ShownSpan[];
}

type Place = readonly [start: number, end: number];

export function structSpan(
  name: string,
  type: string,
  [start, end]: Place,
  children: readonly ShownSpan[] = [],
): ShownSpan {
  return { name, type, value: undefined, start, end, children };
}

/** Bytes that nobody takes apart. */
export function bytesSpan(name: string, bytes: Uint8Array, [start, end]: Place): ShownSpan {
  return { name, type: 'bytes', value: bytes.subarray(start, end), start, end, children: [] };
}

/** What follows from other bytes, such as a bit's meaning or a record that was compressed: it stands at theirs. */
export function derivedSpan(span: ShownSpan, at: number): ShownSpan {
  const children = span.children.map((child) => derivedSpan(child, at));
  return { ...span, start: at, end: at, children };
}

/** The result, or in words why these bytes have none. */
export function attempt<T>(
  decode: () => T,
):
  | { readonly value: T; readonly error: undefined }
  | { readonly value: undefined; readonly error: string } {
  try {
    return { value: decode(), error: undefined };
  } catch (error) {
    const isOfTheBytes =
      error instanceof DecodeError ||
      error instanceof CorruptRecordError ||
      error instanceof UnsupportedMessageFormatError ||
      error instanceof UnsupportedCompressionTypeError;
    if (!isOfTheBytes) throw error;
    return { value: undefined, error: error.message };
  }
}
