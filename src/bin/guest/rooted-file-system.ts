import type {
  DirectoryEntry,
  FileStat,
  FileSystem,
  RandomAccessFile,
} from '../../base/file-system.ts';

/** A machine's files inside a folder of the host: `/tmp/x` is `ROOT/tmp/x`. */
export class RootedFileSystem implements FileSystem {
  readonly #files: FileSystem;
  readonly #root: string;

  constructor(files: FileSystem, root: string) {
    this.#files = files;
    this.#root = root;
  }

  /** The host's path of a machine's path. */
  hostPath(path: string): string {
    return path === '/' ? this.#root : this.#root + path;
  }

  open(path: string): Promise<RandomAccessFile> {
    return this.#files.open(this.hostPath(path));
  }

  create(path: string): RandomAccessFile {
    return this.#files.create(this.hostPath(path));
  }

  async stat(path: string): Promise<FileStat | undefined> {
    const stat = await this.#files.stat(this.hostPath(path));
    // Simplified: a container mounts files without modes, so place and name say what is executable.
    const isCommand = stat?.kind === 'file' && /\/bin\/[^/]+$|\.sh$/.test(path);
    return isCommand ? { ...stat, mode: stat.mode | 0o111 } : stat;
  }

  list(path: string): Promise<readonly DirectoryEntry[]> {
    return this.#files.list(this.hostPath(path));
  }

  makeDirectory(path: string): Promise<void> {
    return this.#files.makeDirectory(this.hostPath(path));
  }

  rename(from: string, to: string): Promise<void> {
    return this.#files.rename(this.hostPath(from), this.hostPath(to));
  }

  remove(path: string): Promise<void> {
    return this.#files.remove(this.hostPath(path));
  }

  flushDirectory(path: string): Promise<void> {
    return this.#files.flushDirectory(this.hostPath(path));
  }
}
