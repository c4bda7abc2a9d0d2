import type { ProgramContext } from '../../base/program.ts';
import type { CompressionCodecs } from '../../protocol/records/compression.ts';
import type { RecordBatch } from '../../protocol/records/record-batch.ts';
import type { DecodedRecord } from '../../protocol/records/record-iterator.ts';
import type { BatchAt } from '../../storage/segment-reader.ts';
import type { ToolOutput } from '../tool.ts';
import { controlRecordText } from './control-record-text.ts';
import type { RecordDecoder } from './record-decoders.ts';
import { scanWhole } from './scan-whole.ts';

export interface DumpLogOptions {
  readonly codecs: CompressionCodecs;
  /** Shows records below their batches. */
  readonly isDeep: boolean;
  readonly skipsRecordMetadata: boolean;
  /** Shows keys and payloads. */
  readonly decoder: RecordDecoder | undefined;
  readonly bytesMax: number;
}

/** So much is dumped before what was printed is waited for. */
const settleEveryBytes = 1_048_576;

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
    const validBytes = await dumpBatches(output, scanWhole(file, end), options);
    // As in Kafka: of a part of a file nothing is said.
    if (output.isBroken || options.bytesMax < file.sizeBytes || validBytes === end) return;
    output.out(`Found ${end - validBytes} invalid bytes at the end of ${baseName(path)}`);
  } finally {
    await file.close();
  }
}

/** Answers where the last batch ended. */
async function dumpBatches(
  output: ToolOutput,
  batches: AsyncIterable<BatchAt>,
  options: DumpLogOptions,
): Promise<number> {
  let [end, settledAt] = [0, 0];
  for await (const { batch, position } of batches) {
    output.out(batchLine(batch, position));
    if (options.isDeep) await dumpRecords(output, batch, options);
    end = position + batch.sizeBytes;
    if (output.isBroken) break;
    if (end < settledAt + settleEveryBytes) continue;
    await output.settled();
    settledAt = end;
  }
  return end;
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
