import { decodeSnapshot, encodeSnapshot } from '../raft/raft-batches.ts';
import type { MetadataImage } from './metadata-image.ts';
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  type MetadataRecordInput,
} from './metadata-record.ts';
import { isTransactionSupported, isZkMigrationStateSupported } from './metadata-version.ts';

/** `bootstrap.checkpoint`, as `kafka-storage.sh format` writes it. */
export function encodeBootstrapCheckpoint(metadataVersion: number, nowMs: number): Uint8Array {
  const record: MetadataRecordInput = {
    kind: 'FeatureLevelRecord',
    version: 0,
    message: { name: 'metadata.version', featureLevel: metadataVersion },
  };
  const content = { lastContainedLogTimestampMs: 0, values: [encodeMetadataRecord(record)] };
  return encodeSnapshot({ offset: 0, epoch: 0 }, content, nowMs);
}

/**
 * The records of a `bootstrap.checkpoint`: what the first controller of a cluster begins with. Throws CorruptRecordError or DecodeError on a damaged file.
 */
export function decodeBootstrapCheckpoint(content: Uint8Array): readonly MetadataRecordInput[] {
  return decodeSnapshot({ offset: 0, epoch: 0 }, content).values.map(decodeMetadataRecord);
}

/** What a new active controller writes before anything else (`ActivationRecordsGenerator`). */
export function activationRecords(
  image: MetadataImage,
  bootstrap: readonly MetadataRecordInput[],
): readonly MetadataRecordInput[] {
  if (image.openTransaction !== null) {
    const reason = 'failover';
    return [{ kind: 'AbortTransactionRecord', version: 0, message: { reason } }];
  }
  return 0 < image.features.size ? [] : firstRecords(bootstrap);
}

/** In one transaction, so that no broker sees half of them. */
function firstRecords(bootstrap: readonly MetadataRecordInput[]): readonly MetadataRecordInput[] {
  const level = metadataVersionIn(bootstrap);
  const records = [...bootstrap];
  if (isZkMigrationStateSupported(level)) {
    records.push({ kind: 'ZkMigrationStateRecord', version: 0, message: { zkMigrationState: 0 } });
  }
  if (!isTransactionSupported(level)) return records;
  return [
    { kind: 'BeginTransactionRecord', version: 0, message: { name: 'Bootstrap records' } },
    ...records,
    { kind: 'EndTransactionRecord', version: 0, message: {} },
  ];
}

function metadataVersionIn(records: readonly MetadataRecordInput[]): number {
  const levels = records.map((record) =>
    record.kind === 'FeatureLevelRecord' && record.message.name === 'metadata.version'
      ? (record.message.featureLevel ?? 0)
      : 0,
  );
  return Math.max(0, ...levels);
}
