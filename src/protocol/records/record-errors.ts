/** Record data that no Kafka could have written, or that was damaged since. Kafka's CORRUPT_MESSAGE. */
export class CorruptRecordError extends Error {
  override readonly name = 'CorruptRecordError';
}

/** Record data in the formats before Kafka 0.11 (magic 0 and 1). Kafka's UNSUPPORTED_FOR_MESSAGE_FORMAT. */
export class UnsupportedMessageFormatError extends Error {
  override readonly name = 'UnsupportedMessageFormatError';
  readonly magic: number;
  constructor(magic: number) {
    super(`record batches of message format v${magic} are not supported, only v2 (Kafka 0.11 on)`);
    this.magic = magic;
  }
}

/** A codec that these attributes cannot name or that this host does not have. Kafka's UNSUPPORTED_COMPRESSION_TYPE. */
export class UnsupportedCompressionTypeError extends Error {
  override readonly name = 'UnsupportedCompressionTypeError';
}
