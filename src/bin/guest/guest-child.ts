import { type ChildProcess as NodeChild, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { type Disposable, toDisposable } from '../../base/disposable.ts';
import { FileError } from '../../base/file-system.ts';
import {
  BrokenPipeError,
  type ByteSink,
  type ByteSource,
  type ExitCode,
  type Signal,
} from '../../base/program.ts';
import type { ChildProcess, SpawnCommand } from '../../shell/shell-host.ts';
import type { GuestCommand } from './guest-machine.ts';
import type { GuestTerminal } from './guest-terminal.ts';

/** Tools that read their input; the others must not take what belongs to the shell's loop. */
const readsInput = /^(bash|kafka-console-producer\.sh)$/;
const brokenPipeExitCode = 141;

/** A program in a process of the container's Node. */
export class GuestChild implements ChildProcess {
  readonly pid: number;
  readonly exit: Promise<ExitCode>;
  readonly #child: NodeChild;
  readonly #stateHandlers = new Set<(state: 'stopped' | 'running') => void>();
  #isBroken = false;

  /** Rejects with FileError when it cannot be started. */
  static start(
    guest: GuestCommand,
    command: SpawnCommand,
    terminal: GuestTerminal | undefined,
  ): Promise<GuestChild> {
    const { file, args, cwd, env, program } = guest;
    const takesInput = program === undefined || readsInput.test(program);
    const stdio: ('pipe' | 'ignore')[] = [takesInput ? 'pipe' : 'ignore', 'pipe', 'pipe'];
    const child = spawn(file, args, { cwd, env, stdio });
    return new Promise((resolve, reject) => {
      child.once('error', (cause) =>
        reject(new FileError('ENOENT', command.path, cause.message, { cause })),
      );
      child.once('spawn', () => resolve(new GuestChild(child, command, terminal)));
    });
  }

  private constructor(
    child: NodeChild,
    command: SpawnCommand,
    terminal: GuestTerminal | undefined,
  ) {
    this.#child = child;
    this.pid = child.pid ?? 0;
    const group = command.processGroup ?? this.pid;
    const membership = terminal?.join(group, (signal) => this.signal(signal));
    const isOnTerminal = terminal !== undefined && command.stdin === terminal.input;
    void this.#feed(isOnTerminal ? terminal.inputOf(group) : command.stdin);
    this.exit = this.#finish(command, membership);
  }

  signal(signal: Signal): void {
    if (signal === 'SIGTSTP') {
      this.#child.kill('SIGSTOP');
      this.#changed('stopped');
      return;
    }
    this.#child.kill(signal);
    if (signal === 'SIGCONT') this.#changed('running');
  }

  onStateChange(handler: (state: 'stopped' | 'running') => void): Disposable {
    this.#stateHandlers.add(handler);
    return toDisposable(() => this.#stateHandlers.delete(handler));
  }

  #changed(state: 'stopped' | 'running'): void {
    for (const handler of [...this.#stateHandlers]) handler(state);
  }

  async #feed(source: ByteSource): Promise<void> {
    const { stdin } = this.#child;
    if (stdin === null) return;
    stdin.on('error', () => {});
    while (this.#child.exitCode === null && !stdin.destroyed) {
      const bytes = await source.read();
      if (bytes === null) break;
      await new Promise<void>((resolve) => stdin.write(bytes, () => resolve()));
    }
    stdin.end();
  }

  async #finish(command: SpawnCommand, membership: Disposable | undefined): Promise<ExitCode> {
    const ended = new Promise<ExitCode>((resolve) => {
      this.#child.once('exit', (code, signal) =>
        resolve(code ?? 128 + (constants.signals[signal ?? 'SIGKILL'] ?? 9)),
      );
    });
    const { stdout, stderr } = this.#child;
    const [code] = await Promise.all([
      ended,
      this.#pass(stdout, command.stdout),
      this.#pass(stderr, command.stderr),
    ]);
    membership?.dispose();
    return this.#isBroken ? brokenPipeExitCode : code;
  }

  async #pass(stream: AsyncIterable<Uint8Array> | null, sink: ByteSink): Promise<void> {
    try {
      for await (const chunk of stream ?? []) await sink.write(chunk);
    } catch (error) {
      if (!(error instanceof BrokenPipeError)) throw error;
      this.#isBroken = true;
      this.#child.kill('SIGKILL');
    }
  }
}
