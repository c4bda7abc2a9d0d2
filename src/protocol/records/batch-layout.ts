/** Record batch, format v2 (KIP-98; DefaultRecordBatch): byte positions of the header's fields. */
export const batchLayout = {
  baseOffset: 0,
  batchLength: 8,
  partitionLeaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
  records: 61,
} as const;

/** Size of the header: the records start after it. */
export const batchOverheadBytes = 61;
/** baseOffset and batchLength, which batchLength does not count. */
export const logOverheadBytes = 12;
/** The smallest legacy message (magic 0): what Kafka takes as the least plausible length. */
export const legacyOverheadBytes = 14;

export const batchAttributes = {
  compressionMask: 0x07,
  logAppendTime: 0x08,
  transactional: 0x10,
  control: 0x20,
  deleteHorizon: 0x40,
} as const;

export const noTimestamp = -1;
export const noProducerId = -1;
export const noProducerEpoch = -1;
export const noSequence = -1;
export const noLeaderEpoch = -1;

/** Reads an int64 as a number; beyond the safe integers it loses precision, which `RecordBatch.verify` refuses. */
export function readInt64(view: DataView, position: number): number {
  return view.getInt32(position) * 4_294_967_296 + view.getUint32(position + 4);
}

export function writeInt64(view: DataView, position: number, value: number): void {
  view.setInt32(position, Math.floor(value / 4_294_967_296));
  view.setUint32(position + 4, value >>> 0);
}
