import type { Signal } from '../../base/program.ts';
import type { TerminalSize } from '../provider.ts';
import { ByteQueue, type OpenFile, type Reader } from './open-file.ts';

/** What a terminal tells the kernel. */
export interface TerminalOwner {
  signalGroup(group: number, signal: Signal): void;
}

/**
 * A terminal: keys in, screen out, and between them the line discipline of a Unix tty. Cooked mode
 * echoes, edits one line (Backspace, Ctrl-U, Ctrl-W), turns Ctrl-D into an end and Ctrl-C, Ctrl-\ and
 * Ctrl-Z into signals for the foreground group; raw mode passes every key on. Newlines are written as
 * CR LF in both.
 */
export class Terminal implements OpenFile {
  readonly isTerminal = true;
  /** What the page reads and draws. */
  readonly screen = new ByteQueue();
  /** The process group that gets keys and signals. */
  foregroundGroup = 0;
  isRaw = false;
  /** The process for which the terminal was opened; with it the terminal ends. */
  leaderPid = 0;
  size: TerminalSize;
  readonly #owner: TerminalOwner;
  /** The line that is being edited, by character. */
  #line: string[] = [];
  /** Finished input; an empty chunk is an end. */
  #input: Uint8Array<ArrayBuffer>[] = [];
  #readers: { reader: Reader; resolve: (bytes: Uint8Array<ArrayBuffer> | null) => void }[] = [];
  #isHungUp = false;

  constructor(size: TerminalSize, owner: TerminalOwner) {
    this.size = size;
    this.#owner = owner;
  }

  /** Keys from the page. */
  type(keys: string): void {
    if (this.isRaw) this.#push(encoder.encode(keys));
    else for (const key of keys) this.#key(key);
    this.#serve();
  }

  /** The terminal's leader is gone: the page reads to the end, readers get an end, writers an error. */
  hangUp(): void {
    if (this.#isHungUp) return;
    this.#isHungUp = true;
    this.screen.end();
    this.#serve();
    this.#owner.signalGroup(this.foregroundGroup, 'SIGHUP');
  }

  setForeground(group: number): void {
    this.foregroundGroup = group;
    this.#serve();
  }

  setRaw(isRaw: boolean): void {
    const wasRaw = this.isRaw;
    this.isRaw = isRaw;
    if (isRaw && 0 < this.#line.length) this.#finishLine('');
    if (wasRaw && !isRaw) this.#typeAgain();
    this.#serve();
  }

  read(reader: Reader): Promise<Uint8Array<ArrayBuffer> | null> {
    return new Promise((resolve) => {
      this.#readers.push({ reader, resolve });
      this.#serve();
    });
  }

  write(bytes: Uint8Array<ArrayBuffer>): Promise<void> | undefined {
    return this.screen.write(withCarriageReturns(bytes));
  }

  release(): void {}

  /** Keys that came before a program was ready for them are a line like any other. */
  #typeAgain(): void {
    for (const chunk of this.#input.splice(0)) {
      for (const key of decoder.decode(chunk)) this.#key(key);
    }
  }

  #key(key: string): void {
    const signal = signalKeys.get(key);
    if (signal) this.#interrupt(caret(key), signal);
    else if (key === '\x04') this.#endOfFile();
    else if (key === '\r' || key === '\n') this.#enter();
    else if (key === '\x7f' || key === '\b') this.#erase(1);
    else if (key === '\x15') this.#erase(this.#line.length);
    else if (key === '\x17') this.#erase(lastWordLength(this.#line));
    else {
      this.#line.push(key);
      this.#echo(key < ' ' && key !== '\t' ? caret(key) : key);
    }
  }

  #enter(): void {
    this.#echo('\r\n');
    this.#finishLine('\n');
  }

  #interrupt(shown: string, signal: Signal): void {
    this.#line = [];
    this.#input = [];
    this.#echo(shown);
    this.#owner.signalGroup(this.foregroundGroup, signal);
  }

  #endOfFile(): void {
    if (this.#line.length === 0) this.#push(new Uint8Array(0));
    else this.#finishLine('');
  }

  #finishLine(end: string): void {
    this.#push(encoder.encode(this.#line.join('') + end));
    this.#line = [];
  }

  #erase(count: number): void {
    let columns = 0;
    for (let erased = 0; erased < count; erased += 1) columns += widthOf(this.#line.pop() ?? '');
    this.#echo('\b \b'.repeat(columns));
  }

  #echo(text: string): void {
    try {
      // Echo does not wait: it is bounded by what a person types.
      this.screen.write(encoder.encode(text))?.catch(() => {});
    } catch {
      // Hung up: nobody sees it.
    }
  }

  #push(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#input.length < maximumWaitingChunks) this.#input.push(bytes);
  }

  #serve(): void {
    this.#readers = this.#readers.filter(({ reader }) => !reader.isGone);
    for (;;) {
      const at = this.#readers.findIndex(
        ({ reader }) => this.#isHungUp || reader.group === this.foregroundGroup,
      );
      if (at < 0 || (this.#input.length === 0 && !this.#isHungUp)) return;
      const [waiting] = this.#readers.splice(at, 1);
      const bytes = this.#input.shift();
      waiting?.resolve(bytes === undefined || bytes.length === 0 ? null : bytes);
    }
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const signalKeys: ReadonlyMap<string, Signal> = new Map([
  ['\x03', 'SIGINT'],
  ['\x1c', 'SIGQUIT'],
  ['\x1a', 'SIGTSTP'],
]);
const maximumWaitingChunks = 65_536;

function caret(key: string): string {
  return `^${String.fromCharCode(key.charCodeAt(0) + 64)}`;
}

function lastWordLength(line: readonly string[]): number {
  let start = line.length;
  while (0 < start && line[start - 1] === ' ') start -= 1;
  while (0 < start && line[start - 1] !== ' ') start -= 1;
  return line.length - start;
}

/** Columns on the screen. Simplified: East Asian wide ranges and controls, no combining marks. */
function widthOf(key: string): number {
  if (key === '') return 0;
  if (key < ' ') return 2;
  return /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
    key,
  )
    ? 2
    : 1;
}

const newline = 10;
const carriageReturn = 13;

function withCarriageReturns(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  let count = 0;
  for (const byte of bytes) if (byte === newline) count += 1;
  if (count === 0) return bytes;
  const result = new Uint8Array(bytes.length + count);
  let at = 0;
  for (const byte of bytes) {
    if (byte === newline) result[at++] = carriageReturn;
    result[at++] = byte;
  }
  return result;
}
