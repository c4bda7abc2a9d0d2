import { type FileSystem, readFile } from '../base/file-system.ts';
import { crc32c } from '../protocol/crc32c.ts';
import { readInt64, writeInt64 } from '../protocol/records/batch-layout.ts';
import type { ProducerState, ProducerStateEntry } from './producer-state.ts';
import { CorruptFileError } from './storage-errors.ts';

const snapshotVersion = 1;
const crcPosition = 2;
/** The CRC is of everything from the array's count on. */
const countPosition = 6;
const entriesPosition = 10;
const entryBytes = 46;

/**
 * A `.snapshot` file (ProducerStateManager): version, CRC, then an entry for each producer with its last
 * batch only.
 */
function encodeProducerSnapshot(entries: Iterable<ProducerStateEntry>): Uint8Array {
  const all = [...entries];
  const bytes = new Uint8Array(entriesPosition + all.length * entryBytes);
  const view = new DataView(bytes.buffer);
  view.setInt16(0, snapshotVersion);
  view.setInt32(countPosition, all.length);
  let at = entriesPosition;
  for (const entry of all) {
    const last = entry.batches.at(-1);
    writeInt64(view, at, entry.producerId);
    view.setInt16(at + 8, entry.producerEpoch);
    view.setInt32(at + 10, last?.lastSequence ?? -1);
    writeInt64(view, at + 14, last?.lastOffset ?? -1);
    view.setInt32(at + 22, last?.offsetDelta ?? 0);
    writeInt64(view, at + 26, entry.lastTimestamp);
    view.setInt32(at + 34, entry.coordinatorEpoch);
    writeInt64(view, at + 38, entry.currentTxnFirstOffset);
    at += entryBytes;
  }
  view.setUint32(crcPosition, crc32c(bytes, countPosition));
  return bytes;
}

/** Creates the file at once (throws FileError); what is left is to flush it, which the result does. */
export function writeProducerSnapshot(
  files: FileSystem,
  path: string,
  producers: ProducerState,
): () => Promise<void> {
  const file = files.create(path);
  file.write(0, [encodeProducerSnapshot(producers.entries)]);
  return async () => {
    await file.flush();
    await file.close();
  };
}

/** Rejects with CorruptFileError, or FileError when it cannot be read. */
export async function readProducerSnapshot(
  files: FileSystem,
  path: string,
): Promise<readonly ProducerStateEntry[]> {
  const bytes = await readFile(files, path);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < entriesPosition) throw new CorruptFileError(path, 'too short for a snapshot');
  const version = view.getInt16(0);
  if (version !== snapshotVersion) {
    throw new CorruptFileError(path, `Snapshot contained an unknown file version ${version}`);
  }
  const count = view.getInt32(countPosition);
  if (count < 0 || bytes.length !== entriesPosition + count * entryBytes) {
    throw new CorruptFileError(path, `${count} entries do not make ${bytes.length} bytes`);
  }
  const stored = view.getUint32(crcPosition);
  const computed = crc32c(bytes, countPosition);
  if (stored !== computed) {
    throw new CorruptFileError(
      path,
      `Snapshot is corrupt (CRC is no longer valid). Stored crc: ${stored}. Computed crc: ${computed}`,
    );
  }
  return Array.from({ length: count }, (_, i) =>
    decodeEntry(view, entriesPosition + i * entryBytes),
  );
}

function decodeEntry(view: DataView, at: number): ProducerStateEntry {
  const lastSequence = view.getInt32(at + 10);
  const lastOffset = readInt64(view, at + 14);
  const offsetDelta = view.getInt32(at + 22);
  const lastTimestamp = readInt64(view, at + 26);
  const batch = { lastSequence, lastOffset, offsetDelta, timestamp: lastTimestamp };
  return {
    producerId: readInt64(view, at),
    producerEpoch: view.getInt16(at + 8),
    coordinatorEpoch: view.getInt32(at + 34),
    lastTimestamp,
    currentTxnFirstOffset: readInt64(view, at + 38),
    batches: 0 <= lastOffset ? [batch] : [],
  };
}
