import type { Clock } from '../base/clock.ts';
import type { FileSystem } from '../base/file-system.ts';
import type { Logger } from '../base/logger.ts';
import { batchLayout, batchOverheadBytes, readInt64 } from '../protocol/records/batch-layout.ts';
import { RecordBatch } from '../protocol/records/record-batch.ts';
import {
  CorruptRecordError,
  UnsupportedMessageFormatError,
} from '../protocol/records/record-errors.ts';
import { readEpochCheckpoint } from './checkpoint-file.ts';
import { LeaderEpochCache } from './leader-epoch-cache.ts';
import type { LogConfig } from './log-config.ts';
import {
  deletedSuffix,
  leaderEpochCheckpointName,
  logFileName,
  offsetOfFileName,
} from './log-file-names.ts';
import { LogSegment } from './log-segment.ts';
import type { ProducerState } from './producer-state.ts';
import { loadProducerState } from './producer-state-loader.ts';
import { scanBatches } from './segment-reader.ts';
import { CorruptFileError } from './storage-errors.ts';

export interface LogLoadOptions {
  readonly files: FileSystem;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly folder: string;
  readonly config: LogConfig;
  /** Whether the last process closed this log; else everything from the recovery point on is checked. */
  readonly isCleanShutdown: boolean;
  /** From `recovery-point-offset-checkpoint`: all before it was flushed. */
  readonly recoveryPoint: number;
  /** From `log-start-offset-checkpoint`. */
  readonly logStartOffset: number;
}

export interface LoadedLog {
  readonly segments: readonly LogSegment[];
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readonly recoveryPoint: number;
  readonly epochs: LeaderEpochCache;
  readonly producers: ProducerState;
}

const logSource = 'kafka.log.LogLoader';
const temporarySuffixes = [deletedSuffix, '.cleaned', '.swap', '.tmp'];

/**
 * Opens the log in `folder`, which exists. After a crash every batch from the recovery point on is checked, and
 * the log is cut at the first that is damaged or incomplete: what remains is a prefix of what was appended.
 * Rejects with FileError only.
 */
export async function loadLog(options: LogLoadOptions): Promise<LoadedLog> {
  const names = await cleanFolder(options);
  const epochs = new LeaderEpochCache(await readEpochs(options));
  const segments = await loadSegments(options, names, epochs);
  const active = segments.at(-1) ?? createFirst(options, segments);
  const first = segments[0] ?? active;
  const logEndOffset = await loadActive(active);
  const logStartOffset = Math.min(Math.max(options.logStartOffset, first.baseOffset), logEndOffset);
  epochs.truncateFromEnd(logEndOffset);
  epochs.truncateFromStart(logStartOffset);
  const producers = await loadProducerState({ ...options, segments, logStartOffset, logEndOffset });
  const recoveryPoint = options.isCleanShutdown
    ? logEndOffset
    : Math.min(options.recoveryPoint, logEndOffset);
  return { segments, logStartOffset, logEndOffset, recoveryPoint, epochs, producers };
}

/** Removes what a crash left half-done; answers the names that stay. */
async function cleanFolder({ files, folder }: LogLoadOptions): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const { name } of await files.list(folder)) {
    const isTemporary = temporarySuffixes.some((suffix) => name.endsWith(suffix));
    if (isTemporary) await files.remove(`${folder}/${name}`);
    else names.add(name);
  }
  for (const name of names) {
    const base = offsetOfFileName(name, '.index') ?? offsetOfFileName(name, '.timeindex');
    if (base === undefined || names.has(logFileName(base, '.log'))) continue;
    await files.remove(`${folder}/${name}`);
  }
  return names;
}

async function readEpochs({ files, folder, logger }: LogLoadOptions) {
  try {
    return await readEpochCheckpoint(files, `${folder}/${leaderEpochCheckpointName}`);
  } catch (error) {
    if (!(error instanceof CorruptFileError)) throw error;
    logger.log('WARN', logSource, `${error.message}; it is made anew from the log`);
    return [];
  }
}

async function loadSegments(
  options: LogLoadOptions,
  names: ReadonlySet<string>,
  epochs: LeaderEpochCache,
): Promise<LogSegment[]> {
  const bases = [...names]
    .map((name) => offsetOfFileName(name, '.log'))
    .filter((base) => base !== undefined)
    .sort((a, b) => a - b);
  const segments: LogSegment[] = [];
  for (const [i, base] of bases.entries()) {
    const segment = await openSegment(options, names, base);
    segments.push(segment);
    const nextBase = bases[i + 1] ?? Number.POSITIVE_INFINITY;
    const isFlushed = options.isCleanShutdown || nextBase <= options.recoveryPoint;
    if (isFlushed && (await loadIndexes(options, segment, names))) continue;
    const isWhole = await recoverSegment(options, segment, epochs);
    if (isWhole) continue;
    await dropSegments(options, bases.slice(i + 1));
    break;
  }
  return segments;
}

async function openSegment(
  { files, folder, clock }: LogLoadOptions,
  names: ReadonlySet<string>,
  base: number,
): Promise<LogSegment> {
  const path = (suffix: '.log' | '.index' | '.timeindex') =>
    `${folder}/${logFileName(base, suffix)}`;
  const openOrCreate = async (suffix: '.index' | '.timeindex') =>
    names.has(logFileName(base, suffix))
      ? await files.open(path(suffix))
      : files.create(path(suffix));
  const log = await files.open(path('.log'));
  const index = await openOrCreate('.index');
  const timeIndex = await openOrCreate('.timeindex');
  const segment = new LogSegment(base, { log, index, timeIndex }, clock.nowMs());
  const stat = await files.stat(path('.log'));
  if (stat !== undefined) segment.modifiedAtMs = stat.modifiedAtMs;
  return segment;
}

/** Takes the indexes as they are; answers false when they cannot be right and must be made anew. */
async function loadIndexes(
  { logger }: LogLoadOptions,
  segment: LogSegment,
  names: ReadonlySet<string>,
): Promise<boolean> {
  const hasFiles =
    names.has(logFileName(segment.baseOffset, '.index')) &&
    names.has(logFileName(segment.baseOffset, '.timeindex'));
  const areRight =
    hasFiles &&
    (await segment.offsetIndex.load(segment.sizeBytes)) &&
    (await segment.timeIndex.load()) &&
    (await pointsAtBatch(segment));
  if (!areRight) {
    logger.log(
      'WARN',
      logSource,
      `the indexes of ${segment.log.path} are missing or damaged; they are made anew`,
    );
    return false;
  }
  segment.adoptTimeIndex();
  return true;
}

/** Whether the last index entry leads to the batch that it names. */
async function pointsAtBatch({ log, offsetIndex }: LogSegment): Promise<boolean> {
  if (offsetIndex.entryCount === 0) return true;
  const { offset, position } = offsetIndex.last;
  const head = await log.read(position, batchOverheadBytes);
  if (head.length < batchOverheadBytes) return false;
  return new RecordBatch(head).lastOffset === offset;
}

/**
 * Checks every batch and makes the indexes anew. Answers false when the log was damaged and has been cut:
 * what comes after is worthless then.
 */
async function recoverSegment(
  { config, logger }: LogLoadOptions,
  segment: LogSegment,
  epochs: LeaderEpochCache,
): Promise<boolean> {
  segment.offsetIndex.discard();
  segment.timeIndex.discard();
  segment.resetIndexes();
  // What began in this segment is learned from it again; what began before it stays.
  epochs.truncateFromEnd(segment.baseOffset);
  let validBytes = 0;
  let nextOffset = segment.baseOffset;
  try {
    for await (const { batch, position } of scanBatches(segment.log, 0)) {
      batch.verify();
      if (batch.baseOffset < nextOffset || !segment.canHoldOffset(batch.lastOffset)) break;
      if (epochs.latestEpoch < batch.partitionLeaderEpoch) {
        epochs.assign(batch.partitionLeaderEpoch, batch.baseOffset);
      }
      segment.index(
        summaryOf(batch),
        { position, sizeBytes: batch.sizeBytes },
        config.indexIntervalBytes,
      );
      validBytes = position + batch.sizeBytes;
      nextOffset = batch.nextOffset;
    }
  } catch (error) {
    if (!isBadData(error)) throw error;
    logger.log(
      'WARN',
      logSource,
      `found invalid messages in ${segment.log.path}: ${error.message}`,
    );
  }
  segment.sealIndexes();
  if (validBytes === segment.sizeBytes) return true;
  const lost = segment.sizeBytes - validBytes;
  logger.log(
    'WARN',
    logSource,
    `${segment.log.path} is cut by ${lost} bytes, at offset ${nextOffset}`,
  );
  segment.cutTail(validBytes);
  epochs.truncateFromEnd(nextOffset);
  return false;
}

function isBadData(error: unknown): error is CorruptRecordError | UnsupportedMessageFormatError {
  return error instanceof CorruptRecordError || error instanceof UnsupportedMessageFormatError;
}

function summaryOf(batch: RecordBatch) {
  return {
    firstBatchLastOffset: batch.lastOffset,
    lastOffset: batch.lastOffset,
    maxTimestamp: batch.maxTimestamp,
    offsetOfMaxTimestamp: batch.lastOffset,
    firstTimestamp: batch.baseTimestamp,
  };
}

async function dropSegments({ files, folder, logger }: LogLoadOptions, bases: readonly number[]) {
  for (const base of bases) {
    logger.log(
      'WARN',
      logSource,
      `deleting the segment ${base} in ${folder}: it follows damaged data`,
    );
    for (const suffix of ['.log', '.index', '.timeindex', '.snapshot'] as const) {
      await files.remove(`${folder}/${logFileName(base, suffix)}`);
    }
  }
}

function createFirst(options: LogLoadOptions, segments: LogSegment[]): LogSegment {
  const { files, folder, clock, logStartOffset } = options;
  const segment = LogSegment.create(files, folder, logStartOffset, clock.nowMs());
  segments.push(segment);
  return segment;
}

/** Finds the log's end and what the index does not say; cuts a tail that is no batch. Answers the end offset. */
async function loadActive(segment: LogSegment): Promise<number> {
  await loadFirstTimestamp(segment);
  return scanTail(segment);
}

/** Reads on from the last index entry. Answers the offset after the last batch. */
export async function scanTail(segment: LogSegment): Promise<number> {
  const last = segment.offsetIndex.last;
  let nextOffset = segment.baseOffset;
  let validBytes = last.position;
  try {
    for await (const { batch, position } of scanBatches(
      segment.log,
      last.position,
      segment.sizeBytes,
    )) {
      if (segment.maxTimestamp < batch.maxTimestamp) {
        segment.maxTimestamp = batch.maxTimestamp;
        segment.offsetOfMaxTimestamp = batch.lastOffset;
      }
      nextOffset = batch.nextOffset;
      validBytes = position + batch.sizeBytes;
    }
  } catch (error) {
    if (!isBadData(error)) throw error;
  }
  if (validBytes < segment.sizeBytes) segment.cutTail(validBytes);
  return nextOffset;
}

async function loadFirstTimestamp(segment: LogSegment): Promise<void> {
  const head = await segment.log.read(0, batchOverheadBytes);
  if (head.length < batchOverheadBytes) return;
  segment.firstTimestamp = readInt64(
    new DataView(head.buffer, head.byteOffset),
    batchLayout.baseTimestamp,
  );
}
