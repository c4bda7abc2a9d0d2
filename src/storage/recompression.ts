import type { CompressionCodecs } from '../protocol/records/compression.ts';
import { RecordBatch } from '../protocol/records/record-batch.ts';
import { RecordBatchBuilder } from '../protocol/records/record-batch-builder.ts';
import type { LogConfig } from './log-config.ts';

/**
 * The batch as the topic's `compression.type` wants it; undefined when it is so already. Throws
 * CorruptRecordError and UnsupportedCompressionTypeError.
 */
export function recompressed(
  batch: RecordBatch,
  wanted: LogConfig['compressionType'],
  codecs: CompressionCodecs,
): RecordBatch | undefined {
  if (wanted === 'producer' || wanted === batch.compressionType || batch.isControl)
    return undefined;
  const builder = new RecordBatchBuilder({
    compression: wanted,
    codecs,
    sizeLimitBytes: Number.MAX_SAFE_INTEGER,
    buffer: new Uint8Array(batch.sizeBytes * (batch.isCompressed ? 4 : 1)),
    baseOffset: batch.baseOffset,
    partitionLeaderEpoch: batch.partitionLeaderEpoch,
  });
  builder.setProducerState(batch);
  for (const { timestamp, key, value, headers } of batch.records(codecs)) {
    builder.append(timestamp, key, value, headers);
  }
  return new RecordBatch(builder.close());
}
