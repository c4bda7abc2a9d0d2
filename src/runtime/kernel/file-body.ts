import { assert } from '../../base/assert.ts';
import { FileError } from '../../base/file-system.ts';

/** The bytes of one file. */
export interface FileBody {
  readonly sizeBytes: number;
  /** In a buffer of its own, so that it can be transferred. */
  read(position: number, length: number): Uint8Array<ArrayBuffer>;
  /** Throws FileError (ENOSPC, EIO). */
  write(position: number, bytes: Uint8Array): void;
  truncate(sizeBytes: number): void;
  flush(): void;
  release(): void;
}

/** A file on a disk that was opened beforehand, so that it can be had in one turn (an OPFS sync handle). */
export interface DiskFile {
  /** Fills `target`; what lies beyond the end is left as it is. */
  read(target: Uint8Array, position: number): void;
  /** Throws when the disk is full. */
  write(bytes: Uint8Array, position: number): void;
  truncate(sizeBytes: number): void;
  flush(): void;
}

export interface DiskPool {
  /** Undefined when none is ready: the file then stays in memory. */
  take(): DiskFile | undefined;
  giveBack(file: DiskFile): void;
}

/** What can give memory back by writing to a disk. */
export interface Spillable {
  readonly residentBytes: number;
  /** Moves the oldest of what it holds; false when it cannot. */
  spill(): boolean;
}

export interface BudgetLimits {
  readonly limitBytes: number;
  /** Above this, files move to the disk from their beginning on. */
  readonly spillAboveBytes: number;
}

/** How much file content the kernel keeps in memory, over all machines: its page cache. */
export class MemoryBudget {
  readonly #limits: BudgetLimits;
  readonly #spillable = new Set<Spillable>();
  #usedBytes = 0;

  constructor(limits: BudgetLimits) {
    this.#limits = limits;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Throws FileError ENOSPC. */
  take(bytes: number): void {
    while (this.#limits.spillAboveBytes < this.#usedBytes + bytes && this.#spillLargest());
    if (this.#limits.limitBytes < this.#usedBytes + bytes) throw noSpace();
    this.#usedBytes += bytes;
  }

  give(bytes: number): void {
    this.#usedBytes -= bytes;
    assert(0 <= this.#usedBytes, 'no page is given back twice');
  }

  add(body: Spillable): void {
    this.#spillable.add(body);
  }

  forget(body: Spillable): void {
    this.#spillable.delete(body);
  }

  #spillLargest(): boolean {
    let largest: Spillable | undefined;
    for (const body of this.#spillable) {
      if ((largest?.residentBytes ?? 0) < body.residentBytes) largest = body;
    }
    return largest?.spill() ?? false;
  }
}

const pageBytes = 262_144;
const smallestPageBytes = 1_024;

/** Content in pages: appending costs the same however long the file is; a hole costs nothing. */
export class PagedBody implements FileBody {
  readonly #budget: MemoryBudget;
  #pages: (Uint8Array<ArrayBuffer> | undefined)[] = [];
  #sizeBytes = 0;

  constructor(budget: MemoryBudget) {
    this.#budget = budget;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  read(position: number, length: number): Uint8Array<ArrayBuffer> {
    const end = Math.min(position + length, this.#sizeBytes);
    const result = new Uint8Array(Math.max(0, end - position));
    for (let at = position; at < end; ) {
      const inPage = at % pageBytes;
      const take = Math.min(pageBytes - inPage, end - at);
      const page = this.#pages[(at - inPage) / pageBytes];
      if (page) result.set(page.subarray(inPage, inPage + take), at - position);
      at += take;
    }
    return result;
  }

  write(position: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const at = position + done;
      const inPage = at % pageBytes;
      const take = Math.min(pageBytes - inPage, bytes.length - done);
      const page = this.#page((at - inPage) / pageBytes, inPage + take);
      page.set(bytes.subarray(done, done + take), inPage);
      done += take;
    }
    this.#sizeBytes = Math.max(this.#sizeBytes, position + bytes.length);
  }

  truncate(sizeBytes: number): void {
    if (sizeBytes < this.#sizeBytes) {
      const kept = Math.ceil(sizeBytes / pageBytes);
      for (const page of this.#pages.splice(kept)) this.#budget.give(page?.length ?? 0);
      this.#pages[kept - 1]?.fill(0, sizeBytes - (kept - 1) * pageBytes);
    }
    this.#sizeBytes = sizeBytes;
  }

  /** Gives back the memory of whole pages before a position; they read as zeros from now on. */
  discardBefore(position: number): void {
    for (let index = Math.floor(position / pageBytes) - 1; 0 <= index; index -= 1) {
      const page = this.#pages[index];
      if (page === undefined) return;
      this.#budget.give(page.length);
      this.#pages[index] = undefined;
    }
  }

  flush(): void {}

  release(): void {
    this.truncate(0);
  }

  /** The page with room for `neededBytes`: short files have short pages. */
  #page(index: number, neededBytes: number): Uint8Array<ArrayBuffer> {
    const page = this.#pages[index];
    if (page && neededBytes <= page.length) return page;
    let length = Math.max(page ? page.length * 2 : smallestPageBytes, smallestPageBytes);
    while (length < neededBytes) length *= 2;
    length = Math.min(length, pageBytes);
    this.#budget.take(length - (page?.length ?? 0));
    const grown = new Uint8Array(length);
    if (page) grown.set(page);
    this.#pages[index] = grown;
    return grown;
  }
}

/** Written to the disk in one piece: a disk may be slow for each write, not for each byte. */
const spillBytes = 1_048_576;

/**
 * A file in memory whose beginning moves to a disk when memory grows scarce: logs are appended to and
 * read near their end. Without a disk it stays in memory.
 */
export class GrowingBody implements FileBody, Spillable {
  readonly #budget: MemoryBudget;
  readonly #disks: DiskPool | undefined;
  readonly #memory: PagedBody;
  #disk: DiskFile | undefined;
  /** Bytes before this position are on the disk. */
  #spilledBytes = 0;

  constructor(budget: MemoryBudget, disks: DiskPool | undefined) {
    this.#budget = budget;
    this.#disks = disks;
    this.#memory = new PagedBody(budget);
  }

  get sizeBytes(): number {
    return this.#memory.sizeBytes;
  }

  get residentBytes(): number {
    return Math.max(0, this.sizeBytes - this.#spilledBytes);
  }

  read(position: number, length: number): Uint8Array<ArrayBuffer> {
    const bytes = this.#memory.read(position, length);
    const onDisk = Math.min(this.#spilledBytes - position, bytes.length);
    if (0 < onDisk) this.#disk?.read(bytes.subarray(0, onDisk), position);
    return bytes;
  }

  write(position: number, bytes: Uint8Array): void {
    const onDisk = Math.min(Math.max(0, this.#spilledBytes - position), bytes.length);
    if (0 < onDisk) this.#writeToDisk(position, bytes.subarray(0, onDisk));
    this.#memory.write(position + onDisk, bytes.subarray(onDisk));
    if (this.#disks && spillBytes * 2 < this.residentBytes) this.#budget.add(this);
  }

  truncate(sizeBytes: number): void {
    this.#memory.truncate(sizeBytes);
    if (sizeBytes < this.#spilledBytes) {
      this.#spilledBytes = sizeBytes;
      this.#disk?.truncate(sizeBytes);
    }
    if (sizeBytes === 0) this.#giveDiskBack();
  }

  flush(): void {
    this.#disk?.flush();
  }

  release(): void {
    this.truncate(0);
  }

  spill(): boolean {
    const length = Math.min(spillBytes, this.residentBytes - spillBytes);
    this.#disk ??= this.#disks?.take();
    if (length < spillBytes || !this.#disk) {
      this.#budget.forget(this);
      return false;
    }
    this.#writeToDisk(this.#spilledBytes, this.#memory.read(this.#spilledBytes, length));
    this.#spilledBytes += length;
    this.#memory.discardBefore(this.#spilledBytes);
    return true;
  }

  #writeToDisk(position: number, bytes: Uint8Array): void {
    try {
      this.#disk?.write(bytes, position);
    } catch (cause) {
      throw noSpace(cause);
    }
  }

  #giveDiskBack(): void {
    this.#budget.forget(this);
    if (this.#disk) this.#disks?.giveBack(this.#disk);
    this.#disk = undefined;
  }
}

function noSpace(cause?: unknown): FileError {
  return new FileError('ENOSPC', '', 'No space left on device', { cause });
}
