import type { CompressionCodecs } from '../protocol/records/compression.ts';
import type { RecordBatch } from '../protocol/records/record-batch.ts';
import type { LogSegment } from './log-segment.ts';
import { scanBatches } from './segment-reader.ts';

export interface TimestampMatch {
  readonly timestamp: number;
  readonly offset: number;
  /** -1 when the batch names none. */
  readonly leaderEpoch: number;
}

export interface TimestampLookup {
  readonly segments: readonly LogSegment[];
  readonly logStartOffset: number;
  readonly codecs: CompressionCodecs;
}

/** The first record whose timestamp is at least `timestamp`. Rejects with CorruptRecordError and FileError. */
export async function findTimestamp(
  lookup: TimestampLookup,
  timestamp: number,
): Promise<TimestampMatch | undefined> {
  for (const segment of [...lookup.segments]) {
    if (segment.maxTimestamp < timestamp) continue;
    // All before the index entry is older than `timestamp`; the entry itself may be the one.
    const from = segment.timeIndex.lookup(timestamp - 1).offset;
    const start = segment.offsetIndex.lookup(Math.max(from, lookup.logStartOffset)).position;
    for await (const { batch } of scanBatches(segment.log, start, segment.sizeBytes)) {
      if (batch.maxTimestamp < timestamp || batch.lastOffset < lookup.logStartOffset) continue;
      const match = await matchIn(lookup, batch, timestamp);
      if (match !== undefined) return match;
    }
  }
  return undefined;
}

/** The first record that has the largest timestamp of all. */
export async function findOffsetOfMaxTimestamp(
  lookup: TimestampLookup,
): Promise<TimestampMatch | undefined> {
  let latest: LogSegment | undefined;
  for (const segment of lookup.segments) {
    if (segment.maxTimestamp > (latest?.maxTimestamp ?? -1)) latest = segment;
  }
  if (latest === undefined) return undefined;
  const { offsetOfMaxTimestamp, maxTimestamp } = latest;
  const start = latest.offsetIndex.lookup(offsetOfMaxTimestamp - 1).position;
  for await (const { batch } of scanBatches(latest.log, start, latest.sizeBytes)) {
    if (batch.lastOffset < offsetOfMaxTimestamp) continue;
    return matchIn(lookup, batch, maxTimestamp);
  }
  return undefined;
}

async function matchIn(
  { codecs, logStartOffset }: TimestampLookup,
  batch: RecordBatch,
  timestamp: number,
): Promise<TimestampMatch | undefined> {
  await codecs.prepare(batch.compressionType);
  for (const record of batch.records(codecs)) {
    if (timestamp <= record.timestamp && logStartOffset <= record.offset) {
      const { offset } = record;
      return { timestamp: record.timestamp, offset, leaderEpoch: batch.partitionLeaderEpoch };
    }
  }
  return undefined;
}
