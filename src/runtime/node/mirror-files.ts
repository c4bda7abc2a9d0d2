import { directoryOf, resolvePath } from '../kernel/virtual-files.ts';
import type { ProcessContext } from '../process/process-context.ts';
import { systemError } from './system-error.ts';

const copiedFileBytes = 1_048_576;
const largestReadBytes = 268_435_456;

interface Entry {
  isDirectory: boolean;
  mode: number;
  modifiedAtMs: number;
  sizeBytes: number;
  /** Absent for a file that is too large to be copied. */
  bytes: Uint8Array | undefined;
}

/**
 * The synchronous side of `node:fs`: a copy of the machine's small files, made when the program starts.
 * What the program writes goes into the copy and, in order, to the kernel.
 * Simplified: what other processes write later is seen by promises and callbacks, not by `readFileSync`.
 */
export class MirrorFiles {
  readonly #context: ProcessContext;
  readonly #entries = new Map<string, Entry>();

  private constructor(context: ProcessContext) {
    this.#context = context;
  }

  static async load(context: ProcessContext): Promise<MirrorFiles> {
    const mirror = new MirrorFiles(context);
    const request = { roots: ['/'], maximumBytes: copiedFileBytes };
    for (const copy of await context.kernel.call('copySmallFiles', request)) {
      const { path, isDirectory, mode, modifiedAtMs, sizeBytes, bytes } = copy;
      mirror.#entries.set(path, { isDirectory, mode, modifiedAtMs, sizeBytes, bytes });
    }
    return mirror;
  }

  absolute(path: unknown): string {
    const text = path instanceof URL ? decodeURIComponent(path.pathname) : String(path);
    return resolvePath(this.#context.cwd, text);
  }

  get(path: string): Readonly<Entry> | undefined {
    return this.#entries.get(path);
  }

  /** Throws as Node does (ENOENT, EISDIR). */
  read(path: string): Uint8Array {
    const entry = this.#entries.get(path);
    if (!entry) throw fsError('ENOENT', 'open', path);
    if (entry.isDirectory) throw fsError('EISDIR', 'read', path);
    if (!entry.bytes) {
      const what = `${path} is larger than ${copiedFileBytes} bytes: read it with fs.promises`;
      throw Object.assign(new Error(what), { code: 'EFBIG' });
    }
    return entry.bytes;
  }

  write(path: string, bytes: Uint8Array, mode = 0o644): void {
    const parent = this.#entries.get(directoryOf(path));
    if (!parent?.isDirectory) throw fsError('ENOENT', 'open', path);
    if (this.#entries.get(path)?.isDirectory) throw fsError('EISDIR', 'open', path);
    this.#set(path, bytes, mode);
    const file = this.#context.files.create(path);
    file.write(0, [bytes]);
    file.close().catch(() => {});
    if (mode !== 0o644) this.#context.files.setMode(path, mode).catch(() => {});
  }

  append(path: string, bytes: Uint8Array): void {
    const old = this.#entries.get(path)?.bytes ?? new Uint8Array(0);
    const whole = new Uint8Array(old.length + bytes.length);
    whole.set(old);
    whole.set(bytes, old.length);
    this.write(path, whole);
  }

  makeDirectory(path: string, isRecursive: boolean): void {
    const known = this.#entries.get(path);
    if (known && (!isRecursive || !known.isDirectory)) throw fsError('EEXIST', 'mkdir', path);
    if (!isRecursive && !this.#entries.get(directoryOf(path)))
      throw fsError('ENOENT', 'mkdir', path);
    for (let at = path; !this.#entries.has(at); at = directoryOf(at)) this.#setDirectory(at);
    this.#context.files.makeDirectory(path).catch(() => {});
  }

  remove(path: string): void {
    for (const known of [...this.#entries.keys()]) {
      if (known === path || known.startsWith(`${path}/`)) this.#entries.delete(known);
    }
    this.#context.files.remove(path).catch(() => {});
  }

  rename(from: string, to: string): void {
    if (!this.#entries.has(from)) throw fsError('ENOENT', 'rename', from);
    for (const [known, entry] of [...this.#entries]) {
      if (known !== from && !known.startsWith(`${from}/`)) continue;
      this.#entries.delete(known);
      this.#entries.set(to + known.slice(from.length), entry);
    }
    this.#context.files.rename(from, to).catch(() => {});
  }

  changeMode(path: string, mode: number): void {
    const entry = this.#entries.get(path);
    if (!entry) throw fsError('ENOENT', 'chmod', path);
    entry.mode = mode;
    this.#context.files.setMode(path, mode).catch(() => {});
  }

  /** Names in a folder, sorted. Throws ENOENT, ENOTDIR. */
  list(path: string): string[] {
    const entry = this.#entries.get(path);
    if (!entry) throw fsError('ENOENT', 'scandir', path);
    if (!entry.isDirectory) throw fsError('ENOTDIR', 'scandir', path);
    const prefix = path === '/' ? '/' : `${path}/`;
    return [...this.#entries.keys()]
      .filter((known) => known !== '/' && known.startsWith(prefix))
      .map((known) => known.slice(prefix.length))
      .filter((name) => !name.includes('/'))
      .sort();
  }

  /** The file as the kernel has it now. Rejects as Node does. */
  async readFresh(path: string): Promise<Uint8Array> {
    try {
      const file = await this.#context.files.open(path);
      const bytes = await file.read(0, Math.min(file.sizeBytes, largestReadBytes));
      await file.close();
      if (bytes.length <= copiedFileBytes) this.#set(path, bytes, this.get(path)?.mode ?? 0o644);
      return bytes;
    } catch (error) {
      throw fsError((error as { code?: string }).code ?? 'EIO', 'open', path);
    }
  }

  /** Brings what the kernel knows about a path into the copy. */
  async refresh(path: string): Promise<void> {
    const stat = await this.#context.files.stat(path);
    if (!stat) {
      this.#entries.delete(path);
      return;
    }
    const { mode, modifiedAtMs, sizeBytes } = stat;
    const isDirectory = stat.kind === 'directory';
    const known = this.#entries.get(path);
    const bytes = known?.modifiedAtMs === modifiedAtMs ? known.bytes : undefined;
    this.#entries.set(path, { isDirectory, mode, modifiedAtMs, sizeBytes, bytes });
    if (!isDirectory) return;
    for (const { name, kind } of await this.#context.files.list(path)) {
      const child = `${path === '/' ? '' : path}/${name}`;
      if (this.#entries.has(child)) continue;
      const isFolder = kind === 'directory';
      this.#entries.set(child, {
        isDirectory: isFolder,
        mode,
        modifiedAtMs,
        sizeBytes: 0,
        bytes: undefined,
      });
    }
  }

  #set(path: string, bytes: Uint8Array, mode: number): void {
    const modifiedAtMs = this.#context.clock.nowMs();
    const sizeBytes = bytes.length;
    this.#entries.set(path, { isDirectory: false, mode, modifiedAtMs, sizeBytes, bytes });
  }

  #setDirectory(path: string): void {
    const modifiedAtMs = this.#context.clock.nowMs();
    const entry = { isDirectory: true, mode: 0o755, modifiedAtMs, sizeBytes: 4_096 };
    this.#entries.set(path, { ...entry, bytes: undefined });
  }
}

const messages: Readonly<Record<string, string>> = {
  EEXIST: 'file already exists',
  EISDIR: 'illegal operation on a directory',
  ENOENT: 'no such file or directory',
  ENOTDIR: 'not a directory',
  EACCES: 'permission denied',
};

/** `ENOENT: no such file or directory, open '/x'`. */
export function fsError(code: string, syscall: string, path: string): Error {
  const error = systemError(code, syscall, '', { path });
  error.message = `${code}: ${messages[code] ?? 'i/o error'}, ${syscall} '${path}'`;
  return error;
}
