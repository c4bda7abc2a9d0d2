/** Names in a partition's folder: the base offset in 20 digits, then what it is (LogFileUtils). */
export type LogFileSuffix = '.log' | '.index' | '.timeindex' | '.snapshot';

export const deletedSuffix = '.deleted';
export const leaderEpochCheckpointName = 'leader-epoch-checkpoint';
export const partitionMetadataName = 'partition.metadata';

export function logFileName(baseOffset: number, suffix: LogFileSuffix): string {
  return `${String(baseOffset).padStart(20, '0')}${suffix}`;
}

/** The offset in `NNNNNNNNNNNNNNNNNNNN<suffix>`; undefined when the name is something else. */
export function offsetOfFileName(name: string, suffix: LogFileSuffix): number | undefined {
  if (!name.endsWith(suffix)) return undefined;
  const digits = name.slice(0, -suffix.length);
  if (!/^\d{20}$/.test(digits)) return undefined;
  const offset = Number(digits);
  return Number.isSafeInteger(offset) ? offset : undefined;
}
