import type { ErrorCode } from '../protocol/error-codes.ts';
import { batchesOf } from '../protocol/records/record-batch.ts';
import type { LeaderEndpoint } from './leader-endpoint.ts';
import type { Partition } from './partition.ts';

/**
 * The leader's log parts from ours: its largest epoch up to our last one is `epoch`, and ended at `endOffset`.
 * What we have of that epoch beyond its end, and all of later epochs, is cut (KIP-101). Where we never had that
 * epoch, we cut to the end of our largest one below it and compare again with the next fetch (KIP-279).
 * Answers the log's end then. Rejects with FileError.
 */
export async function truncateToLeader(
  { log }: Partition,
  { epoch, endOffset }: { readonly epoch: number; readonly endOffset: number },
): Promise<number> {
  const own = log.endOffsetFor(epoch);
  if (endOffset < 0) return log.logEndOffset;
  if (epoch < 0 || own.epoch < 0) await log.truncateTo(endOffset);
  else if (own.epoch !== epoch) await log.truncateTo(own.endOffset);
  else await log.truncateTo(Math.min(own.endOffset, endOffset));
  return log.logEndOffset;
}

/** For a log that has no leader epochs. Rejects with FileError. */
export async function truncateToHighWatermark({ log }: Partition): Promise<void> {
  await log.truncateTo(log.highWatermark);
}

/** What brings a log back to where its leader has records. */
export interface LogReset {
  readonly kind: 'cut' | 'begin-anew';
  readonly offset: number;
}

/**
 * The leader has nothing at our log's end (Kafka's `fetchOffsetAndTruncate`). Either its log ends before ours, as
 * after an unclean election, and ours is cut to its end; or it begins after ours ends, as when we were away for
 * longer than records are kept, and ours begins anew there. Changes nothing yet. Rejects when the leader does not say,
 * or contradicts itself.
 */
export async function findReset(partition: Partition, leader: LeaderEndpoint): Promise<LogReset> {
  const end = offsetOrThrow(await leader.offsetOf(partition, 'latest'));
  if (end < partition.log.logEndOffset) return { kind: 'cut', offset: end };
  const start = offsetOrThrow(await leader.offsetOf(partition, 'earliest'));
  if (partition.log.logEndOffset < start) return { kind: 'begin-anew', offset: start };
  // Its log has changed meanwhile, or it cannot compare epochs: to ask again at once could go on for ever.
  throw new LeaderOffsetError('The leader refuses an offset that lies within its log');
}

/** Rejects with FileError. */
export async function reset({ log }: Partition, { kind, offset }: LogReset): Promise<void> {
  if (kind === 'cut') await log.truncateTo(offset);
  else await log.truncateFullyAndStartAt(offset);
}

/**
 * Where an empty log has to begin so that it can take what its leader sends; undefined where that does not help.
 * Records are deleted one by one, but logs hold whole batches: a leader whose log starts within one sends all of it
 * (Kafka's `UnexpectedAppendOffsetException`).
 */
export function offsetToBeginAt(
  { log: { logStartOffset, logEndOffset } }: Partition,
  records: Uint8Array | null,
): number | undefined {
  const [first] = records === null ? [] : batchesOf(records);
  if (first === undefined || logStartOffset !== logEndOffset) return undefined;
  return logEndOffset <= first.lastOffset ? first.baseOffset : undefined;
}

function offsetOrThrow(answer: number | ErrorCode): number {
  if (typeof answer === 'number') return answer;
  throw new LeaderOffsetError(`The leader answers ${answer} where its offsets are asked for`);
}

class LeaderOffsetError extends Error {
  override readonly name = 'LeaderOffsetError';
}
