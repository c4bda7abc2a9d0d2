import type { ProgramContext } from '../../base/program.ts';
import type { CompressionCodecs } from '../../protocol/records/compression.ts';
import { batchSizeAt, RecordBatch } from '../../protocol/records/record-batch.ts';
import {
  CorruptRecordError,
  UnsupportedMessageFormatError,
} from '../../protocol/records/record-errors.ts';
import type { DecodedRecord } from '../../protocol/records/record-iterator.ts';
import type { ToolOutput } from '../tool.ts';
import { controlRecordText } from './control-record-text.ts';
import type { RecordDecoder } from './record-decoders.ts';

export interface DumpLogOptions {
  readonly codecs: CompressionCodecs;
  /** Shows records below their batches. */
  readonly isDeep: boolean;
  readonly skipsRecordMetadata: boolean;
  /** Shows keys and payloads. */
  readonly decoder: RecordDecoder | undefined;
  readonly bytesMax: number;
}

const readBytes = 1_048_576;
const headBytes = 17;

/** The batches, and if asked the records, of a `.log` or `.checkpoint` file, read piece by piece. */
export async function dumpLogFile(
  { files }: ProgramContext,
  output: ToolOutput,
  path: string,
  options: DumpLogOptions,
): Promise<void> {
  const file = await files.open(path);
  try {
    const end = Math.min(file.sizeBytes, options.bytesMax);
    let position = 0;
    while (position < end && !output.isBroken) {
      const size = await sizeOfBatch(await file.read(position, headBytes));
      if (size === undefined || file.sizeBytes < position + size) break;
      if (end < position + size) return;
      const piece = await file.read(position, Math.max(size, readBytes));
      position = await dumpPiece(output, piece, { position, end, options });
      await output.settled();
    }
    if (position < end) {
      output.out(`Found ${end - position} invalid bytes at the end of ${baseName(path)}`);
    }
  } finally {
    await file.close();
  }
}

interface Piece {
  readonly position: number;
  readonly end: number;
  readonly options: DumpLogOptions;
}

/** All whole batches of a piece; answers where the next one begins. */
async function dumpPiece(
  output: ToolOutput,
  bytes: Uint8Array,
  { position, end, options }: Piece,
): Promise<number> {
  let at = 0;
  for (;;) {
    const size = await sizeOfBatch(bytes.subarray(at, at + headBytes));
    if (size === undefined || bytes.length < at + size || end < position + at + size) break;
    const batch = new RecordBatch(bytes.subarray(at, at + size));
    output.out(batchLine(batch, position + at));
    if (options.isDeep) await dumpRecords(output, batch, options);
    at += size;
  }
  return position + at;
}

/** Undefined where no batch begins. */
function sizeOfBatch(head: Uint8Array): Promise<number | undefined> {
  try {
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    return Promise.resolve(batchSizeAt(view, 0));
  } catch (error) {
    const isKnown =
      error instanceof CorruptRecordError || error instanceof UnsupportedMessageFormatError;
    if (!isKnown) throw error;
    return Promise.resolve(undefined);
  }
}

function batchLine(batch: RecordBatch, position: number): string {
  const { timestampType, deleteHorizonMs } = batch;
  const horizon =
    deleteHorizonMs === undefined ? 'OptionalLong.empty' : `OptionalLong[${deleteHorizonMs}]`;
  const fields = [
    `baseOffset: ${batch.baseOffset}`,
    `lastOffset: ${batch.lastOffset}`,
    `count: ${batch.recordCount}`,
    `baseSequence: ${batch.baseSequence}`,
    `lastSequence: ${batch.lastSequence}`,
    `producerId: ${batch.producerId}`,
    `producerEpoch: ${batch.producerEpoch}`,
    `partitionLeaderEpoch: ${batch.partitionLeaderEpoch}`,
    `isTransactional: ${batch.isTransactional}`,
    `isControl: ${batch.isControl}`,
    `deleteHorizonMs: ${horizon}`,
    `position: ${position}`,
    `${timestampType}: ${batch.maxTimestamp}`,
    `size: ${batch.sizeBytes}`,
    `magic: ${batch.magic}`,
    `compresscodec: ${batch.compressionType}`,
    `crc: ${batch.crc}`,
    `isvalid: ${batch.hasValidCrc()}`,
  ];
  return fields.join(' ');
}

async function dumpRecords(
  output: ToolOutput,
  batch: RecordBatch,
  options: DumpLogOptions,
): Promise<void> {
  const { codecs } = options;
  if (batch.isCompressed) await codecs.prepare(batch.compressionType);
  let index = 0;
  for (const record of batch.records(codecs)) {
    output.out(recordLine(batch, record, { index, options }));
    index += 1;
  }
}

function recordLine(
  batch: RecordBatch,
  record: DecodedRecord,
  { index, options }: { readonly index: number; readonly options: DumpLogOptions },
): string {
  const { skipsRecordMetadata, decoder } = options;
  let line = skipsRecordMetadata ? '' : `| ${recordMetadata(batch, record, index)}`;
  if (!skipsRecordMetadata && batch.isControl) line += ` ${controlRecordText(record)}`;
  if (batch.isControl || decoder === undefined) return line;
  const { key, payload } = decoder(record);
  // Without metadata only a key begins a line with a bar, as in Kafka.
  if (key !== undefined) line += `${skipsRecordMetadata ? '| ' : ' '}key: ${key}`;
  return payload === undefined ? line : `${line} payload: ${payload}`;
}

function recordMetadata(batch: RecordBatch, record: DecodedRecord, index: number): string {
  const { offset, timestamp, key, value, headers } = record;
  const sequence = batch.baseSequence < 0 ? -1 : (batch.baseSequence + index) % 2_147_483_648;
  return [
    `offset: ${offset}`,
    `${batch.timestampType}: ${timestamp}`,
    `keySize: ${key?.length ?? -1}`,
    `valueSize: ${value?.length ?? -1}`,
    `sequence: ${sequence}`,
    `headerKeys: [${headers.map((header) => header.key).join(',')}]`,
  ].join(' ');
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
