import { type Disposable, toDisposable } from '../../base/disposable.ts';
import type { ByteSink, ByteSource, Signal } from '../../base/program.ts';
import { Terminal as LineDiscipline } from '../../runtime/kernel/terminal.ts';
import type { Terminal, TerminalSize } from '../../shell/shell-host.ts';

const shellGroup = 0;
const encoder = new TextEncoder();

/**
 * The container's terminal with our line discipline in front: the container passes keys on as they are
 * (its own Ctrl-C does not reach a busy program), and signals are ours.
 */
export class GuestTerminal implements Terminal {
  readonly input: ByteSource;
  readonly output: ByteSink;
  readonly #line: LineDiscipline;
  readonly #groups = new Map<number, Set<(signal: Signal) => void>>();

  constructor(onShellSignal: (signal: Signal) => void) {
    this.#line = new LineDiscipline(sizeOf(), {
      signalGroup: (group, signal) => {
        if (group === shellGroup) onShellSignal(signal);
        for (const tell of this.#groups.get(group) ?? []) tell(signal);
      },
    });
    this.input = this.inputOf(shellGroup);
    this.output = {
      isTerminal: true,
      write: async (data) => {
        const bytes = typeof data === 'string' ? encoder.encode(data) : data.slice();
        await this.#line.write(bytes as Uint8Array<ArrayBuffer>);
      },
    };
    process.stdin.setRawMode(true);
    process.stdin.on('data', (keys: Buffer) => this.#line.type(keys.toString('utf8')));
    process.stdin.on('end', () => this.#line.hangUp());
    process.stdout.on('resize', () => {
      this.#line.size = sizeOf();
    });
    void this.#draw();
  }

  /** Keys for a process group, while it is in the foreground. */
  inputOf(group: number): ByteSource {
    return { isTerminal: true, read: () => this.#line.read({ group, isGone: false }) };
  }

  join(group: number, tell: (signal: Signal) => void): Disposable {
    const members = this.#groups.get(group) ?? new Set();
    this.#groups.set(group, members);
    members.add(tell);
    return toDisposable(() => {
      members.delete(tell);
      if (members.size === 0) this.#groups.delete(group);
    });
  }

  size(): TerminalSize {
    return this.#line.size;
  }

  onResize(handler: (size: TerminalSize) => void): Disposable {
    const listener = () => handler(sizeOf());
    process.stdout.on('resize', listener);
    return toDisposable(() => process.stdout.off('resize', listener));
  }

  setMode(mode: 'raw' | 'cooked'): void {
    this.#line.setRaw(mode === 'raw');
  }

  setForeground(group: number | 'shell'): void {
    this.#line.setForeground(group === 'shell' ? shellGroup : group);
  }

  async edit(path: string): Promise<boolean> {
    await this.output.write(`\x1b]777;edit;${path}\x07`);
    return true;
  }

  #isDrawing = false;

  /** Resolves when the screen has everything. */
  async drained(): Promise<void> {
    this.#line.screen.end();
    while (this.#isDrawing) await new Promise((resolve) => setImmediate(resolve));
  }

  async #draw(): Promise<void> {
    this.#isDrawing = true;
    for (;;) {
      const bytes = await this.#line.screen.read({ group: shellGroup, isGone: false });
      if (bytes === null) break;
      await new Promise<void>((resolve) => process.stdout.write(bytes, () => resolve()));
    }
    this.#isDrawing = false;
  }
}

function sizeOf(): TerminalSize {
  const { columns, rows } = process.stdout;
  return { columns: columns || 80, rows: rows || 24 };
}
