import type { RandomAccessFile } from '../../base/file-system.ts';
import { FileError } from '../../base/file-system.ts';
import type { ByteSink, ByteSource } from '../../base/program.ts';

/** What a descriptor refers to. Shared by all descriptors that were copied from it; closed with the last. */
export class OpenFile {
  readonly source: ShellSource | undefined;
  readonly sink: ByteSink | undefined;
  readonly #close: () => void | Promise<void>;
  #references = 1;

  constructor(parts: {
    readonly source?: ByteSource;
    readonly sink?: ByteSink;
    readonly close?: () => void | Promise<void>;
  }) {
    this.source =
      parts.source instanceof ShellSource
        ? parts.source
        : parts.source && new ShellSource(parts.source);
    this.sink = parts.sink;
    this.#close = parts.close ?? (() => undefined);
  }

  /** For a source that others hold, too: bytes given back go back to it. */
  static ofSource(source: ShellSource): OpenFile {
    return new OpenFile({ source });
  }

  retain(): OpenFile {
    this.#references++;
    return this;
  }

  async release(): Promise<void> {
    if (--this.#references === 0) await this.#close();
  }
}

/**
 * A source whose readers may give bytes back and may give up waiting: the next reader gets what the
 * one that gave up had asked for.
 */
export class ShellSource implements ByteSource {
  readonly #inner: ByteSource;
  #returned: Uint8Array[] = [];
  #pending: Promise<Uint8Array | null> | undefined;
  #returnsTo: ShellSource | undefined;

  constructor(inner: ByteSource) {
    this.#inner = inner;
  }

  get isTerminal(): boolean {
    return this.#inner.isTerminal;
  }

  /** The source behind it when no byte waits here: a host recognizes its own terminal by it. */
  get direct(): ByteSource {
    return this.#returned.length === 0 && this.#pending === undefined ? this.#inner : this;
  }

  read(): Promise<Uint8Array | null> {
    return this.readUnless(() => false);
  }

  /** As `read`, but null once `isAbandoned`: what arrives then is for the next reader. */
  async readUnless(isAbandoned: () => boolean): Promise<Uint8Array | null> {
    const returned = this.#returned.pop();
    if (returned !== undefined) return returned;
    this.#pending ??= this.#inner.read();
    const mine = this.#pending;
    const chunk = await mine;
    if (isAbandoned()) return null;
    if (this.#pending !== mine) return this.readUnless(isAbandoned);
    this.#pending = undefined;
    return chunk;
  }

  /** The bytes are read again, before all others. */
  unread(bytes: Uint8Array): void {
    if (this.#returnsTo !== undefined) this.#returnsTo.unread(bytes);
    else if (0 < bytes.length) this.#returned.push(bytes);
  }

  /** Bytes given back here go to the source behind, for whoever reads there next. */
  returningTo(source: ShellSource): this {
    this.#returnsTo = source;
    return this;
  }
}

/** The descriptors of one execution environment. */
export class FileTable {
  readonly #files: Map<number, OpenFile>;

  constructor(files: ReadonlyMap<number, OpenFile>) {
    this.#files = new Map(files);
  }

  get(descriptor: number): OpenFile | undefined {
    return this.#files.get(descriptor);
  }

  get stdin(): ShellSource {
    return this.#files.get(0)?.source ?? closedSource;
  }

  get stdout(): ByteSink {
    return this.#files.get(1)?.sink ?? closedSink;
  }

  get stderr(): ByteSink {
    return this.#files.get(2)?.sink ?? closedSink;
  }

  /** Takes over the caller's reference; what the descriptor had before is released. */
  async set(descriptor: number, file: OpenFile): Promise<void> {
    const before = this.#files.get(descriptor);
    this.#files.set(descriptor, file);
    await before?.release();
  }

  async close(descriptor: number): Promise<void> {
    const before = this.#files.get(descriptor);
    this.#files.delete(descriptor);
    await before?.release();
  }

  /** A table of its own with the same files. */
  fork(): FileTable {
    for (const file of this.#files.values()) file.retain();
    return new FileTable(this.#files);
  }

  async closeAll(): Promise<void> {
    for (const descriptor of [...this.#files.keys()]) await this.close(descriptor);
  }
}

const closedSource = new ShellSource({ isTerminal: false, read: () => Promise.resolve(null) });

/** Descriptor 1 was closed (`>&-`). */
const closedSink: ByteSink = {
  isTerminal: false,
  write: () => Promise.reject(new FileError('EIO', '', 'write error: Bad file descriptor')),
};

const chunkBytes = 65_536;
const encoder = new TextEncoder();

/** Reads and writes one open file at a position that all its descriptors share. */
export function openRegularFile(file: RandomAccessFile, startAt: number): OpenFile {
  let position = startAt;
  return new OpenFile({
    source: {
      isTerminal: false,
      async read() {
        const chunk = await file.read(position, chunkBytes);
        position += chunk.length;
        return chunk.length === 0 ? null : chunk;
      },
    },
    sink: {
      isTerminal: false,
      write(data) {
        const bytes = typeof data === 'string' ? encoder.encode(data) : data;
        try {
          file.write(position, [bytes]);
        } catch (error) {
          return Promise.reject(error instanceof Error ? error : new Error(String(error)));
        }
        position += bytes.length;
        return Promise.resolve();
      },
    },
    close: () => file.close(),
  });
}
