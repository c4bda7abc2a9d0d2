import { BrokenPipeError, type ByteSink, type ByteSource } from '../base/program.ts';

/** What a full pipe holds before a writer has to wait, as in Linux. */
const capacityBytes = 65_536;

/** The end of a pipe that a process reads. */
export interface PipeReader extends ByteSource {
  /** Nobody reads any more: writers get BrokenPipeError from now on. Idempotent. */
  close(): void;
}

/** The end of a pipe that a process writes. */
export interface PipeWriter extends ByteSink {
  /** No more bytes: after what is buffered the reader gets null. Idempotent. */
  close(): void;
}

export interface Pipe {
  readonly reader: PipeReader;
  readonly writer: PipeWriter;
}

/**
 * A pipe with back-pressure. `write` takes its bytes at once (their order is the order of calls) and
 * resolves when less than 64 KiB wait, so a writer that awaits holds at most one chunk more than that.
 * Chunks pass by reference: the writer does not touch them afterwards. One reader at a time; `read`
 * answers what is there, one chunk, and waits only for the first byte.
 */
export function createPipe(): Pipe {
  const state = new PipeState();
  return {
    reader: { isTerminal: false, read: () => state.read(), close: () => state.closeReader() },
    writer: {
      isTerminal: false,
      write: (data) => state.write(data),
      close: () => state.closeWriter(),
    },
  };
}

const encoder = new TextEncoder();

class PipeState {
  #chunks: Uint8Array[] = [];
  #bufferedBytes = 0;
  #isWriterClosed = false;
  #isReaderClosed = false;
  #readers: (() => void)[] = [];
  #writers: (() => void)[] = [];

  async read(): Promise<Uint8Array | null> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) {
        this.#bufferedBytes -= chunk.length;
        if (this.#bufferedBytes < capacityBytes) wakeAll(this.#writers);
        return chunk;
      }
      if (this.#isWriterClosed || this.#isReaderClosed) return null;
      await new Promise<void>((resolve) => this.#readers.push(resolve));
    }
  }

  async write(data: string | Uint8Array): Promise<void> {
    if (this.#isReaderClosed || this.#isWriterClosed) throw new BrokenPipeError('Broken pipe');
    const chunk = typeof data === 'string' ? encoder.encode(data) : data;
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#bufferedBytes += chunk.length;
    wakeAll(this.#readers);
    while (capacityBytes <= this.#bufferedBytes) {
      await new Promise<void>((resolve) => this.#writers.push(resolve));
      if (this.#isReaderClosed) throw new BrokenPipeError('Broken pipe');
    }
  }

  closeWriter(): void {
    this.#isWriterClosed = true;
    wakeAll(this.#readers);
  }

  closeReader(): void {
    this.#isReaderClosed = true;
    this.#chunks = [];
    this.#bufferedBytes = 0;
    wakeAll(this.#writers);
    wakeAll(this.#readers);
  }
}

function wakeAll(waiting: (() => void)[]): void {
  for (const wake of waiting.splice(0)) wake();
}

/** `/dev/null`, both ways. */
export const emptySource: ByteSource = {
  isTerminal: false,
  read: () => Promise.resolve(null),
};
export const nullSink: ByteSink = {
  isTerminal: false,
  write: () => Promise.resolve(),
};
