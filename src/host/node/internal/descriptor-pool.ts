import { closeSync, constants, openSync } from 'node:fs';
import { codeOf } from './errors.ts';

/** Below what a process may usually have (4,096), with room for connections. */
const openMaxByDefault = 3_000;

/**
 * The descriptors of open files. A broker with ten thousand partitions has tens of thousands of files open and
 * uses few of them at a time: a descriptor that was not used for long is closed, and opened again when its file is
 * used. What was written is with the operating system then, also for a flush over another descriptor.
 */
export class DescriptorPool {
  readonly #openMax: number;
  /** Those with a descriptor; the first are the candidates to lose it. */
  readonly #open = new Set<PooledFile>();
  /** By folder, so that a renamed folder's files are found. */
  readonly #byFolder = new Map<string, Set<PooledFile>>();

  constructor(openMax = openMaxByDefault) {
    this.#openMax = openMax;
  }

  get openCount(): number {
    return this.#open.size;
  }

  /** Throws the system's error. */
  open(path: string, flags: number): PooledFile {
    const file = new PooledFile(this, path);
    file.open(flags);
    this.#register(file);
    return file;
  }

  /** A file or a folder has another name now. Files in folders within a folder are not followed. */
  onRename(from: string, to: string): void {
    const folder = this.#byFolder.get(from);
    const renamed = folder ?? this.#byFolder.get(folderOf(from)) ?? [];
    for (const file of [...renamed]) {
      if (folder === undefined && file.path !== from) continue;
      this.#unregister(file);
      file.path = folder === undefined ? to : `${to}${file.path.slice(from.length)}`;
      this.#register(file);
    }
  }

  /** Opens a descriptor, in the place of an idle one if there are too many. */
  take(file: PooledFile, flags: number): number {
    this.#makeRoom(this.#openMax - 1);
    try {
      const descriptor = openSync(file.path, flags, 0o644);
      this.#open.add(file);
      return descriptor;
    } catch (error) {
      if (codeOf(error) !== 'EMFILE') throw error;
      this.#makeRoom(this.#open.size >> 1);
      const descriptor = openSync(file.path, flags, 0o644);
      this.#open.add(file);
      return descriptor;
    }
  }

  forget(file: PooledFile): void {
    this.#open.delete(file);
    this.#unregister(file);
  }

  /** Second chance: who was used since the last look goes to the end of the line. */
  #makeRoom(countMax: number): void {
    let looks = 2 * this.#open.size;
    for (const file of this.#open) {
      if (this.#open.size <= countMax || looks === 0) return;
      looks -= 1;
      this.#open.delete(file);
      if (!file.letGo()) this.#open.add(file);
    }
  }

  #register(file: PooledFile): void {
    const folder = folderOf(file.path);
    const files = this.#byFolder.get(folder);
    if (files === undefined) this.#byFolder.set(folder, new Set([file]));
    else files.add(file);
  }

  #unregister(file: PooledFile): void {
    const folder = folderOf(file.path);
    const files = this.#byFolder.get(folder);
    files?.delete(file);
    if (files?.size === 0) this.#byFolder.delete(folder);
  }
}

/** One open file, with a descriptor or for now without. */
export class PooledFile {
  path: string;
  readonly #pool: DescriptorPool;
  #descriptor: number | undefined;
  #wasUsed = true;
  #pins = 0;

  constructor(pool: DescriptorPool, path: string) {
    this.#pool = pool;
    this.path = path;
  }

  open(flags: number): void {
    this.#descriptor = this.#pool.take(this, flags);
  }

  /** Good until the end of this turn. Throws the system's error. */
  get descriptor(): number {
    this.#wasUsed = true;
    this.#descriptor ??= this.#pool.take(this, constants.O_RDWR);
    return this.#descriptor;
  }

  /** Keeps the descriptor until `unpin`, for work that goes on outside of this turn. */
  pin(): number {
    this.#pins += 1;
    return this.descriptor;
  }

  unpin(): void {
    this.#pins -= 1;
  }

  /** Closes the descriptor unless it is in use or was so lately; false then. */
  letGo(): boolean {
    if (0 < this.#pins || this.#wasUsed) {
      this.#wasUsed = false;
      return false;
    }
    this.#closeDescriptor();
    return true;
  }

  close(): void {
    this.#pool.forget(this);
    this.#closeDescriptor();
  }

  #closeDescriptor(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
