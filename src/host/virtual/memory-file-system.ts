import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import {
  type DirectoryEntry,
  FileError,
  type FileStat,
  type FileSystem,
  type RandomAccessFile,
} from '../../base/file-system.ts';
import { type Random, randomBelow } from '../../base/random.ts';
import { DurableBytes } from './durable-bytes.ts';
import { PagedBytes } from './paged-bytes.ts';

export interface MemoryFileSystemOptions {
  /** For modification times. */
  readonly clock: Clock;
  /** Memory for file contents; beyond it writes throw ENOSPC. Unlimited by default; may be changed later. */
  readonly capacityBytes?: number;
  /** Keeps a copy of all that was flushed, so that `crash` can go back to it. Off by default: it doubles memory. */
  readonly canCrash?: boolean;
  /** How long a flush takes; at once by default. What is written meanwhile waits for the next flush. */
  readonly flushTime?: () => Promise<void> | undefined;
}

export interface CrashOptions {
  readonly luck?: Random | undefined;
  /** Folders whose files keep all that was written, as if the operating system had had the time to write it. */
  readonly isKept?: (folder: string) => boolean;
}

class FileNode {
  readonly kind = 'file';
  content = new PagedBytes();
  readonly durable: DurableBytes | undefined;
  modifiedAtMs: number;
  mode: number;
  /** Handles and names; the content goes when both are gone, as on Unix. */
  links = 1;
  handles = 0;
  constructor(nowMs: number, mode: number, canCrash: boolean) {
    this.modifiedAtMs = nowMs;
    this.mode = mode;
    this.durable = canCrash ? new DurableBytes() : undefined;
  }
}

class DirectoryNode {
  readonly kind = 'directory';
  entries = new Map<string, Node>();
  flushed = new Map<string, Node>();
  modifiedAtMs: number;
  mode: number;
  constructor(nowMs: number, mode: number) {
    this.modifiedAtMs = nowMs;
    this.mode = mode;
  }
}

type Node = FileNode | DirectoryNode;

/** A machine's files in memory: for tests, and under the tab's kernel. */
export class MemoryFileSystem implements FileSystem {
  capacityBytes: number;
  readonly #clock: Clock;
  readonly #canCrash: boolean;
  readonly #flushTime: () => Promise<void> | undefined;
  #root: DirectoryNode;
  #usedBytes = 0;
  #generation = 0;

  constructor(options: MemoryFileSystemOptions) {
    this.#clock = options.clock;
    this.#canCrash = options.canCrash ?? false;
    this.#flushTime = options.flushTime ?? (() => undefined);
    this.capacityBytes = options.capacityBytes ?? Number.POSITIVE_INFINITY;
    this.#root = new DirectoryNode(options.clock.nowMs(), 0o755);
  }

  /** Memory that file contents hold. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  async open(path: string): Promise<RandomAccessFile> {
    await undefined;
    const node = this.#find(path);
    if (node === undefined) throw new FileError('ENOENT', path, 'no such file');
    if (node.kind === 'directory') throw new FileError('EISDIR', path, 'it is a folder');
    return this.#handle(path, node);
  }

  create(path: string): RandomAccessFile {
    const { parent, name } = this.#parentOf(path);
    const existing = parent.entries.get(name);
    if (existing?.kind === 'directory') throw new FileError('EISDIR', path, 'it is a folder');
    if (existing !== undefined) {
      this.#resize(path, existing, 0);
      return this.#handle(path, existing);
    }
    const node = new FileNode(this.#clock.nowMs(), 0o644, this.#canCrash);
    parent.entries.set(name, node);
    parent.modifiedAtMs = node.modifiedAtMs;
    return this.#handle(path, node);
  }

  async stat(path: string): Promise<FileStat | undefined> {
    await undefined;
    const node = this.#find(path);
    if (node === undefined) return undefined;
    const sizeBytes = node.kind === 'file' ? node.content.sizeBytes : 0;
    return { kind: node.kind, sizeBytes, modifiedAtMs: node.modifiedAtMs, mode: node.mode };
  }

  async list(path: string): Promise<readonly DirectoryEntry[]> {
    await undefined;
    const node = this.#find(path);
    if (node === undefined) throw new FileError('ENOENT', path, 'no such folder');
    if (node.kind === 'file') throw new FileError('ENOTDIR', path, 'it is a file');
    const entries = [...node.entries].map(([name, { kind }]): DirectoryEntry => ({ name, kind }));
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async makeDirectory(path: string): Promise<void> {
    await undefined;
    let at = this.#root;
    for (const name of segmentsOf(path)) {
      const next = at.entries.get(name);
      if (next?.kind === 'file') throw new FileError('ENOTDIR', path, `${name} is a file`);
      at = next ?? this.#newDirectory(at, name);
    }
  }

  async rename(from: string, to: string): Promise<void> {
    await undefined;
    const source = this.#parentOf(from);
    const node = source.parent.entries.get(source.name);
    if (node === undefined) throw new FileError('ENOENT', from, 'no such file or folder');
    if (`${to}/`.startsWith(`${from}/`) && node.kind === 'directory') {
      if (from === to) return;
      throw new FileError('EACCES', to, 'a folder cannot move into itself');
    }
    const target = this.#parentOf(to);
    const replaced = target.parent.entries.get(target.name);
    if (replaced === node) return;
    assertReplaceable(node, replaced, to);
    source.parent.entries.delete(source.name);
    target.parent.entries.set(target.name, node);
    source.parent.modifiedAtMs = this.#clock.nowMs();
    target.parent.modifiedAtMs = this.#clock.nowMs();
    if (replaced !== undefined) this.#unlink(replaced);
  }

  async remove(path: string): Promise<void> {
    await undefined;
    if (this.#find(path) === undefined) return;
    const { parent, name } = this.#parentOf(path);
    const node = parent.entries.get(name);
    if (node === undefined) return;
    parent.entries.delete(name);
    parent.modifiedAtMs = this.#clock.nowMs();
    this.#unlink(node);
  }

  async flushDirectory(path: string): Promise<void> {
    await undefined;
    const node = this.#find(path);
    if (node === undefined) throw new FileError('ENOENT', path, 'no such folder');
    if (node.kind === 'file') throw new FileError('ENOTDIR', path, 'it is a file');
    if (!this.#canCrash) return;
    const generation = this.#generation;
    const entries = new Map(node.entries);
    await this.#flushTime();
    if (generation === this.#generation) node.flushed = entries;
  }

  /** Sets Unix permission bits. Not in the port: for whoever builds a machine's files. Throws ENOENT. */
  setMode(path: string, mode: number): void {
    const node = this.#find(path);
    if (node === undefined) throw new FileError('ENOENT', path, 'no such file');
    node.mode = mode;
  }

  /**
   * The machine loses power: what was not flushed is gone, names as well as contents, and all handles are dead.
   * Stricter than real disks, which often keep some of it; with `luck`, each folder and each file keeps
   * nothing, everything, or (a file) a part of what was not flushed.
   */
  crash({ luck, isKept = () => false }: CrashOptions = {}): void {
    assert(this.#canCrash, 'only a file system made with canCrash can crash');
    this.#generation++;
    this.#usedBytes = 0;
    this.#restore(this.#root, '', { luck, isKept });
  }

  #restore(directory: DirectoryNode, path: string, options: Required<CrashOptions>): void {
    const { luck, isKept } = options;
    const keepsNames = isKept(path) || (luck !== undefined && randomBelow(luck, 2) === 0);
    directory.entries = new Map(keepsNames ? directory.entries : directory.flushed);
    directory.flushed = new Map(directory.entries);
    for (const [name, node] of directory.entries) {
      if (node.kind === 'directory') {
        this.#restore(node, `${path}/${name}`, options);
        continue;
      }
      if (!isKept(path))
        node.content = node.durable?.afterCrash(node.content, luck) ?? node.content;
      node.handles = 0;
      node.links = 1;
      this.#usedBytes += node.content.allocatedBytes;
    }
  }

  #newDirectory(parent: DirectoryNode, name: string): DirectoryNode {
    const node = new DirectoryNode(this.#clock.nowMs(), 0o755);
    parent.entries.set(name, node);
    parent.modifiedAtMs = node.modifiedAtMs;
    return node;
  }

  #find(path: string): Node | undefined {
    let at: Node | undefined = this.#root;
    for (const name of segmentsOf(path)) {
      if (at?.kind !== 'directory') return undefined;
      at = at.entries.get(name);
    }
    return at;
  }

  #parentOf(path: string): { parent: DirectoryNode; name: string } {
    const names = segmentsOf(path);
    const name = names.pop();
    if (name === undefined) throw new FileError('EISDIR', path, 'it is the root folder');
    const parent = this.#find(`/${names.join('/')}`);
    if (parent === undefined) throw new FileError('ENOENT', path, 'its folder does not exist');
    if (parent.kind === 'file') throw new FileError('ENOTDIR', path, 'its folder is a file');
    return { parent, name };
  }

  #unlink(node: Node): void {
    if (node.kind === 'directory') {
      for (const child of node.entries.values()) this.#unlink(child);
      return;
    }
    node.links = 0;
    if (node.handles === 0) this.#usedBytes -= node.content.allocatedBytes;
  }

  #resize(path: string, node: FileNode, sizeBytes: number): void {
    const before = node.content.allocatedBytes;
    this.#reserve(path, node, sizeBytes);
    node.durable?.noteChange(Math.min(sizeBytes, node.content.sizeBytes));
    node.content.truncate(sizeBytes);
    this.#usedBytes += node.content.allocatedBytes - before;
    node.modifiedAtMs = this.#clock.nowMs();
  }

  #reserve(path: string, node: FileNode, sizeBytes: number): void {
    const growth = node.content.allocationFor(sizeBytes) - node.content.allocatedBytes;
    if (growth === 0 || this.#usedBytes + growth <= this.capacityBytes) return;
    throw new FileError('ENOSPC', path, `the memory disk of ${this.capacityBytes} bytes is full`);
  }

  #handle(path: string, node: FileNode): RandomAccessFile {
    node.handles++;
    const generation = this.#generation;
    let isOpen = true;
    const use = (): void => {
      if (isOpen && generation === this.#generation) return;
      throw new FileError('EIO', path, 'the file is closed');
    };
    return {
      path,
      get sizeBytes() {
        return node.content.sizeBytes;
      },
      read: async (position, length) => {
        use();
        await undefined;
        return node.content.read(position, length);
      },
      write: (position, chunks) => {
        use();
        this.#write(path, node, position, chunks);
      },
      truncate: (sizeBytes) => {
        use();
        this.#resize(path, node, sizeBytes);
      },
      flush: async () => {
        use();
        await this.#flush(node);
        use();
      },
      close: async () => {
        await undefined;
        if (!isOpen || generation !== this.#generation) return;
        isOpen = false;
        node.handles--;
        if (node.handles + node.links === 0) this.#usedBytes -= node.content.allocatedBytes;
      },
    };
  }

  /** What is durable then is what was written when the flush began. */
  async #flush({ durable, content }: FileNode): Promise<void> {
    const flush = durable?.beginFlush(content);
    const generation = this.#generation;
    await this.#flushTime();
    if (flush !== undefined && generation === this.#generation) durable?.completeFlush(flush);
  }

  /** All or nothing: a write that does not fit changes nothing. */
  #write(path: string, node: FileNode, position: number, chunks: readonly Uint8Array[]): void {
    if (node.content.sizeBytes < position) {
      throw new FileError('EIO', path, `a write at ${position} would leave a hole`);
    }
    let length = 0;
    for (const chunk of chunks) length += chunk.length;
    this.#reserve(path, node, Math.max(node.content.sizeBytes, position + length));
    node.durable?.noteChange(position);
    const before = node.content.allocatedBytes;
    let at = position;
    for (const chunk of chunks) {
      node.content.write(at, chunk);
      at += chunk.length;
    }
    this.#usedBytes += node.content.allocatedBytes - before;
    node.modifiedAtMs = this.#clock.nowMs();
  }
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}

function assertReplaceable(node: Node, replaced: Node | undefined, to: string): void {
  if (replaced === undefined) return;
  if (replaced.kind === 'directory') {
    if (node.kind === 'file') throw new FileError('EISDIR', to, 'it is a folder');
    if (0 < replaced.entries.size) throw new FileError('ENOTEMPTY', to, 'it is not empty');
    return;
  }
  if (node.kind === 'directory') throw new FileError('ENOTDIR', to, 'it is a file');
}
