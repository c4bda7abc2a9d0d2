import { UnsupportedCompressionTypeError } from './record-errors.ts';

/** Kafka's names, in the order of their ids (bits 0-2 of a batch's attributes). */
export const compressionTypes = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type CompressionType = (typeof compressionTypes)[number];

/** Compresses the records of batches in the framings that Kafka's Java client writes. */
export interface CompressionCodecs {
  /** Loads what the codec needs; until it resolves, the other calls may throw UnsupportedCompressionTypeError. */
  prepare(type: CompressionType): Promise<void>;
  compress(type: CompressionType, bytes: Uint8Array): Uint8Array;
  /** Throws CorruptRecordError on bad bytes or when the result would be longer than `maxBytes`. */
  decompress(type: CompressionType, bytes: Uint8Array, maxBytes: number): Uint8Array;
}

/** Throws UnsupportedCompressionTypeError for ids that Kafka does not define. */
export function compressionTypeOf(id: number): CompressionType {
  const type = compressionTypes[id];
  if (type === undefined) throw new UnsupportedCompressionTypeError(`unknown compression id ${id}`);
  return type;
}

export function compressionIdOf(type: CompressionType): number {
  return compressionTypes.indexOf(type);
}

/** For parts that only ever see uncompressed records, such as the metadata log. */
export const noCodecs: CompressionCodecs = {
  prepare: (type) =>
    type === 'none'
      ? Promise.resolve()
      : Promise.reject(new UnsupportedCompressionTypeError(`${type} is not available here`)),
  compress: (type, bytes) => refuseCompressed(type, bytes),
  decompress: (type, bytes) => refuseCompressed(type, bytes),
};

function refuseCompressed(type: CompressionType, bytes: Uint8Array): Uint8Array {
  if (type === 'none') return bytes;
  throw new UnsupportedCompressionTypeError(`${type} is not available here`);
}
