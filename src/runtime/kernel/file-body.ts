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

/** How much file content the kernel keeps in memory, over all machines. */
export class MemoryBudget {
  readonly limitBytes: number;
  #usedBytes = 0;

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Throws FileError ENOSPC. */
  take(bytes: number): void {
    if (this.limitBytes < this.#usedBytes + bytes) {
      throw noSpace();
    }
    this.#usedBytes += bytes;
  }

  give(bytes: number): void {
    this.#usedBytes -= bytes;
    assert(0 <= this.#usedBytes, 'no page is given back twice');
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

const moveToDiskBytes = 524_288;

/** Starts in memory and moves to the disk when it has grown, if a disk is there. */
export class GrowingBody implements FileBody {
  readonly #budget: MemoryBudget;
  readonly #disks: DiskPool | undefined;
  #memory: PagedBody | undefined;
  #disk: DiskFile | undefined;
  #diskBytes = 0;

  constructor(budget: MemoryBudget, disks: DiskPool | undefined) {
    this.#budget = budget;
    this.#disks = disks;
    this.#memory = new PagedBody(budget);
  }

  get sizeBytes(): number {
    return this.#memory?.sizeBytes ?? this.#diskBytes;
  }

  read(position: number, length: number): Uint8Array<ArrayBuffer> {
    if (this.#memory) return this.#memory.read(position, length);
    const result = new Uint8Array(Math.max(0, Math.min(length, this.#diskBytes - position)));
    this.#disk?.read(result, position);
    return result;
  }

  write(position: number, bytes: Uint8Array): void {
    if (this.#memory && moveToDiskBytes < position + bytes.length) this.#moveToDisk();
    if (this.#memory) {
      this.#memory.write(position, bytes);
      return;
    }
    try {
      this.#disk?.write(bytes, position);
    } catch (cause) {
      throw noSpace(cause);
    }
    this.#diskBytes = Math.max(this.#diskBytes, position + bytes.length);
  }

  truncate(sizeBytes: number): void {
    this.#memory?.truncate(sizeBytes);
    this.#disk?.truncate(sizeBytes);
    if (this.#disk) this.#diskBytes = sizeBytes;
  }

  flush(): void {
    this.#disk?.flush();
  }

  release(): void {
    this.#memory?.release();
    if (this.#disk) this.#disks?.giveBack(this.#disk);
    this.#disk = undefined;
    this.#diskBytes = 0;
    this.#memory = new PagedBody(this.#budget);
  }

  #moveToDisk(): void {
    const disk = this.#disks?.take();
    const memory = this.#memory;
    if (!disk || !memory) return;
    disk.write(memory.read(0, memory.sizeBytes), 0);
    disk.truncate(memory.sizeBytes);
    this.#diskBytes = memory.sizeBytes;
    this.#disk = disk;
    this.#memory = undefined;
    memory.release();
  }
}

function noSpace(cause?: unknown): FileError {
  return new FileError('ENOSPC', '', 'No space left on device', { cause });
}
