/**
 * Port: files of one machine. Paths are absolute, `/`-separated and normalized by the caller.
 *
 * Writes are synchronous and ordered, reads are promises: an append decides its offset and hands its
 * bytes over in one turn, with no await between; a read may have to go to another worker or a disk.
 * A written byte is in the hands of the host (as in an operating system's page cache): it survives the
 * death of the process at once, and the death of the machine after `flush`.
 * A read by this process sees its earlier writes.
 */
export interface FileSystem {
  /** Opens an existing file for reading and writing. Rejects with FileError (ENOENT, EISDIR, EACCES, EIO). */
  open(path: string): Promise<RandomAccessFile>;
  /** Creates a file, empty even if it existed, at once. Throws FileError (ENOENT where the folder is missing, ENOSPC, EACCES, EISDIR), or its next write or flush does, on a host that asks another worker. */
  create(path: string): RandomAccessFile;
  stat(path: string): Promise<FileStat | undefined>;
  /** Names in a folder, sorted. Rejects with ENOENT, ENOTDIR. */
  list(path: string): Promise<readonly DirectoryEntry[]>;
  /** Creates a folder and its parents; no error if it is there. */
  makeDirectory(path: string): Promise<void>;
  /** Atomic; replaces a file at `to`. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file or a folder with all in it; no error if it is not there. */
  remove(path: string): Promise<void>;
  /** Makes renames, creations and removals in a folder survive the death of the machine. */
  flushDirectory(path: string): Promise<void>;
}

export interface RandomAccessFile {
  readonly path: string;
  /** In bytes, with all writes of this handle counted. */
  readonly sizeBytes: number;
  /** At most `length` bytes from `position`; fewer only at the end of the file. The result belongs to the caller. */
  read(position: number, length: number): Promise<Uint8Array>;
  /** Writes chunks one after another from `position` (≤ sizeBytes). The bytes are copied or written before it returns. Throws FileError (ENOSPC, EIO). */
  write(position: number, chunks: readonly Uint8Array[]): void;
  /** Cuts the file to `sizeBytes` or extends it with zeros. */
  truncate(sizeBytes: number): void;
  /** Resolves when all earlier writes survive the death of the machine; rejects with the first error among them. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface FileStat {
  readonly kind: 'file' | 'directory';
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  /** Unix permission bits, such as 0o755. */
  readonly mode: number;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory';
}

export type FileErrorCode =
  | 'EACCES'
  | 'EBUSY'
  | 'EEXIST'
  | 'EIO'
  | 'EISDIR'
  | 'ENOENT'
  | 'ENOSPC'
  | 'ENOTDIR'
  | 'ENOTEMPTY';

export class FileError extends Error {
  override readonly name = 'FileError';
  readonly code: FileErrorCode;
  readonly path: string;
  constructor(code: FileErrorCode, path: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.path = path;
  }
}

/** The whole file as bytes. Rejects with FileError (ENOENT, EISDIR). */
export async function readFile(files: FileSystem, path: string): Promise<Uint8Array> {
  const file = await files.open(path);
  try {
    return await file.read(0, file.sizeBytes);
  } finally {
    await file.close();
  }
}

/**
 * Replaces a file so that a reader sees the old or the new content, never a part (`.tmp`, flush, rename);
 * when it resolves, the new content survives the death of the machine (Kafka's `Utils.atomicMoveWithFallback`).
 */
export async function writeFileAtomically(
  files: FileSystem,
  path: string,
  content: Uint8Array,
): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = files.create(temporary);
  try {
    file.write(0, [content]);
    await file.flush();
  } finally {
    await file.close();
  }
  await files.rename(temporary, path);
  await files.flushDirectory(path.slice(0, path.lastIndexOf('/')) || '/');
}
