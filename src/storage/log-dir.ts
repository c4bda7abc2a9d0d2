import { type FileSystem, readFile, writeFileAtomically } from '../base/file-system.ts';
import { readOffsetCheckpoint, writeOffsetCheckpoint } from './checkpoint-file.ts';
import type { PartitionLog } from './partition-log.ts';
import { CorruptFileError } from './storage-errors.ts';

const recoveryPointCheckpointName = 'recovery-point-offset-checkpoint';
const logStartOffsetCheckpointName = 'log-start-offset-checkpoint';
const highWatermarkCheckpointName = 'replication-offset-checkpoint';
const cleanShutdownName = '.kafka_cleanshutdown';

/** Offsets of one log directory, by `topic-partition`. */
export interface LogDirCheckpoints {
  readonly recoveryPoints: ReadonlyMap<string, number>;
  readonly logStartOffsets: ReadonlyMap<string, number>;
  readonly highWatermarks: ReadonlyMap<string, number>;
}

/** Rejects with FileError. `onCorrupt` is told of files that cannot be used; they count as empty. */
export async function readCheckpoints(
  files: FileSystem,
  logDir: string,
  onCorrupt: (error: CorruptFileError) => void,
): Promise<LogDirCheckpoints> {
  const read = async (name: string) => {
    try {
      return await readOffsetCheckpoint(files, `${logDir}/${name}`);
    } catch (error) {
      if (!(error instanceof CorruptFileError)) throw error;
      onCorrupt(error);
      return new Map<string, number>();
    }
  };
  return {
    recoveryPoints: await read(recoveryPointCheckpointName),
    logStartOffsets: await read(logStartOffsetCheckpointName),
    highWatermarks: await read(highWatermarkCheckpointName),
  };
}

/** Writes the recovery points and log start offsets of a directory's logs. */
export async function writeCheckpoints(
  files: FileSystem,
  logDir: string,
  logs: readonly PartitionLog[],
): Promise<void> {
  const recoveryPoints = new Map(logs.map((log) => [log.name, log.recoveryPoint]));
  // As Kafka: a log that starts where its first segment does needs no entry.
  const raised = logs.filter((log) => log.firstSegmentOffset < log.logStartOffset);
  const logStartOffsets = new Map(raised.map((log) => [log.name, log.logStartOffset]));
  await writeOffsetCheckpoint(files, `${logDir}/${recoveryPointCheckpointName}`, recoveryPoints);
  await writeOffsetCheckpoint(files, `${logDir}/${logStartOffsetCheckpointName}`, logStartOffsets);
}

export async function writeHighWatermarks(
  files: FileSystem,
  logDir: string,
  logs: readonly PartitionLog[],
): Promise<void> {
  const offsets = new Map(logs.map((log) => [log.name, log.highWatermark]));
  await writeOffsetCheckpoint(files, `${logDir}/${highWatermarkCheckpointName}`, offsets);
}

export interface CleanShutdown {
  /** -1 when the file does not say. */
  readonly brokerEpoch: number;
}

/** Whether the last process ended well, and removes the sign: from now on a crash is a crash. */
export async function takeCleanShutdown(
  files: FileSystem,
  logDir: string,
): Promise<CleanShutdown | undefined> {
  const path = `${logDir}/${cleanShutdownName}`;
  if ((await files.stat(path)) === undefined) return undefined;
  const text = new TextDecoder().decode(await readFile(files, path));
  await files.remove(path);
  await files.flushDirectory(logDir);
  const match = /"brokerEpoch"\s*:\s*(-?\d+)/.exec(text);
  return { brokerEpoch: match === null ? -1 : Number(match[1]) };
}

export async function writeCleanShutdown(
  files: FileSystem,
  logDir: string,
  brokerEpoch: number,
): Promise<void> {
  const content = new TextEncoder().encode(JSON.stringify({ version: 0, brokerEpoch }));
  await writeFileAtomically(files, `${logDir}/${cleanShutdownName}`, content);
}
