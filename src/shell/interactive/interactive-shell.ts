import { readFile } from '../../base/file-system.ts';
import type { Signal } from '../../base/program.ts';
import { reportJobs } from '../builtins/job-control.ts';
import { needsMoreInput } from '../language/parser.ts';
import { resolvePath } from '../paths.ts';
import { ShellExit } from '../runtime/control-flow.ts';
import type { Environment } from '../runtime/environment.ts';
import { statusOfControlFlow } from '../runtime/subshell.ts';
import { Task } from '../runtime/task.ts';
import type { ShellArguments } from '../shell-arguments.ts';
import type { Terminal } from '../shell-host.ts';
import { completeWord } from './completion.ts';
import { expandHistory, loadHistory, rememberLine } from './history-file.ts';
import { type Key, KeyDecoder } from './key-decoder.ts';
import { type EditOutcome, LineEditor } from './line-editor.ts';
import { defaultPrompt, machineColor, renderPrompt } from './prompt.ts';

/** Runs an interactive shell on the host's terminal until `exit` or Ctrl-D; answers its status. */
export async function runInteractive(env: Environment, args: ShellArguments): Promise<number> {
  const { terminal } = env.host;
  if (terminal === undefined) return 1;
  env.options.monitor = true;
  env.variables.set('PS1', defaultPrompt.replace('3@', `3${machineColor(env.host.hostname)}`));
  env.variables.set('PS2', '> ');
  env.variables.set('PS4', '+ ');
  env.aliases.set('ll', 'ls -l --color=auto');
  env.aliases.set('grep', 'grep --color=auto');
  await loadHistory(env);
  const shell = new InteractiveShell(env, terminal);
  const link = env.host.onSignal((signal) => shell.signal(signal));
  try {
    await shell.runStartup(
      args.isLogin ? ['/etc/profile', '~/.bash_profile', '~/.bashrc'] : ['~/.bashrc'],
    );
    if (args.command !== undefined) await shell.runLine(args.command);
    return await shell.run();
  } finally {
    link.dispose();
    terminal.setMode('cooked');
    for (const job of env.session.jobs.list()) {
      if (job.state !== 'done' && !job.isDisowned) job.task.signal('SIGHUP');
    }
  }
}

class InteractiveShell {
  readonly #env: Environment;
  readonly #terminal: Terminal;
  readonly #keys: Key[] = [];
  readonly #decoder = new KeyDecoder();
  #status: number | undefined;
  #endsWarned = false;

  constructor(env: Environment, terminal: Terminal) {
    this.#env = env;
    this.#terminal = terminal;
  }

  /** From the terminal while no program is in the foreground, or from `kill`. */
  signal(signal: Signal): void {
    if (signal === 'SIGHUP' || signal === 'SIGKILL') this.#status ??= 129;
    // As bash does, an interactive shell itself ignores SIGTERM, SIGQUIT and SIGTSTP.
    if (signal === 'SIGTERM' || signal === 'SIGQUIT') return;
    this.#env.task.signal(signal);
  }

  async runStartup(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      const home = this.#env.variables.get('HOME') ?? '/';
      const file = resolvePath('/', path.replace(/^~/, home));
      if ((await this.#env.host.files.stat(file))?.kind !== 'file') continue;
      await this.runLine(new TextDecoder().decode(await readFile(this.#env.host.files, file)));
    }
  }

  async run(): Promise<number> {
    while (this.#status === undefined) {
      await reportJobs(this.#env);
      const source = await this.#readCommand();
      if (source === 'end') await this.#endOfInput();
      else if (source !== undefined) await this.runLine(source);
    }
    const action = this.#env.traps.get('EXIT');
    if (action !== undefined) {
      this.#env.traps.delete('EXIT');
      await this.runLine(action);
    }
    return this.#status;
  }

  async #endOfInput(): Promise<void> {
    const hasStopped = this.#env.session.jobs.list().some(({ state }) => state === 'stopped');
    if (hasStopped && !this.#endsWarned) {
      this.#endsWarned = true;
      await this.#env.files.stderr.write('exit\nThere are stopped jobs.\n');
      return;
    }
    await this.#env.files.stderr.write('exit\n');
    this.#status = this.#env.lastStatus;
  }

  /** Runs text as typed: whatever goes wrong in it gives the prompt back. */
  async runLine(source: string): Promise<void> {
    const env = this.#env;
    const task = new Task(env.host);
    // Ctrl-Z stops the job, not the shell.
    const ignore = task.onSignal('SIGTSTP', () => undefined);
    env.moveTo(task);
    env.line = 1;
    try {
      await env.session.runSource(env, source);
    } catch (error) {
      const status = statusOfControlFlow(error);
      if (status === undefined) throw error;
      env.lastStatus = status;
      if (error instanceof ShellExit && !error.isFailure) this.#status = status;
      else if (status === 130) await env.files.stderr.write('\n');
    } finally {
      ignore.dispose();
      env.loopDepth = 0;
      env.conditionDepth = 0;
      this.#terminal.setForeground('shell');
    }
  }

  /** Lines until they are a complete command. */
  async #readCommand(): Promise<string | 'end' | undefined> {
    const env = this.#env;
    let source = '';
    for (;;) {
      const template = env.variables.get(source === '' ? 'PS1' : 'PS2') ?? '$ ';
      const outcome = await this.#editLine(renderPrompt(env, template));
      if (outcome.kind === 'interrupt') {
        env.lastStatus = 130;
        return undefined;
      }
      if (outcome.kind === 'end') return source === '' ? 'end' : source;
      const line = await this.#expandLine(outcome.text);
      if (line === undefined) return undefined;
      source += `${line}\n`;
      if (!needsMoreInput(source, env.aliases)) break;
    }
    await rememberLine(env, source);
    return source;
  }

  async #expandLine(text: string): Promise<string | undefined> {
    const expanded = expandHistory(text, this.#env.session.history);
    if (expanded === undefined) {
      const event = /!\S*/.exec(text)?.[0] ?? '!';
      await this.#env.files.stderr.write(`bash: ${event}: event not found\n`);
    } else if (expanded !== text) await this.#env.files.stderr.write(`${expanded}\n`);
    return expanded;
  }

  async #editLine(prompt: string): Promise<EditOutcome> {
    const env = this.#env;
    this.#terminal.setMode('raw');
    const editor = new LineEditor(
      {
        output: this.#terminal.output,
        columns: () => this.#terminal.size().columns,
        complete: (before) => completeWord(env, before),
        history: env.session.history,
      },
      prompt,
    );
    const resized = this.#terminal.onResize(() => void editor.redraw());
    try {
      await this.#terminal.output.write('\u001b[?2004h');
      await editor.start();
      return await this.#feed(editor);
    } finally {
      resized.dispose();
      await this.#terminal.output.write('\u001b[?2004l');
      this.#terminal.setMode('cooked');
    }
  }

  async #feed(editor: LineEditor): Promise<EditOutcome> {
    for (;;) {
      const key = this.#keys.shift() ?? (await this.#nextKey());
      if (key === undefined) return { kind: 'end' };
      for (const piece of splitPaste(key)) {
        const outcome = await editor.handle(piece);
        if (outcome === undefined) continue;
        return outcome;
      }
    }
  }

  async #nextKey(): Promise<Key | undefined> {
    while (this.#keys.length === 0) {
      const bytes = await this.#env.files.stdin.read();
      if (bytes === null) {
        this.#status = this.#env.lastStatus;
        return undefined;
      }
      this.#keys.push(...this.#decoder.push(bytes));
    }
    return this.#keys.shift();
  }
}

/** Tabs in a paste are blanks, not completions. */
function splitPaste(key: Key): Key[] {
  if (key.kind !== 'paste') return [key];
  return [{ kind: 'text', text: key.text.replaceAll('\t', '    ').replace(/\n$/, '') }];
}
