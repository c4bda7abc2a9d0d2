import type { RandomAccessFile } from '../base/file-system.ts';
import { batchLayout, batchOverheadBytes, readInt64 } from '../protocol/records/batch-layout.ts';
import { batchSizeAt, RecordBatch } from '../protocol/records/record-batch.ts';

/** How much a scan reads at once. */
const scanWindowBytes = 1_048_576;

export interface SegmentReadOptions {
  readonly startOffset: number;
  /** Where to begin to look: the start of a batch at or before `startOffset`. */
  readonly position: number;
  /** Of the log, as it was when the read began. */
  readonly sizeBytes: number;
  readonly maxBytes: number;
  /** Batches from this offset on are left out. */
  readonly upToOffset: number;
  /** Whether a first batch that is longer than `maxBytes` comes all the same. */
  readonly minOneMessage: boolean;
}

export interface SegmentRead {
  /** Whole batches, the first the one with `startOffset` or the next after it; empty when none may be given. */
  readonly bytes: Uint8Array;
  /** After the last batch; where the next read may begin. */
  readonly nextOffset: number;
  readonly nextPosition: number;
}

/**
 * Reads whole batches. Answers undefined when the segment has no batch at or after `startOffset`.
 * Throws CorruptRecordError on bytes that are no batches.
 */
export async function readSegment(
  log: RandomAccessFile,
  options: SegmentReadOptions,
): Promise<SegmentRead | undefined> {
  const { sizeBytes, startOffset } = options;
  let position = options.position;
  while (position < sizeBytes) {
    const wanted = Math.max(options.maxBytes, 4096);
    const window = await log.read(position, Math.min(wanted, sizeBytes - position));
    const skipped = skipTo(window, startOffset);
    const hasAll =
      Math.min(options.maxBytes, sizeBytes - position) <= window.length - skipped.bytes;
    if (skipped.isFound && (skipped.bytes === 0 || hasAll)) {
      return take(log, window.subarray(skipped.bytes), position + skipped.bytes, options);
    }
    if (skipped.bytes === 0) return undefined; // shorter than it was: truncated meanwhile
    position += skipped.bytes;
  }
  return undefined;
}

/** Passes over batches that end before `offset`; the next one's head is in the window when it is found. */
function skipTo(window: Uint8Array, offset: number): { isFound: boolean; bytes: number } {
  const view = viewOf(window);
  let at = 0;
  while (at + batchOverheadBytes <= window.length) {
    const sizeBytes = batchSizeAt(view, at);
    if (sizeBytes === undefined) break;
    if (offset <= lastOffsetAt(view, at)) return { isFound: true, bytes: at };
    at += sizeBytes;
  }
  return { isFound: false, bytes: at };
}

async function take(
  log: RandomAccessFile,
  window: Uint8Array,
  position: number,
  options: SegmentReadOptions,
): Promise<SegmentRead | undefined> {
  const view = viewOf(window);
  let end = 0;
  let nextOffset = options.startOffset;
  for (;;) {
    if (window.length < end + batchOverheadBytes) break;
    const sizeBytes = batchSizeAt(view, end) ?? window.length;
    if (options.upToOffset <= readInt64(view, end)) break;
    if (window.length < end + sizeBytes || options.maxBytes < end + sizeBytes) {
      if (0 < end || !options.minOneMessage) break;
      return await takeOne(log, position, sizeBytes);
    }
    nextOffset = lastOffsetAt(view, end) + 1;
    end += sizeBytes;
  }
  return { bytes: window.subarray(0, end), nextOffset, nextPosition: position + end };
}

async function takeOne(
  log: RandomAccessFile,
  position: number,
  sizeBytes: number,
): Promise<SegmentRead | undefined> {
  const bytes = await log.read(position, sizeBytes);
  if (bytes.length < sizeBytes) return undefined;
  const { nextOffset } = new RecordBatch(bytes);
  return { bytes, nextOffset, nextPosition: position + sizeBytes };
}

export interface BatchAt {
  readonly batch: RecordBatch;
  readonly position: number;
}

/**
 * The batches of a log from `position` on, each complete. Ends at the end of the file or at a batch that
 * is cut off; throws CorruptRecordError or UnsupportedMessageFormatError on bytes that are no batches.
 */
export async function* scanBatches(
  log: RandomAccessFile,
  position: number,
  sizeBytes = log.sizeBytes,
): AsyncGenerator<BatchAt, void, undefined> {
  let at = position;
  let windowBytes = scanWindowBytes;
  while (at < sizeBytes) {
    const window = await log.read(at, Math.min(windowBytes, sizeBytes - at));
    const view = viewOf(window);
    let used = 0;
    for (;;) {
      const batchBytes = batchSizeAt(view, used);
      if (batchBytes === undefined || window.length < used + batchBytes) {
        windowBytes = Math.max(scanWindowBytes, batchBytes ?? 0);
        break;
      }
      const batch = new RecordBatch(window.subarray(used, used + batchBytes));
      yield { batch, position: at + used };
      used += batchBytes;
    }
    // Nothing complete, although all that there is was read or the batch should have fitted: a cut tail.
    if (used === 0 && (sizeBytes <= at + window.length || windowBytes <= window.length)) return;
    at += used;
  }
}

function lastOffsetAt(view: DataView, at: number): number {
  return (
    readInt64(view, at + batchLayout.baseOffset) + view.getInt32(at + batchLayout.lastOffsetDelta)
  );
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
