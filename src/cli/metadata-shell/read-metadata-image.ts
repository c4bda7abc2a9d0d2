import type { FileSystem } from '../../base/file-system.ts';
import { MetadataDelta } from '../../controller/metadata-delta.ts';
import { emptyImage, type MetadataImage } from '../../controller/metadata-image.ts';
import { decodeMetadataRecord } from '../../controller/metadata-record.ts';
import { MetadataReplayError } from '../../controller/metadata-replay-error.ts';
import { DecodeError } from '../../protocol/errors.ts';
import type { CompressionCodecs } from '../../protocol/records/compression.ts';
import type { RecordBatch } from '../../protocol/records/record-batch.ts';
import { CorruptRecordError } from '../../protocol/records/record-errors.ts';
import type { DecodedRecord } from '../../protocol/records/record-iterator.ts';
import { scanWhole } from '../dump/scan-whole.ts';

export interface MetadataSource {
  readonly files: FileSystem;
  readonly codecs: CompressionCodecs;
  /** Of a segment (`.log`) or a snapshot (`.checkpoint`). */
  readonly path: string;
  /** Hears of what cannot be read and is left out. */
  readonly onError: (message: string) => void;
}

/**
 * The metadata that a file of the metadata log holds, as Kafka's SnapshotFileReader reads it: a
 * record that cannot be read is left out, and what follows a broken batch. Rejects with FileError.
 */
export async function readMetadataImage(source: MetadataSource): Promise<MetadataImage> {
  const file = await source.files.open(source.path);
  try {
    const delta = new MetadataDelta(emptyImage);
    let { provenance } = emptyImage;
    let end = 0;
    for await (const { batch, position } of scanWhole(file, file.sizeBytes)) {
      end = position + batch.sizeBytes;
      if (batch.isControl) continue;
      await replayBatch(source, delta, batch);
      const { lastOffset: offset, partitionLeaderEpoch: epoch, maxTimestamp: timestampMs } = batch;
      provenance = { offset, epoch, timestampMs };
    }
    if (end < file.sizeBytes) {
      source.onError(`the batch at position ${end} is cut short or broken`);
    }
    return delta.apply(provenance);
  } finally {
    await file.close();
  }
}

async function replayBatch(
  source: MetadataSource,
  delta: MetadataDelta,
  batch: RecordBatch,
): Promise<void> {
  if (batch.isCompressed) await source.codecs.prepare(batch.compressionType);
  try {
    for (const record of batch.records(source.codecs)) replayRecord(source, delta, record);
  } catch (error) {
    if (!(error instanceof CorruptRecordError)) throw error;
    source.onError(`unable to read the batch at offset ${batch.baseOffset}: ${error.message}`);
  }
}

function replayRecord(source: MetadataSource, delta: MetadataDelta, record: DecodedRecord): void {
  try {
    delta.replay(decodeMetadataRecord(record.value ?? new Uint8Array(0)));
  } catch (error) {
    if (!(error instanceof DecodeError || error instanceof MetadataReplayError)) throw error;
    source.onError(`unable to read metadata record at offset ${record.offset}: ${error.message}`);
  }
}
