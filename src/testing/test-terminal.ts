import type { Signal } from '../base/program.ts';
import { stripEscapes } from '../shell/commands/support/text-width.ts';
import { createPipe } from '../shell/pipe.ts';
import type { Terminal, TerminalSize } from '../shell/shell-host.ts';

const encoder = new TextEncoder();

/** A terminal for tests: what is typed goes through a line discipline, what is written is kept as text. */
export class TestTerminal implements Terminal {
  output = {
    isTerminal: true,
    write: async (data: string | Uint8Array) => {
      const text = typeof data === 'string' ? data : this.#decoder.decode(data, { stream: true });
      this.text += text;
      for (const check of [...this.#waiting]) check();
    },
  };
  readonly input;
  text = '';
  foreground: number | 'shell' = 'shell';
  mode: 'raw' | 'cooked' = 'cooked';
  /** Receives signals of keys; a test connects it to its host. */
  onKeySignal: (signal: Signal, foreground: number | 'shell') => void = () => undefined;
  readonly #pipe = createPipe();
  readonly #decoder = new TextDecoder();
  readonly #waiting = new Set<() => void>();
  #line = '';

  constructor() {
    this.input = { isTerminal: true, read: () => this.#pipe.reader.read() };
  }

  size(): TerminalSize {
    return { columns: 80, rows: 24 };
  }

  onResize() {
    return { dispose: () => undefined };
  }

  setMode(mode: 'raw' | 'cooked'): void {
    this.mode = mode;
  }

  setForeground(group: number | 'shell'): void {
    this.foreground = group;
  }

  type(keys: string): void {
    if (this.mode === 'raw') {
      void this.#pipe.writer.write(encoder.encode(keys));
      return;
    }
    for (const key of keys) this.#cook(key);
  }

  #cook(key: string): void {
    const signals: Record<string, Signal> = {
      '\x03': 'SIGINT',
      '\x1a': 'SIGTSTP',
      '\x1c': 'SIGQUIT',
    };
    const signal = signals[key];
    if (signal !== undefined) {
      this.text += `^${String.fromCharCode(key.charCodeAt(0) + 64)}`;
      this.#line = '';
      this.onKeySignal(signal, this.foreground);
      return;
    }
    if (key === '\x04' && this.#line === '') {
      this.#pipe.writer.close();
      return;
    }
    this.text += key === '\r' ? '\r\n' : key;
    this.#line += key === '\r' ? '\n' : key;
    if (key !== '\r') return;
    void this.#pipe.writer.write(encoder.encode(this.#line));
    this.#line = '';
  }

  /** Without escape sequences and carriage returns. */
  get plain(): string {
    return stripEscapes(this.text).replaceAll('\r', '');
  }

  /** Resolves when the text, from `from` on, holds `expected`; rejects after two seconds. */
  async waitFor(expected: string, from = 0): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const check = () => {
      if (this.plain.slice(from).includes(expected)) resolve();
    };
    this.#waiting.add(check);
    const timer = setTimeout(() => {
      reject(
        new Error(`no ${JSON.stringify(expected)} in ${JSON.stringify(this.plain.slice(from))}`),
      );
    }, 2000);
    check();
    await promise.finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(check);
    });
  }
}
