import { assert } from '../base/assert.ts';
import type { RecordBatch } from '../protocol/records/record-batch.ts';
import { appendError } from './append-validation.ts';
import type { LogConfig } from './log-config.ts';
import type { AppendSummary } from './log-segment.ts';
import type { AppendResult, LogAppendInfo } from './partition-log-types.ts';
import { type BatchMetadata, firstOffsetOf, type ProducerState } from './producer-state.ts';

/** What a segment and an answer need to know of batches that are written together. */
export function summarize(
  batches: readonly RecordBatch[],
): AppendSummary & { firstOffset: number } {
  const first = batches[0];
  const last = batches.at(-1);
  assert(first !== undefined && last !== undefined, 'an append has at least one batch');
  let latest = first;
  for (const batch of batches) if (latest.maxTimestamp < batch.maxTimestamp) latest = batch;
  return {
    firstOffset: first.baseOffset,
    firstBatchLastOffset: first.lastOffset,
    lastOffset: last.lastOffset,
    maxTimestamp: latest.maxTimestamp,
    offsetOfMaxTimestamp: latest.lastOffset,
    firstTimestamp: first.baseTimestamp,
  };
}

/** Makes a producer's batches the log's next ones. `logAppendTime` is -1 when records keep their times. */
export function assignOffsets(
  batches: readonly RecordBatch[],
  place: {
    readonly baseOffset: number;
    readonly leaderEpoch: number;
    readonly logAppendTime: number;
  },
): void {
  let nextOffset = place.baseOffset;
  for (const batch of batches) {
    batch.baseOffset = nextOffset;
    batch.partitionLeaderEpoch = place.leaderEpoch;
    if (0 <= place.logAppendTime) batch.setLogAppendTime(place.logAppendTime);
    nextOffset = batch.nextOffset;
  }
}

export function appendedInfo(
  summary: ReturnType<typeof summarize>,
  more: {
    readonly logAppendTime: number;
    readonly logStartOffset: number;
    readonly sizeBytes: number;
  },
): LogAppendInfo {
  const { firstOffset, lastOffset, maxTimestamp } = summary;
  const recordCount = lastOffset - firstOffset + 1;
  const { logAppendTime, logStartOffset, sizeBytes } = more;
  return {
    kind: 'appended',
    firstOffset,
    lastOffset,
    maxTimestamp,
    logAppendTime,
    logStartOffset,
    recordCount,
    sizeBytes,
    isDuplicate: false,
  };
}

/** A client's batch that is seen again, or out of order, is answered here. */
export function producerAnswer(
  producers: ProducerState,
  batch: RecordBatch,
  { config, logStartOffset }: { readonly config: LogConfig; readonly logStartOffset: number },
): AppendResult | undefined {
  if (!batch.hasProducerId) return undefined;
  const answer = producers.check(batch);
  if (answer.kind === 'ok') return undefined;
  if (answer.kind === 'error') return appendError(answer.errorCode, answer.message);
  const isLogAppendTime = config.messageTimestampType === 'LogAppendTime';
  return duplicateInfo(batch, answer.batch, { isLogAppendTime, logStartOffset });
}

/** The answer to a batch that was appended before: as it was then. */
function duplicateInfo(
  batch: RecordBatch,
  known: BatchMetadata,
  log: { readonly isLogAppendTime: boolean; readonly logStartOffset: number },
): LogAppendInfo {
  return {
    kind: 'appended',
    firstOffset: firstOffsetOf(known),
    lastOffset: known.lastOffset,
    maxTimestamp: known.timestamp,
    logAppendTime: log.isLogAppendTime ? known.timestamp : -1,
    logStartOffset: log.logStartOffset,
    recordCount: batch.recordCount,
    sizeBytes: batch.sizeBytes,
    isDuplicate: true,
  };
}
