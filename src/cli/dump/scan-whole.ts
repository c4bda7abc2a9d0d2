import type { RandomAccessFile } from '../../base/file-system.ts';
import {
  CorruptRecordError,
  UnsupportedMessageFormatError,
} from '../../protocol/records/record-errors.ts';
import { type BatchAt, scanBatches } from '../../storage/segment-reader.ts';

/** The whole batches of a file up to the first bytes that are none, be they cut short or broken. */
export async function* scanWhole(
  file: RandomAccessFile,
  sizeBytes: number,
): AsyncGenerator<BatchAt, void, undefined> {
  const batches = scanBatches(file, 0, sizeBytes);
  for (;;) {
    const next = await orEnd(batches.next());
    if (next?.done !== false) return;
    yield next.value;
  }
}

async function orEnd<T>(step: Promise<T>): Promise<T | undefined> {
  try {
    return await step;
  } catch (error) {
    const isKnown =
      error instanceof CorruptRecordError || error instanceof UnsupportedMessageFormatError;
    if (!isKnown) throw error;
    return undefined;
  }
}
