import {
  constants,
  fdatasync,
  fstatSync,
  fsync,
  ftruncateSync,
  readSync,
  renameSync,
  writeSync,
  writevSync,
} from 'node:fs';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import {
  type DirectoryEntry,
  FileError,
  type FileStat,
  type FileSystem,
  type RandomAccessFile,
} from '../../base/file-system.ts';
import { DescriptorPool, type PooledFile } from './internal/descriptor-pool.ts';
import { codeOf, toFileError } from './internal/errors.ts';

/** The machine's own files. Writes go to the page cache with one system call; reads of it do not leave the thread. */
export class NodeFileSystem implements FileSystem {
  readonly #descriptors: DescriptorPool;

  /** `openMax`: how many descriptors are kept, however many files are open. */
  constructor(openMax?: number) {
    this.#descriptors = new DescriptorPool(openMax);
  }

  open(path: string): Promise<RandomAccessFile> {
    return attempt(path, () => {
      const file = this.#descriptors.open(path, constants.O_RDWR);
      const status = fstatSync(file.descriptor);
      return Promise.resolve(new NodeFile(file, status.size));
    });
  }

  create(path: string): RandomAccessFile {
    try {
      const flags = constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC;
      return new NodeFile(this.#descriptors.open(path, flags), 0);
    } catch (error) {
      throw toFileError(error, path);
    }
  }

  async stat(path: string): Promise<FileStat | undefined> {
    try {
      const status = await stat(path);
      return {
        kind: status.isDirectory() ? 'directory' : 'file',
        sizeBytes: status.size,
        modifiedAtMs: status.mtimeMs,
        mode: status.mode & 0o7777,
      };
    } catch (error) {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
      throw toFileError(error, path);
    }
  }

  list(path: string): Promise<readonly DirectoryEntry[]> {
    return attempt(path, async () => {
      const entries = await readdir(path, { withFileTypes: true });
      return entries
        .map(
          (entry): DirectoryEntry => ({
            name: entry.name,
            kind: entry.isDirectory() ? 'directory' : 'file',
          }),
        )
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    });
  }

  makeDirectory(path: string): Promise<void> {
    return attempt(path, async () => {
      await mkdir(path, { recursive: true });
    });
  }

  rename(from: string, to: string): Promise<void> {
    // In this turn: nobody opens a file again by its old name.
    return attempt(from, () => {
      renameSync(from, to);
      this.#descriptors.onRename(from, to);
      return Promise.resolve();
    });
  }

  remove(path: string): Promise<void> {
    return attempt(path, () => rm(path, { recursive: true, force: true }));
  }

  flushDirectory(path: string): Promise<void> {
    return attempt(path, async () => {
      const directory = await open(path, 'r');
      try {
        await directory.sync();
      } finally {
        await directory.close();
      }
    });
  }
}

class NodeFile implements RandomAccessFile {
  readonly path: string;
  readonly #file: PooledFile;
  #sizeBytes: number;
  #isClosed = false;

  constructor(file: PooledFile, sizeBytes: number) {
    this.path = file.path;
    this.#file = file;
    this.#sizeBytes = sizeBytes;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  read(position: number, length: number): Promise<Uint8Array> {
    const wanted = Math.max(0, Math.min(length, this.#sizeBytes - position));
    return attempt(this.path, () => Promise.resolve(this.#readFully(position, wanted)));
  }

  #readFully(position: number, length: number): Uint8Array {
    const bytes = Buffer.allocUnsafeSlow(length);
    const { descriptor } = this.#file;
    let filled = 0;
    while (filled < length) {
      const count = readSync(descriptor, bytes, filled, length - filled, position + filled);
      if (count === 0) break;
      filled += count;
    }
    return new Uint8Array(bytes.buffer, 0, filled);
  }

  write(position: number, chunks: readonly Uint8Array[]): void {
    try {
      const end = position + this.#writeFully(position, chunks);
      this.#sizeBytes = Math.max(this.#sizeBytes, end);
    } catch (error) {
      throw toFileError(error, this.path);
    }
  }

  #writeFully(position: number, chunks: readonly Uint8Array[]): number {
    const only = chunks.length === 1 ? chunks[0] : undefined;
    const { descriptor } = this.#file;
    const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    let written =
      only === undefined
        ? writevSync(descriptor, chunks, position)
        : writeSync(descriptor, only, 0, only.length, position);
    // A short write is rare (a full disk, a signal): the rest goes out in one piece.
    while (written < total) {
      const rest = Buffer.concat(chunks).subarray(written);
      written += writeSync(descriptor, rest, 0, rest.length, position + written);
    }
    return total;
  }

  truncate(sizeBytes: number): void {
    try {
      ftruncateSync(this.#file.descriptor, sizeBytes);
      this.#sizeBytes = sizeBytes;
    } catch (error) {
      throw toFileError(error, this.path);
    }
  }

  flush(): Promise<void> {
    return new Promise((resolve, reject) => {
      const sync = process.platform === 'linux' ? fdatasync : fsync;
      try {
        sync(this.#file.pin(), (error) => {
          this.#file.unpin();
          if (error === null) resolve();
          else reject(toFileError(error, this.path));
        });
      } catch (error) {
        this.#file.unpin();
        reject(toFileError(error, this.path));
      }
    });
  }

  close(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    this.#isClosed = true;
    return attempt(this.path, () => {
      this.#file.close();
      return Promise.resolve();
    });
  }
}

async function attempt<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof FileError) throw error;
    throw toFileError(error, path);
  }
}
