import type { ByteSink, ByteSource } from '../base/program.ts';
import type { ShellSource } from './runtime/open-file.ts';

/** A line longer than this is cut into several. */
const lineBytesMax = 64 * 1024 * 1024;
const encoder = new TextEncoder();

/** Lines of a stream as text, without their newlines. Bytes that are no UTF-8 become U+FFFD. */
export async function* readLines(source: ByteSource, delimiter = '\n'): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const chunk = await source.read();
    rest += chunk === null ? decoder.decode() : decoder.decode(chunk, { stream: true });
    const lines = rest.split(delimiter);
    rest = lines.pop() ?? '';
    yield* lines;
    if (lineBytesMax < rest.length || (chunk === null && rest !== '')) {
      yield rest;
      rest = '';
    }
    if (chunk === null) return;
  }
}

/** All bytes of a stream; throws TooLargeError beyond `sizeMax`. */
export async function readAll(
  source: ByteSource,
  sizeMax = 256 * 1024 * 1024,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const chunk = await source.read();
    if (chunk === null) break;
    size += chunk.length;
    if (sizeMax < size)
      throw new TooLargeError(`input is larger than ${sizeMax / 1024 / 1024} MiB`);
    chunks.push(chunk);
  }
  return concatenate(chunks, size);
}

export async function readText(source: ByteSource, sizeMax?: number): Promise<string> {
  return new TextDecoder().decode(await readAll(source, sizeMax));
}

export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

export function concatenate(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [only] = chunks;
  if (chunks.length === 1 && only !== undefined) return only;
  const result = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    result.set(chunk, at);
    at += chunk.length;
  }
  return result;
}

const flushLength = 32_768;

/**
 * Gathers lines into larger writes. `flush` before waiting for input, so that a pipeline on a live
 * stream shows each line as it comes.
 */
export class LineWriter {
  readonly #sink: ByteSink;
  #text = '';

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  /** Undefined when nothing has to be awaited. */
  write(text: string): Promise<void> | undefined {
    this.#text += text;
    return this.#text.length < flushLength ? undefined : this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    if (text !== '') await this.#sink.write(text);
  }
}

/** Runs `each` for every line and flushes the writer whenever the next line is not there yet. */
export async function forEachLine(
  source: ByteSource,
  writer: LineWriter,
  each: (line: string) => boolean | Promise<boolean>,
): Promise<void> {
  const flushing: ByteSource = {
    isTerminal: source.isTerminal,
    async read() {
      await writer.flush();
      return source.read();
    },
  };
  for await (const line of readLines(flushing)) {
    const goesOn = each(line);
    if (!(typeof goesOn === 'boolean' ? goesOn : await goesOn)) break;
  }
  await writer.flush();
}

export interface LineLimits {
  readonly delimiter: string;
  readonly countMax: number | undefined;
  readonly isAbandoned: () => boolean;
}

/** One line and not a byte more: what comes after it stays in the source. */
export async function readLine(
  source: ShellSource,
  { delimiter, countMax, isAbandoned }: LineLimits,
): Promise<{ text: string; isComplete: boolean }> {
  const decoder = new TextDecoder();
  const end = delimiter.charCodeAt(0);
  let text = '';
  for (;;) {
    const chunk = await source.readUnless(isAbandoned);
    if (chunk === null) return { text: text + decoder.decode(), isComplete: false };
    const at = chunk.indexOf(end);
    const line = decoder.decode(at === -1 ? chunk : chunk.subarray(0, at), { stream: true });
    if (countMax !== undefined && countMax <= text.length + line.length) {
      const taken = line.slice(0, countMax - text.length);
      source.unread(chunk.subarray(encoder.encode(taken).length));
      return { text: text + taken, isComplete: true };
    }
    text += line;
    if (at !== -1) {
      source.unread(chunk.subarray(at + 1));
      return { text, isComplete: true };
    }
  }
}
