import { readFile } from '../../base/file-system.ts';
import type { ProgramContext } from '../../base/program.ts';
import { readInt64 } from '../../protocol/records/batch-layout.ts';
import { readProducerSnapshot } from '../../storage/producer-snapshot.ts';
import { CorruptFileError } from '../../storage/storage-errors.ts';
import type { ToolOutput } from '../tool.ts';

export interface IndexFile {
  readonly ctx: ProgramContext;
  readonly output: ToolOutput;
  readonly path: string;
  /** As it was given. */
  readonly name: string;
  /** Of the segment: the number in the file's name. */
  readonly baseOffset: number;
}

const offsetEntryBytes = 8;
const timeEntryBytes = 12;
const transactionEntryBytes = 34;

/**
 * `.index`: offsets and positions; with `isSanityCheck` only whether it can be used.
 * Simplified: Kafka's tool also reads the log and reports entries that point elsewhere.
 */
export async function dumpOffsetIndex(file: IndexFile, isSanityCheck: boolean): Promise<void> {
  const { output, name, baseOffset } = file;
  const bytes = await readFile(file.ctx.files, file.path);
  if (isSanityCheck) {
    checkIndex(file, bytes, offsetEntryBytes);
    return;
  }
  if (bytes.length === 0) output.out(`${name} is empty.`);
  const view = viewOf(bytes);
  for (let at = 0; at + offsetEntryBytes <= bytes.length; at += offsetEntryBytes) {
    const offset = baseOffset + view.getInt32(at);
    // What is preallocated and not used yet is zeros.
    if (offset === baseOffset && 0 < at) return;
    output.out(`offset: ${offset} position: ${view.getInt32(at + 4)}`);
  }
}

/** `.timeindex`: timestamps and offsets. */
export async function dumpTimeIndex(file: IndexFile, isSanityCheck: boolean): Promise<void> {
  const { output, name, baseOffset } = file;
  const bytes = await readFile(file.ctx.files, file.path);
  if (isSanityCheck) {
    checkIndex(file, bytes, timeEntryBytes);
    return;
  }
  if (bytes.length === 0) output.out(`${name} is empty.`);
  const view = viewOf(bytes);
  for (let at = 0; at + timeEntryBytes <= bytes.length; at += timeEntryBytes) {
    const offset = baseOffset + view.getInt32(at + 8);
    if (offset === baseOffset && 0 < at) return;
    output.out(`timestamp: ${readInt64(view, at)} offset: ${offset}`);
  }
}

/** `.txnindex`: aborted transactions. */
export async function dumpTransactionIndex({ ctx, output, path }: IndexFile): Promise<void> {
  const bytes = await readFile(ctx.files, path);
  const view = viewOf(bytes);
  for (let at = 0; at + transactionEntryBytes <= bytes.length; at += transactionEntryBytes) {
    output.out(
      `version: ${view.getInt16(at)} producerId: ${readInt64(view, at + 2)} firstOffset: ${readInt64(view, at + 10)} lastOffset: ${readInt64(view, at + 18)} lastStableOffset: ${readInt64(view, at + 26)}`,
    );
  }
}

/** `.snapshot`: the state of producers. */
export async function dumpProducerSnapshot({ ctx, output, path }: IndexFile): Promise<void> {
  try {
    for (const entry of await readProducerSnapshot(ctx.files, path)) {
      const { producerId, producerEpoch, coordinatorEpoch, currentTxnFirstOffset } = entry;
      const first = currentTxnFirstOffset < 0 ? 'None' : `Some(${currentTxnFirstOffset})`;
      const head = `producerId: ${producerId} producerEpoch: ${producerEpoch} coordinatorEpoch: ${coordinatorEpoch} currentTxnFirstOffset: ${first} lastTimestamp: ${entry.lastTimestamp} `;
      const batch = entry.batches.at(-1);
      const tail =
        batch === undefined
          ? ''
          : `firstSequence: ${batch.lastSequence - batch.offsetDelta} lastSequence: ${batch.lastSequence} lastOffset: ${batch.lastOffset} offsetDelta: ${batch.offsetDelta} timestamp: ${batch.timestamp}`;
      output.out(head + tail);
    }
  } catch (error) {
    if (!(error instanceof CorruptFileError)) throw error;
    output.err(error.message);
  }
}

function checkIndex({ output, name }: IndexFile, bytes: Uint8Array, entryBytes: number): void {
  if (bytes.length % entryBytes === 0) output.out(`${name} passed sanity check.`);
  else output.err(`${name} is corrupt: its size is no multiple of ${entryBytes}`);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
