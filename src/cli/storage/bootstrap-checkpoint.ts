import { ByteWriter, joinChunks } from '../../protocol/byte-writer.ts';
import { writeMessage } from '../../protocol/codec.ts';
import {
  snapshotFooterBatch,
  snapshotHeaderBatch,
} from '../../protocol/records/control-records.ts';
import { RecordBatchBuilder } from '../../protocol/records/record-batch-builder.ts';
import { featureLevelRecord } from '../../protocol/schemas/records/feature-level-record.ts';

export const bootstrapCheckpointName = 'bootstrap.checkpoint';

const recordFrameVersion = 1;

/** `bootstrap.checkpoint`: a snapshot with the first records of a cluster, here its metadata.version. */
export function bootstrapCheckpoint(metadataVersionLevel: number, nowMs: number): Uint8Array {
  const place = { partitionLeaderEpoch: 0, timestamp: nowMs };
  return joinChunks([
    snapshotHeaderBatch({ ...place, baseOffset: 0 }, 0),
    featureBatch(metadataVersionLevel, nowMs),
    snapshotFooterBatch({ ...place, baseOffset: 2 }),
  ]);
}

function featureBatch(featureLevel: number, nowMs: number): Uint8Array {
  const value = new ByteWriter();
  value.unsignedVarint(recordFrameVersion);
  value.unsignedVarint(featureLevelRecord.apiKey);
  value.unsignedVarint(0);
  writeMessage(featureLevelRecord, 0, { name: 'metadata.version', featureLevel }, value);
  const builder = new RecordBatchBuilder({
    baseOffset: 1,
    partitionLeaderEpoch: 0,
    sizeLimitBytes: 256,
  });
  builder.append(nowMs, null, joinChunks(value.chunks()));
  return builder.close();
}
