import { BrokenPipeError } from '../../base/program.ts';
import type { FileNode, VirtualFiles } from './virtual-files.ts';

/** What a descriptor stands for. Several descriptors, also of several processes, may share one. */
export interface OpenFile {
  readonly isTerminal: boolean;
  /** Null at the end. */
  read(reader: Reader): Promise<Uint8Array<ArrayBuffer> | null> | Uint8Array<ArrayBuffer> | null;
  /** Takes the bytes at once; a promise when the writer has to wait. Throws BrokenPipeError. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void> | undefined;
  /** The last descriptor is gone. */
  release(): void;
}

/** Who reads: a read of a process that has ended must not take bytes from the next one. */
export interface Reader {
  readonly group: number;
  readonly isGone: boolean;
}

/** An open file and how many descriptors refer to it. */
export class Description {
  readonly file: OpenFile;
  #count = 1;

  constructor(file: OpenFile) {
    this.file = file;
  }

  share(): Description {
    this.#count += 1;
    return this;
  }

  close(): void {
    this.#count -= 1;
    if (this.#count === 0) this.file.release();
  }
}

const pipeBytes = 65_536;

/** A queue of bytes with one capacity for all who write: 64 KiB, as in Linux. */
export class ByteQueue {
  #chunks: Uint8Array<ArrayBuffer>[] = [];
  #bytes = 0;
  #isEnded = false;
  #isBroken = false;
  #readers: { reader: Reader; resolve: (bytes: Uint8Array<ArrayBuffer> | null) => void }[] = [];
  #writers: { resolve: () => void; reject: (error: Error) => void }[] = [];
  /** Told when a reader has to wait. */
  onWanted: (() => void) | undefined;

  read(reader: Reader): Promise<Uint8Array<ArrayBuffer> | null> | Uint8Array<ArrayBuffer> | null {
    const bytes = this.#take();
    if (bytes) return bytes;
    if (this.#isEnded) return null;
    this.onWanted?.();
    return new Promise((resolve) => this.#readers.push({ reader, resolve }));
  }

  write(bytes: Uint8Array<ArrayBuffer>): Promise<void> | undefined {
    if (this.#isBroken || this.#isEnded) throw new BrokenPipeError('Broken pipe');
    if (bytes.length === 0) return undefined;
    this.#chunks.push(bytes);
    this.#bytes += bytes.length;
    this.#serve();
    if (this.#bytes <= pipeBytes) return undefined;
    return new Promise((resolve, reject) => this.#writers.push({ resolve, reject }));
  }

  /** Nobody writes any more. */
  end(): void {
    this.#isEnded = true;
    this.#serve();
  }

  /** Nobody reads any more. */
  break(): void {
    this.#isBroken = true;
    this.#chunks = [];
    this.#bytes = 0;
    for (const { reject } of this.#writers.splice(0)) reject(new BrokenPipeError('Broken pipe'));
  }

  #serve(): void {
    this.#readers = this.#readers.filter(({ reader }) => !reader.isGone);
    while (0 < this.#readers.length && (0 < this.#bytes || this.#isEnded)) {
      this.#readers.shift()?.resolve(this.#take());
    }
  }

  /** Up to a pipe's worth of bytes, small chunks joined. */
  #take(): Uint8Array<ArrayBuffer> | null {
    const first = this.#chunks.shift();
    if (!first) return null;
    let length = first.length;
    let count = 0;
    for (const chunk of this.#chunks) {
      if (pipeBytes < length + chunk.length) break;
      length += chunk.length;
      count += 1;
    }
    const bytes = count === 0 ? first : join(length, [first, ...this.#chunks.splice(0, count)]);
    this.#bytes -= bytes.length;
    if (this.#bytes <= pipeBytes) for (const { resolve } of this.#writers.splice(0)) resolve();
    return bytes;
  }
}

function join(length: number, chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    result.set(chunk, at);
    at += chunk.length;
  }
  return result;
}

/** The two ends of a pipe. */
export function createPipe(onWanted?: () => void): {
  readonly reader: OpenFile;
  readonly writer: OpenFile;
} {
  const queue = new ByteQueue();
  queue.onWanted = onWanted;
  return {
    reader: {
      isTerminal: false,
      read: (reader) => queue.read(reader),
      write() {
        throw new BrokenPipeError('Bad file descriptor');
      },
      release: () => queue.break(),
    },
    writer: {
      isTerminal: false,
      read: () => null,
      write: (bytes) => queue.write(bytes),
      release: () => queue.end(),
    },
  };
}

/** `/dev/null`. */
export const nullFile: OpenFile = {
  isTerminal: false,
  read: () => null,
  write: () => undefined,
  release() {},
};

/** A regular file behind a descriptor, with an offset of its own. */
export class RegularOpenFile implements OpenFile {
  readonly isTerminal = false;
  readonly #files: VirtualFiles;
  readonly #node: FileNode;
  readonly #path: string;
  readonly #appends: boolean;
  #position = 0;

  constructor(files: VirtualFiles, path: string, mode: 'read' | 'write' | 'append' | 'readWrite') {
    const exists = files.stat(path) !== undefined;
    this.#files = files;
    this.#path = path;
    this.#appends = mode === 'append';
    this.#node =
      mode === 'write' || (mode !== 'read' && !exists) ? files.create(path) : files.open(path);
  }

  read(): Uint8Array<ArrayBuffer> | null {
    const bytes = this.#node.body.read(this.#position, pipeBytes);
    this.#position += bytes.length;
    return bytes.length === 0 ? null : bytes;
  }

  write(bytes: Uint8Array<ArrayBuffer>): undefined {
    const position = this.#appends ? this.#node.body.sizeBytes : this.#position;
    this.#node.body.write(position, bytes);
    this.#position = position + bytes.length;
    this.#files.changed(this.#node, this.#path);
  }

  release(): void {
    this.#files.close(this.#node);
  }
}
