import type { FileSystem } from '../../base/file-system.ts';
import { MetadataDelta } from '../../controller/metadata-delta.ts';
import { emptyImage, type MetadataImage } from '../../controller/metadata-image.ts';
import { decodeMetadataRecord } from '../../controller/metadata-record.ts';
import { MetadataReplayError } from '../../controller/metadata-replay-error.ts';
import { DecodeError } from '../../protocol/errors.ts';
import type { CompressionCodecs } from '../../protocol/records/compression.ts';
import { batchSizeAt, RecordBatch } from '../../protocol/records/record-batch.ts';
import {
  CorruptRecordError,
  UnsupportedMessageFormatError,
} from '../../protocol/records/record-errors.ts';
import type { DecodedRecord } from '../../protocol/records/record-iterator.ts';

export interface MetadataSource {
  readonly files: FileSystem;
  readonly codecs: CompressionCodecs;
  /** Of a segment (`.log`) or a snapshot (`.checkpoint`). */
  readonly path: string;
  /** Hears of what cannot be read and is left out. */
  readonly onError: (message: string) => void;
}

const readBytes = 1_048_576;
const headBytes = 17;

/**
 * The metadata that a file of the metadata log holds, as Kafka's SnapshotFileReader reads it: a
 * record that cannot be read is left out, and what follows a broken batch. Rejects with FileError.
 */
export async function readMetadataImage(source: MetadataSource): Promise<MetadataImage> {
  const file = await source.files.open(source.path);
  let image = emptyImage;
  try {
    for (let position = 0; position < file.sizeBytes; ) {
      const size = batchSize(await file.read(position, headBytes));
      if (size === undefined || file.sizeBytes < position + size) {
        source.onError(`the batch at position ${position} is cut short or broken`);
        break;
      }
      const piece = await file.read(position, Math.max(size, readBytes));
      const read = await replayPiece(source, image, piece);
      image = read.image;
      position += read.bytes;
    }
  } finally {
    await file.close();
  }
  return image;
}

/** All whole batches of a piece on top of an image. */
async function replayPiece(source: MetadataSource, base: MetadataImage, piece: Uint8Array) {
  const delta = new MetadataDelta(base);
  let { provenance } = base;
  let bytes = 0;
  for (;;) {
    const size = batchSize(piece.subarray(bytes, bytes + headBytes));
    if (size === undefined || piece.length < bytes + size) break;
    const batch = new RecordBatch(piece.subarray(bytes, bytes + size));
    bytes += size;
    if (batch.isControl) continue;
    await replayBatch(source, delta, batch);
    const { lastOffset: offset, partitionLeaderEpoch: epoch, maxTimestamp: timestampMs } = batch;
    provenance = { offset, epoch, timestampMs };
  }
  return { image: delta.apply(provenance), bytes };
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

/** Undefined where no batch begins. */
function batchSize(head: Uint8Array): number | undefined {
  if (head.length < headBytes) return undefined;
  try {
    return batchSizeAt(new DataView(head.buffer, head.byteOffset, head.byteLength), 0);
  } catch (error) {
    const isKnown =
      error instanceof CorruptRecordError || error instanceof UnsupportedMessageFormatError;
    if (!isKnown) throw error;
    return undefined;
  }
}
