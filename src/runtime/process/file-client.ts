import { assert } from '../../base/assert.ts';
import {
  type DirectoryEntry,
  FileError,
  type FileErrorCode,
  type FileStat,
  type FileSystem,
  type RandomAccessFile,
} from '../../base/file-system.ts';
import type { RpcClient } from '../rpc.ts';
import type { KernelEvent, SystemCalls } from '../system-calls.ts';
import type { Outbox, Outgoing } from './outbox.ts';

type Kernel = RpcClient<SystemCalls, KernelEvent>;

/**
 * The FileSystem port of a process: the kernel is the page cache. Writes of one turn are posted together
 * and in order, before anything else leaves the process; what goes wrong with them is thrown by a later
 * write and by `flush`.
 */
export class FileClient implements FileSystem {
  readonly #kernel: Kernel;
  /** Undefined: the process's own machine. */
  readonly #machine: string | undefined;
  readonly #shared: SharedByFiles;

  constructor(kernel: Kernel, options: FileClientOptions) {
    this.#kernel = kernel;
    this.#machine = options.machine;
    const backlog = new Backlog(options.onBacklog ?? (() => {}));
    this.#shared = { kernel, backlog, outbox: options.outbox, spare: new SpareBuffers() };
  }

  async open(path: string): Promise<RandomAccessFile> {
    const handle = nextHandle();
    const { sizeBytes } = await this.#kernel.call('openFile', this.#on({ handle, path }));
    return new KernelFile(this.#shared, { handle, path, sizeBytes });
  }

  create(path: string): RandomAccessFile {
    const handle = nextHandle();
    const file = new KernelFile(this.#shared, { handle, path, sizeBytes: 0 });
    file.watchOver(this.#kernel.call('createFile', this.#on({ handle, path })));
    return file;
  }

  stat(path: string): Promise<FileStat | undefined> {
    return this.#kernel.call('stat', this.#on({ path }));
  }

  list(path: string): Promise<readonly DirectoryEntry[]> {
    return this.#kernel.call('list', this.#on({ path }));
  }

  makeDirectory(path: string): Promise<void> {
    return this.#kernel.call('makeDirectory', this.#on({ path }));
  }

  rename(from: string, to: string): Promise<void> {
    return this.#kernel.call('rename', this.#on({ from, to }));
  }

  remove(path: string): Promise<void> {
    return this.#kernel.call('remove', this.#on({ path }));
  }

  flushDirectory(): Promise<void> {
    return Promise.resolve();
  }

  setMode(path: string, mode: number): Promise<void> {
    return this.#kernel.call('changeMode', this.#on({ path, mode }));
  }

  setModifiedAtMs(path: string, modifiedAtMs: number): Promise<void> {
    return this.#kernel.call('changeTime', this.#on({ path, modifiedAtMs }));
  }

  #on<T extends object>(argument: T): T & { machine?: string } {
    return this.#machine === undefined ? argument : { ...argument, machine: this.#machine };
  }
}

export interface FileClientOptions {
  readonly machine?: string;
  readonly outbox: Outbox;
  /** Told when the kernel falls far behind with writes, and when it has caught up. */
  readonly onBacklog?: (isBehind: boolean) => void;
}

interface SharedByFiles {
  readonly kernel: Kernel;
  readonly backlog: Backlog;
  readonly outbox: Outbox;
  readonly spare: SpareBuffers;
}

interface KnownFile {
  readonly handle: number;
  readonly path: string;
  readonly sizeBytes: number;
}

/** Writes that follow each other are copied together up to this much. */
const pendingBytesMax = 262_144;

const farBehindBytes = 16_777_216;
const caughtUpBytes = 4_194_304;

/**
 * Written bytes that the kernel has not taken yet. A write cannot wait here as it does in Linux when
 * there are too many dirty pages; instead the process gets no more data from its connections.
 */
class Backlog {
  readonly #onChange: (isBehind: boolean) => void;
  #bytes = 0;
  #isBehind = false;

  constructor(onChange: (isBehind: boolean) => void) {
    this.#onChange = onChange;
  }

  async counting(bytes: number, written: Promise<unknown>): Promise<void> {
    this.#bytes += bytes;
    this.#update();
    try {
      await written;
    } finally {
      this.#bytes -= bytes;
      this.#update();
    }
  }

  #update(): void {
    const isBehind = this.#isBehind ? caughtUpBytes < this.#bytes : farBehindBytes < this.#bytes;
    if (isBehind === this.#isBehind) return;
    this.#isBehind = isBehind;
    this.#onChange(isBehind);
  }
}

const spareBuffersMax = 8;
/** A small buffer costs little, and would only be in the way. */
const spareBytesMin = 16_384;

/** Buffers that the kernel has written and sent back: their pages are there already, fresh ones cost a fault each. */
class SpareBuffers {
  readonly #buffers: ArrayBuffer[] = [];

  take(length: number): Uint8Array<ArrayBuffer> {
    if (spareBytesMin <= length) {
      const index = this.#buffers.findIndex((buffer) => length <= buffer.byteLength);
      const [buffer] = index < 0 ? [] : this.#buffers.splice(index, 1);
      if (buffer !== undefined) return new Uint8Array(buffer);
    }
    return new Uint8Array(length);
  }

  give(buffer: ArrayBuffer): void {
    if (buffer.byteLength < spareBytesMin) return;
    // The oldest goes: sizes follow what is being written now.
    if (spareBuffersMax <= this.#buffers.length) this.#buffers.shift();
    this.#buffers.push(buffer);
  }
}

let lastHandle = 0;

function nextHandle(): number {
  lastHandle += 1;
  return lastHandle;
}

class KernelFile implements RandomAccessFile, Outgoing {
  readonly path: string;
  readonly #shared: SharedByFiles;
  readonly #kernel: Kernel;
  readonly #handle: number;
  #sizeBytes: number;
  #failure: FileError | undefined;
  /** Written and not posted: `#pendingBytes` of the buffer, for `#pendingPosition`. */
  #pending: Uint8Array<ArrayBuffer> | undefined;
  #pendingBytes = 0;
  #pendingPosition = 0;
  /** As many as were written together last time: the next buffer is made for that. */
  #usualBytes = 0;

  constructor(shared: SharedByFiles, known: KnownFile) {
    this.#shared = shared;
    this.#kernel = shared.kernel;
    this.#handle = known.handle;
    this.path = known.path;
    this.#sizeBytes = known.sizeBytes;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  read(position: number, length: number): Promise<Uint8Array> {
    return this.#kernel.call('readFile', { handle: this.#handle, position, length });
  }

  write(position: number, chunks: readonly Uint8Array[]): void {
    assert(position <= this.#sizeBytes, 'a write leaves no hole');
    this.#throwFailure();
    let at = position;
    for (const chunk of chunks) {
      this.#append(at, chunk);
      at += chunk.length;
    }
    this.#sizeBytes = Math.max(this.#sizeBytes, at);
    this.#shared.outbox.addFile(this);
  }

  sendPending(): void {
    const bytes = this.#pending;
    if (bytes === undefined) return;
    const { buffer } = bytes;
    const length = this.#pendingBytes;
    this.#pending = undefined;
    this.#pendingBytes = 0;
    // It shrinks slowly: what was written together once will be again.
    this.#usualBytes = Math.max(length, Math.floor(this.#usualBytes * 0.9));
    const argument = { handle: this.#handle, position: this.#pendingPosition, buffer, length };
    const written = this.#kernel.call('writeFile', argument, [buffer]);
    const spare = this.#shared.spare;
    const recycled = written.then((returned) => spare.give(returned));
    this.watchOver(this.#shared.backlog.counting(length, recycled));
  }

  /** The buffer was too small for what came in one turn: the next is larger. */
  #sendFull(): void {
    this.sendPending();
    this.#usualBytes *= 4;
  }

  #append(position: number, chunk: Uint8Array): void {
    const follows = position === this.#pendingPosition + this.#pendingBytes;
    const room = (this.#pending?.length ?? 0) - this.#pendingBytes;
    if (!follows) this.sendPending();
    else if (room < chunk.length) this.#sendFull();
    if (this.#pending === undefined) {
      const usual = Math.min(this.#usualBytes, pendingBytesMax);
      this.#pending = this.#shared.spare.take(Math.max(chunk.length, usual));
      this.#pendingPosition = position;
    }
    this.#pending.set(chunk, this.#pendingBytes);
    this.#pendingBytes += chunk.length;
  }

  truncate(sizeBytes: number): void {
    this.#throwFailure();
    this.#sizeBytes = sizeBytes;
    this.watchOver(this.#kernel.call('truncateFile', { handle: this.#handle, sizeBytes }));
  }

  async flush(): Promise<void> {
    try {
      await this.#kernel.call('flushFile', { handle: this.#handle });
    } catch (error) {
      throw this.#failure ?? error;
    }
    this.#throwFailure();
  }

  close(): Promise<void> {
    return this.#kernel.call('closeFile', { handle: this.#handle });
  }

  /** Keeps the first error of a write that has not been waited for. */
  watchOver(result: Promise<unknown>): void {
    result.catch((error: unknown) => {
      const { code, message } = error as FileError;
      const known: FileErrorCode = error instanceof FileError ? code : 'EIO';
      this.#failure ??= new FileError(known, this.path, message);
    });
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure;
  }
}
