/** Levels of `metadata.version` that Kafka 3.8.0 knows; the flag says whether the level changed what metadata can hold. */
const levels: readonly (readonly [name: string, didMetadataChange: boolean])[] = [
  ['3.0-IV1', true],
  ['3.1-IV0', false],
  ['3.2-IV0', true],
  ['3.3-IV0', false],
  ['3.3-IV1', true],
  ['3.3-IV2', true],
  ['3.3-IV3', true],
  ['3.4-IV0', true],
  ['3.5-IV0', false],
  ['3.5-IV1', false],
  ['3.5-IV2', true],
  ['3.6-IV0', false],
  ['3.6-IV1', true],
  ['3.6-IV2', true],
  ['3.7-IV0', true],
  ['3.7-IV1', false],
  ['3.7-IV2', true],
  ['3.7-IV3', false],
  ['3.7-IV4', false],
  ['3.8-IV0', false],
];

/** 3.8-IV0, which `kafka-storage.sh format` of 3.8.0 chooses. */
export const LATEST_METADATA_VERSION = 20;
/** 3.0-IV1, the first of KRaft. */
export const MINIMUM_METADATA_VERSION = 1;

/** 3.3-IV0, the first that metadata.version can be set to. */
export const MINIMUM_BOOTSTRAP_VERSION = 4;

/** `3.8-IV0`, or undefined for a level that 3.8.0 does not know. */
export function metadataVersionName(level: number): string | undefined {
  return levels[level - 1]?.[0];
}

/** Whether a downgrade would have to forget something. */
export function didMetadataChange(from: number, to: number): boolean {
  return levels.slice(to, from).some(([, changed]) => changed);
}

/** Directories of replicas came with 3.7-IV2 (KIP-858). */
export function isDirectoryAssignmentSupported(level: number): boolean {
  return 17 <= level;
}

export function partitionRecordVersion(level: number): number {
  return isDirectoryAssignmentSupported(level) ? 1 : 0;
}

export function registerBrokerRecordVersion(level: number): number {
  if (isDirectoryAssignmentSupported(level)) return 3;
  if (8 <= level) return 2;
  return level === 7 ? 1 : 0;
}

/** Directory ids with a meaning (`DirectoryId`). */
export const directoryIds = {
  migrating: 'AAAAAAAAAAAAAAAAAAAAAA',
  unassigned: 'AAAAAAAAAAAAAAAAAAAAAQ',
  lost: 'AAAAAAAAAAAAAAAAAAAAAg',
} as const;

/** ZkMigrationStateRecord came with 3.4-IV0. */
export function isZkMigrationStateSupported(level: number): boolean {
  return 8 <= level;
}

/** Metadata transactions (KIP-868) came with 3.6-IV1. */
export function isTransactionSupported(level: number): boolean {
  return 13 <= level;
}

/** NoOpRecord (KIP-835) came with 3.3-IV1. */
export function isNoOpRecordSupported(level: number): boolean {
  return 5 <= level;
}

/** `leaderRecoveryState` (KIP-704) came with 3.2-IV0. */
export function isLeaderRecoverySupported(level: number): boolean {
  return 3 <= level;
}

/** Until 3.6-IV0 each shrink of an ISR began a leader epoch. */
export function isLeaderEpochBumpedOnIsrShrink(level: number): boolean {
  return level < 12;
}

/** `inControlledShutdown` came with 3.3-IV3. */
export function isInControlledShutdownSupported(level: number): boolean {
  return 7 <= level;
}

/** BrokerRegistrationChangeRecord came with 3.3-IV2. */
export function isBrokerRegistrationChangeSupported(level: number): boolean {
  return 6 <= level;
}

/** RegisterControllerRecord (KIP-919) came with 3.7-IV0. */
export function isControllerRegistrationSupported(level: number): boolean {
  return 15 <= level;
}
