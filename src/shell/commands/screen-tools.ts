import type { Disposable } from '../../base/disposable.ts';
import { sleep } from '../../base/scheduler.ts';
import type { Command, CommandContext } from '../command.ts';
import { errorMessage } from '../file-messages.ts';
import { formatDate } from '../format/date-format.ts';
import { KeyDecoder } from '../interactive/key-decoder.ts';
import type { Terminal } from '../shell-host.ts';
import { readText } from '../streams.ts';
import { allProcesses, startTime } from './processes.ts';
import { openInput, pathOf, report } from './support/files.ts';
import { readOptions } from './support/options.ts';

const enterScreen = '\u001b[?1049h\u001b[H';
const leaveScreen = '\u001b[?1049l';
const clearToEnd = '\u001b[K';

/** `vi`, `vim`, `nano`: the page's editor, where there is a page. */
export const edit: Command = async (ctx) => {
  const name = ctx.args.findLast((arg) => !/^[-+]/.test(arg));
  const { terminal } = ctx.host;
  if (name === undefined) return report(ctx, 'say which file to edit');
  const path = pathOf(ctx, name);
  const stat = await ctx.host.files.stat(path);
  if (stat?.kind === 'directory') return report(ctx, `${name}: Is a directory`);
  const isTaken = (await ctx.task.race(terminal?.edit?.(path) ?? Promise.resolve(false))) === true;
  if (isTaken) return 0;
  return report(
    ctx,
    `no editor here: write the file with cat > ${name} <<'END' … END, or change it with sed -i`,
  );
};

/** Runs a full-screen tool in raw mode and gives the terminal back whatever happens. */
async function onScreen(
  ctx: CommandContext,
  terminal: Terminal,
  run: () => Promise<void>,
): Promise<void> {
  const restore: Disposable = {
    dispose() {
      terminal.setMode('cooked');
      void terminal.output.write(`${leaveScreen}\u001b[?25h`);
    },
  };
  terminal.setMode('raw');
  await terminal.output.write(enterScreen);
  const killed = () => restore.dispose();
  ctx.task.abortSignal.addEventListener('abort', killed);
  try {
    await run();
  } finally {
    ctx.task.abortSignal.removeEventListener('abort', killed);
    restore.dispose();
  }
}

export const less: Command = async (ctx) => {
  const names = ctx.args.filter((arg) => !/^[-+]/.test(arg));
  const { terminal } = ctx.host;
  let text: string;
  try {
    const input = await openInput(ctx, names[0] ?? '-');
    if (names.length === 0 && ctx.stdin.isTerminal)
      return await report(ctx, 'missing filename ("less --help" for help)');
    text = await readText(input.source, 64 * 1024 * 1024);
    await input.close();
  } catch (error) {
    const message = errorMessage(error);
    if (message === undefined) throw error;
    return report(ctx, `${names[0] ?? '-'}: ${message}`);
  }
  if (terminal === undefined || !ctx.stdout.isTerminal) {
    await ctx.stdout.write(text);
    return 0;
  }
  const pager = new Pager(ctx, terminal, { text, name: names[0] ?? '' });
  await onScreen(ctx, terminal, () => pager.run());
  return 0;
};

class Pager {
  readonly #ctx: CommandContext;
  readonly #terminal: Terminal;
  readonly #lines: readonly string[];
  readonly #name: string;
  #top = 0;
  #query = '';
  #typing: string | undefined;

  constructor(ctx: CommandContext, terminal: Terminal, content: { text: string; name: string }) {
    this.#ctx = ctx;
    this.#terminal = terminal;
    this.#lines = content.text.replace(/\n$/, '').split('\n');
    this.#name = content.name;
  }

  async run(): Promise<void> {
    const decoder = new KeyDecoder();
    await this.#draw();
    for (;;) {
      const bytes = await this.#ctx.task.race(this.#terminal.input.read());
      if (bytes === null) return;
      for (const key of decoder.push(bytes)) {
        const name = key.kind === 'name' ? key.name : key.text;
        if (this.#typing === undefined ? this.#key(name) : this.#typed(name)) return;
      }
      await this.#draw();
    }
  }

  get #page(): number {
    return this.#terminal.size().rows - 1;
  }

  /** True: quit. */
  #key(name: string): boolean {
    const page = this.#page;
    const last = Math.max(0, this.#lines.length - page);
    const moves: Readonly<Record<string, number>> = {
      j: 1,
      down: 1,
      enter: 1,
      k: -1,
      up: -1,
      ' ': page,
      f: page,
      'page-down': page,
      'ctrl-f': page,
      b: -page,
      'page-up': -page,
      'ctrl-b': -page,
      d: page >> 1,
      'ctrl-d': page >> 1,
      u: -(page >> 1),
      'ctrl-u': -(page >> 1),
      g: -this.#lines.length,
      home: -this.#lines.length,
      G: this.#lines.length,
      end: this.#lines.length,
    };
    if (name === 'q' || name === 'Q' || name === 'ctrl-c') return true;
    if (name === '/') this.#typing = '';
    else if (name === 'n') this.#find(1);
    else if (name === 'N') this.#find(-1);
    else this.#top = Math.min(last, Math.max(0, this.#top + (moves[name] ?? 0)));
    return false;
  }

  #typed(name: string): boolean {
    if (name === 'enter') {
      this.#query = this.#typing ?? '';
      this.#typing = undefined;
      this.#find(1);
    } else if (name === 'backspace') this.#typing = this.#typing?.slice(0, -1);
    else if (name === 'ctrl-c') this.#typing = undefined;
    else this.#typing += name;
    return false;
  }

  #find(direction: 1 | -1): void {
    if (this.#query === '') return;
    for (let at = this.#top + direction; 0 <= at && at < this.#lines.length; at += direction) {
      if (this.#lines[at]?.includes(this.#query) !== true) continue;
      this.#top = at;
      return;
    }
  }

  async #draw(): Promise<void> {
    const { columns } = this.#terminal.size();
    const rows = Array.from({ length: this.#page }, (_, row) => {
      const line = this.#lines[this.#top + row];
      return line === undefined ? '~' : line.replaceAll('\t', '        ').slice(0, columns);
    });
    const shown = rows.map((line) => {
      const marked =
        this.#query === ''
          ? line
          : line.replaceAll(this.#query, `\u001b[7m${this.#query}\u001b[27m`);
      return `${marked}${clearToEnd}\r\n`;
    });
    const isEnd = this.#lines.length <= this.#top + this.#page;
    const label = isEnd ? '(END)' : this.#name || ':';
    const status = this.#typing === undefined ? `\u001b[7m${label}\u001b[27m` : `/${this.#typing}`;
    await this.#terminal.output.write(`\u001b[H${shown.join('')}${status}${clearToEnd}`);
  }
}

export const top: Command = async (ctx) => {
  const { terminal } = ctx.host;
  const isBatch =
    /-\w*b/.test(ctx.args.join(' ')) || terminal === undefined || !ctx.stdout.isTerminal;
  if (isBatch) {
    await ctx.stdout.write(`${(await topScreen(ctx, 1000)).join('\n')}\n`);
    return 0;
  }
  await onScreen(ctx, terminal, () =>
    repeat(ctx, {
      terminal,
      periodMs: 2000,
      frame: () => topScreen(ctx, terminal.size().rows - 1),
    }),
  );
  return 0;
};

async function topScreen(ctx: CommandContext, rows: number): Promise<string[]> {
  const nowMs = ctx.host.clock.nowMs();
  const list = await allProcesses(ctx);
  const title = `top - ${formatDate('%H:%M:%S', nowMs)} ${ctx.host.hostname}`;
  const lines = list.map(({ pid, parentPid, startedAtMs, command }) => {
    const ids = `${String(pid).padStart(7)} ${String(parentPid).padStart(7)} ${ctx.host.user.padEnd(9)}`;
    return `${ids} ${startTime(startedAtMs, nowMs).padEnd(6)} ${command.join(' ')}`;
  });
  const heading = '\u001b[7m    PID    PPID USER      START  COMMAND\u001b[27m';
  return [title, `Tasks: ${list.length} total`, '', heading, ...lines].slice(0, rows);
}

/** Shows frames until `q` or Ctrl-C. */
async function repeat(
  ctx: CommandContext,
  {
    terminal,
    periodMs,
    frame,
  }: { terminal: Terminal; periodMs: number; frame: () => Promise<string[]> },
): Promise<void> {
  const decoder = new KeyDecoder();
  const stop = new AbortController();
  const quit = (async () => {
    for (;;) {
      const bytes = await ctx.task.race(terminal.input.read());
      const keys = bytes === null ? [] : decoder.push(bytes);
      const isQuit = keys.some((key) =>
        key.kind === 'name' ? key.name === 'ctrl-c' : key.kind === 'text' && key.text.includes('q'),
      );
      if (bytes === null || isQuit) return stop.abort();
    }
  })();
  quit.catch(() => stop.abort());
  while (!stop.signal.aborted) {
    const { columns } = terminal.size();
    const lines = (await frame()).map((line) => `${line.slice(0, columns + 9)}${clearToEnd}`);
    await terminal.output.write(`\u001b[H${lines.join('\r\n')}\u001b[J`);
    await sleep(ctx.host.scheduler, periodMs, stop.signal);
    await ctx.task.checkpoint();
  }
}

export const watch: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'n:dtc',
    long: { 'interval=': 'n', differences: 'd', 'no-title': 't' },
    usage: '[-n SECONDS] COMMAND\nRun COMMAND again and again and show its output.',
    stopsAtOperand: true,
  });
  if (typeof options === 'number') return options;
  const command = options.operands.join(' ');
  const seconds = Math.max(0.1, Number(options.value('n') ?? 2));
  const { terminal } = ctx.host;
  if (command === '') return report(ctx, 'say which command');
  if (terminal === undefined || !ctx.stdout.isTerminal) return report(ctx, 'needs a terminal');
  const frame = async () => {
    const chunks: string[] = [];
    const sink = {
      isTerminal: false,
      write: async (data: string | Uint8Array) =>
        void chunks.push(typeof data === 'string' ? data : new TextDecoder().decode(data)),
    };
    const invocation = { source: command, name: 'sh', positional: [], options: '', isScript: true };
    await ctx.runShell(invocation, { stdout: sink, stderr: sink });
    const title = `Every ${seconds.toFixed(1)}s: ${command}`;
    const lines = chunks.join('').split('\n');
    return [...(options.has('t') ? [] : [title, '']), ...lines].slice(0, terminal.size().rows - 1);
  };
  await onScreen(ctx, terminal, () => repeat(ctx, { terminal, periodMs: seconds * 1000, frame }));
  return 0;
};
