import type { FileSystem } from '../base/file-system.ts';
import type { Logger } from '../base/logger.ts';
import { endMarkerOf } from '../protocol/records/control-records.ts';
import type { RecordBatch } from '../protocol/records/record-batch.ts';
import { logFileName, offsetOfFileName } from './log-file-names.ts';
import type { LogSegment } from './log-segment.ts';
import { readProducerSnapshot } from './producer-snapshot.ts';
import { ProducerState } from './producer-state.ts';
import { scanBatches } from './segment-reader.ts';
import { CorruptFileError } from './storage-errors.ts';

export interface ProducerStateSource {
  readonly files: FileSystem;
  readonly logger: Logger;
  readonly folder: string;
  readonly segments: readonly LogSegment[];
  readonly logStartOffset: number;
  readonly logEndOffset: number;
}

/** The newest good snapshot up to the log's end, and all batches after it. Snapshots beyond the end are removed. */
export async function loadProducerState(source: ProducerStateSource): Promise<ProducerState> {
  const producers = new ProducerState();
  const from = await restoreSnapshot(source, producers);
  for (const [i, segment] of source.segments.entries()) {
    const next = source.segments[i + 1];
    if (next !== undefined && next.baseOffset <= from) continue;
    const start = segment.offsetIndex.lookup(from).position;
    for await (const { batch } of scanBatches(segment.log, start, segment.sizeBytes)) {
      if (source.logEndOffset <= batch.baseOffset) return producers;
      if (from <= batch.baseOffset) producers.update(batch, coordinatorEpochOf(batch));
    }
  }
  return producers;
}

/** Of an end marker of a transaction; undefined for other batches. */
export function coordinatorEpochOf(batch: RecordBatch): number | undefined {
  return batch.isControl ? endMarkerOf(batch)?.coordinatorEpoch : undefined;
}

/** Answers the offset up to which the state is now known. */
async function restoreSnapshot(
  source: ProducerStateSource,
  producers: ProducerState,
): Promise<number> {
  const { files, folder, logEndOffset, logStartOffset } = source;
  const bases = new Set(source.segments.map(({ baseOffset }) => baseOffset));
  const offsets = (await files.list(folder))
    .map(({ name }) => offsetOfFileName(name, '.snapshot'))
    .filter((offset) => offset !== undefined)
    .sort((a, b) => b - a);
  let found: number | undefined;
  for (const offset of offsets) {
    const path = `${folder}/${logFileName(offset, '.snapshot')}`;
    const isNewest = found === undefined && offset <= logEndOffset;
    if (isNewest && (await readInto(producers, source, path))) found = offset;
    // Those at the start of a segment serve a log that is cut there; others are of earlier ends (removeStraySnapshots).
    else if (found === undefined || !bases.has(offset)) await files.remove(path);
  }
  return found ?? logStartOffset;
}

async function readInto(
  producers: ProducerState,
  { files, logger }: ProducerStateSource,
  path: string,
): Promise<boolean> {
  try {
    for (const entry of await readProducerSnapshot(files, path)) producers.restore(entry);
    return true;
  } catch (error) {
    if (!(error instanceof CorruptFileError)) throw error;
    logger.log('WARN', 'kafka.log.ProducerStateManager', `${error.message}; it is removed`);
    return false;
  }
}
