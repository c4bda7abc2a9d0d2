import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import type { Sandbox, SandboxProcess } from '../../runtime/provider.ts';
import type { Strings } from '../i18n/en.ts';
import { fill } from '../i18n/strings.ts';
import { terminalTheme } from './terminal-theme.ts';

export interface TerminalViewOptions {
  readonly id: string;
  readonly machine: string;
  readonly text: Strings;
  /** Each finished line of output, with the command line that it answers. */
  readonly onLine: (line: string, command: string) => void;
  readonly onEdit: (path: string) => void;
  readonly isScreenReader: boolean;
}

/** Bytes handed to xterm and not drawn yet; above this the process waits. */
const pendingBytesMax = 128 * 1024;
/** xterm draws a piece in one go; small ones keep the page answering. */
const pieceBytes = 2 * 1024;

/** One terminal: an xterm and, while one runs in it, a process. */
export class TerminalView {
  readonly id: string;
  readonly machine: string;
  readonly element = document.createElement('div');
  readonly #options: TerminalViewOptions;
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #observer: ResizeObserver;
  /** Resolves when the terminal shows something: a shell's first output is its prompt. */
  readonly firstOutput: Promise<void>;
  #markOutput: () => void = () => undefined;
  #hasOutput = false;
  #process: SandboxProcess | undefined;
  #shown = '';
  #isEscaped = false;

  constructor(options: TerminalViewOptions) {
    this.#options = options;
    this.firstOutput = new Promise((resolve) => {
      this.#markOutput = resolve;
    });
    this.id = options.id;
    this.machine = options.machine;
    this.element.className = 'terminal';
    this.element.dataset['machine'] = options.machine;
    this.#terminal = new Terminal({
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono-face'),
      fontSize: 14,
      lineHeight: 1.25,
      scrollback: 5000,
      cursorBlink: false,
      screenReaderMode: options.isScreenReader,
      minimumContrastRatio: 4.5,
      theme: terminalTheme(),
    });
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.parser.registerOscHandler(777, (data) => this.#onOsc(data));
    this.#terminal.attachCustomKeyEventHandler((event) => this.#isForTerminal(event));
    this.#terminal.onData((data) => this.#onKeys(data));
    this.#terminal.onResize(({ cols, rows }) => this.#process?.resize({ columns: cols, rows }));
    this.#observer = new ResizeObserver(() => requestAnimationFrame(() => this.#refit()));
  }

  /** Once its element is in the page. */
  open(): void {
    this.#terminal.open(this.element);
    const label = fill(this.#options.text.terminalLabel, { machine: this.machine });
    this.#terminal.textarea?.setAttribute('aria-label', label);
    this.#terminal.textarea?.setAttribute('aria-description', this.#options.text.terminalLeave);
    this.#refit();
    this.#observer.observe(this.element);
  }

  /** Runs a process in this terminal until it ends; answers its exit code. */
  async run(sandbox: Sandbox, command: readonly string[], shown = ''): Promise<number> {
    this.#shown = shown;
    const { cols: columns, rows } = this.#terminal;
    const process = await sandbox.spawn(this.machine, command, { terminal: { columns, rows } });
    this.#process = process;
    await this.#pump(process.output);
    const code = await process.exit;
    if (this.#process === process) this.#process = undefined;
    return code;
  }

  kill(): void {
    this.#process?.kill('SIGKILL');
  }

  type(text: string): void {
    this.#process?.write(text.replaceAll('\n', '\r'));
  }

  print(text: string): void {
    this.#terminal.write(text);
  }

  screen(): string {
    const buffer = this.#terminal.buffer.active;
    return this.#logicalLines(0, buffer.length).join('\n').trimEnd();
  }

  focus(): void {
    this.#terminal.focus();
  }

  setScreenReader(isOn: boolean): void {
    this.#terminal.options.screenReaderMode = isOn;
  }

  refreshTheme(): void {
    this.#terminal.options.theme = terminalTheme();
  }

  dispose(): void {
    this.kill();
    this.#observer.disconnect();
    this.#terminal.dispose();
    this.element.remove();
  }

  /** Called when Enter is pressed and nothing runs. */
  onRestart: () => void = () => undefined;

  /** Tab completes in the shell; after Escape it leaves the terminal (WCAG 2.1.2, no keyboard trap). */
  #isForTerminal(event: KeyboardEvent): boolean {
    if (event.type !== 'keydown') return true;
    const isLeaving = event.key === 'Tab' && this.#isEscaped;
    if (event.key !== 'Shift') this.#isEscaped = event.key === 'Escape';
    return !isLeaving;
  }

  #onKeys(data: string): void {
    if (this.#process !== undefined) this.#process.write(data);
    else if (data === '\r') this.onRestart();
  }

  #onOsc(data: string): boolean {
    const [verb, path] = data.split(/;(.*)/s);
    if (verb !== 'edit' || path === undefined) return false;
    this.#options.onEdit(path);
    return true;
  }

  #refit(): void {
    if (this.element.clientWidth > 0) this.#fit.fit();
  }

  /** Reads output no faster than xterm draws it: the process feels the terminal's pace. */
  async #pump(output: ReadableStream<Uint8Array>): Promise<void> {
    const reader = output.getReader();
    const decoder = new TextDecoder();
    let line = '';
    let pendingBytes = 0;
    let resume: () => void = () => undefined;
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      for (let from = 0; from < value.length; from += pieceBytes) {
        const piece = value.subarray(from, from + pieceBytes);
        const text = decoder.decode(piece, { stream: true });
        pendingBytes += piece.length;
        this.#terminal.write(piece, () => {
          pendingBytes -= piece.length;
          if (!this.#hasOutput) this.#noticeOutput();
          line = this.#readLines(line + text);
          resume();
        });
      }
      while (pendingBytesMax < pendingBytes) {
        await new Promise<void>((resolve) => {
          resume = resolve;
        });
      }
    }
  }

  #noticeOutput(): void {
    this.#hasOutput = this.screen() !== '';
    if (this.#hasOutput) this.#markOutput();
  }

  /** Reports whole lines that a perf tool may have printed; answers the unfinished rest. */
  #readLines(text: string): string {
    const end = text.lastIndexOf('\n');
    const rest = text.slice(end + 1).slice(-1000);
    if (end === -1) return rest;
    for (const line of text.slice(0, end).split('\n')) {
      if (/MB\/sec|^\d{4}-\d\d-\d\d /.test(line))
        this.#options.onLine(line.trim(), this.#command());
    }
    return rest;
  }

  /** The perf command on the screen that the newest output answers. */
  #command(): string {
    if (this.#shown !== '') return this.#shown;
    const buffer = this.#terminal.buffer.active;
    const lines = this.#logicalLines(Math.max(0, buffer.length - 400), buffer.length);
    const line = lines.findLast((text) => /kafka-(producer|consumer)-perf-test/.test(text));
    return line?.replace(/^.*?[$#>] /, '').trim() ?? '';
  }

  /** Lines as they were printed: rows that xterm wrapped are joined again. */
  #logicalLines(from: number, to: number): string[] {
    const buffer = this.#terminal.buffer.active;
    const lines: string[] = [];
    for (let row = from; row < to; row += 1) {
      const line = buffer.getLine(row);
      const isWrappedOn = buffer.getLine(row + 1)?.isWrapped === true;
      const text = line?.translateToString(!isWrappedOn) ?? '';
      if (line?.isWrapped === true && lines.length > 0) lines.push((lines.pop() ?? '') + text);
      else lines.push(text);
    }
    return lines;
  }
}
