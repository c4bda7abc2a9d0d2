import { type FileSystem, readFile, writeFileAtomically } from '../base/file-system.ts';
import type { EpochEntry } from './leader-epoch-cache.ts';
import { CorruptFileError } from './storage-errors.ts';

const checkpointVersion = 0;

/**
 * A text file of Kafka's checkpoints: version 0, the number of entries, one entry a line.
 * Answers its entries, split at spaces; none when there is no file. Rejects with CorruptFileError.
 */
async function readCheckpoint(
  files: FileSystem,
  path: string,
): Promise<readonly (readonly string[])[]> {
  if ((await files.stat(path)) === undefined) return [];
  const lines = new TextDecoder().decode(await readFile(files, path)).split('\n');
  if (lines.at(-1) === '') lines.pop();
  const [version, count, ...entries] = lines;
  if (version === undefined) return [];
  if (version !== String(checkpointVersion)) {
    throw new CorruptFileError(path, `unrecognized version of the checkpoint file: '${version}'`);
  }
  if (count !== String(entries.length)) {
    throw new CorruptFileError(path, `expected ${count} entries, found ${entries.length}`);
  }
  return entries.map((entry) => entry.split(/\s+/));
}

/** Replaces the file as a whole. */
async function writeCheckpoint(
  files: FileSystem,
  path: string,
  entries: readonly string[],
): Promise<void> {
  const text = [String(checkpointVersion), String(entries.length), ...entries, ''].join('\n');
  await writeFileAtomically(files, path, new TextEncoder().encode(text));
}

/** Offsets by `topic-partition`, as in `recovery-point-offset-checkpoint`. */
export async function readOffsetCheckpoint(
  files: FileSystem,
  path: string,
): Promise<Map<string, number>> {
  const offsets = new Map<string, number>();
  for (const entry of await readCheckpoint(files, path)) {
    const [topic, partition, text] = entry;
    const offset = Number(text);
    if (entry.length !== 3 || !Number.isSafeInteger(offset) || !/^\d+$/.test(partition ?? '')) {
      throw new CorruptFileError(path, `malformed line: '${entry.join(' ')}'`);
    }
    offsets.set(`${topic}-${partition}`, offset);
  }
  return offsets;
}

/** `offsets` is by `topic-partition`. */
export async function writeOffsetCheckpoint(
  files: FileSystem,
  path: string,
  offsets: ReadonlyMap<string, number>,
): Promise<void> {
  const lines = [...offsets].map(([name, offset]) => {
    const dash = name.lastIndexOf('-');
    return `${name.slice(0, dash)} ${name.slice(dash + 1)} ${offset}`;
  });
  await writeCheckpoint(files, path, lines);
}

export async function readEpochCheckpoint(
  files: FileSystem,
  path: string,
): Promise<readonly EpochEntry[]> {
  const entries = await readCheckpoint(files, path);
  return entries.map((entry) => {
    const [epoch, startOffset] = entry.map(Number);
    const isRight = entry.length === 2 && isCount(epoch) && isCount(startOffset);
    if (!isRight) throw new CorruptFileError(path, `malformed line: '${entry.join(' ')}'`);
    return { epoch: Number(epoch), startOffset: Number(startOffset) };
  });
}

export async function writeEpochCheckpoint(
  files: FileSystem,
  path: string,
  entries: readonly EpochEntry[],
): Promise<void> {
  const lines = entries.map(({ epoch, startOffset }) => `${epoch} ${startOffset}`);
  await writeCheckpoint(files, path, lines);
}

function isCount(value: number | undefined): boolean {
  return Number.isSafeInteger(value) && 0 <= (value ?? -1);
}
