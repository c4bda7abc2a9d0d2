import type { Signal } from '../../base/program.ts';
import type { CheckOptions, CheckResult, ExecResult } from '../../course/check.ts';
import type { LinkOptions } from '../../runtime/provider.ts';
import type { ExecOptions, RunningLab, TerminalCommand } from '../lab/running-lab.ts';
import type { LessonContext } from './lesson-context.ts';

/**
 * `window.lab`: the lab for authors, tests and the curious. It is there before the lab is; what needs
 * a running lab starts it. Documented on `/<lang>/lab/`.
 */
export class LabHandle {
  /** Resolves when machines and terminals are up. */
  readonly ready: Promise<void>;
  readonly machines: string[];
  readonly files = {
    read: async (machine: string, path: string) => (await this.#app()).files.read(machine, path),
    write: async (machine: string, path: string, content: string | Uint8Array) =>
      (await this.#app()).files.write(machine, path, content),
  };
  readonly network = {
    cut: async (a: string, b: string, options?: LinkOptions) =>
      (await this.#app()).sandbox.network.cut(a, b, options),
    isolate: async (machine: string) => (await this.#app()).sandbox.network.isolate(machine),
    heal: async (machine?: string, other?: string) =>
      (await this.#app()).sandbox.network.heal(machine, other),
    delay: async (a: string, b: string, delayMs: number, options?: LinkOptions) =>
      (await this.#app()).sandbox.network.delay(a, b, delayMs, options),
    faults: async () => (await this.#app()).sandbox.network.faults(),
  };
  readonly #context: LessonContext;
  #markReady: () => void = () => undefined;
  #starting: Promise<RunningLab> | undefined;
  #running: RunningLab | undefined;

  constructor(context: LessonContext) {
    this.#context = context;
    this.machines = [...context.lesson.lab.machines];
    this.ready = new Promise((resolve) => {
      this.#markReady = resolve;
    });
  }

  get provider(): 'in-tab' | 'webcontainer' {
    return this.#running?.sandbox.kind ?? this.#context.lesson.lab.runtime;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  async start(): Promise<void> {
    await this.#app();
  }

  async exec(command: string, options: ExecOptions = {}): Promise<ExecResult> {
    return (await this.#app()).exec(command, options);
  }

  async type(terminalId: string, text: string): Promise<void> {
    (await this.#app()).terminals.type(terminalId, text);
  }

  /** All that the terminal shows, with what has scrolled out of it; '' before the lab runs. */
  screen(terminalId: string): string {
    return this.#running?.terminals.screen(terminalId) ?? '';
  }

  async kill(machine: string, pid: number, signal: Signal = 'SIGTERM'): Promise<void> {
    await (await this.#app()).sandbox.kill(machine, pid, signal);
  }

  async fetch(machine: string, port: number, path: string, init?: RequestInit): Promise<Response> {
    return (await this.#app()).sandbox.fetch(machine, port, path, init);
  }

  async check(stepId: string, options?: CheckOptions): Promise<CheckResult> {
    return (await this.#app()).check(stepId, options);
  }

  async solve(stepId: string): Promise<void> {
    await (await this.#app()).solve(stepId);
  }

  /** Solves what is missing of the steps before this one. */
  async catchUp(stepId: string): Promise<void> {
    await (await this.#app()).catchUp(stepId);
  }

  async reset(): Promise<void> {
    await (await this.#app()).reset();
  }

  async runInTerminal(command: TerminalCommand): Promise<void> {
    (await this.#app()).runInTerminal(command);
  }

  async openFile(machine: string, path: string): Promise<void> {
    await (await this.#app()).openFile(machine, path);
  }

  #app(): Promise<RunningLab> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  async #start(): Promise<RunningLab> {
    document.dispatchEvent(new CustomEvent('lab:starting'));
    try {
      const { startLab } = await import('../lab/lab-app.ts');
      const app = await startLab(this.#context);
      this.#running = app;
      document.dispatchEvent(new CustomEvent('lab:started'));
      this.#markReady();
      return app;
    } catch (error) {
      this.#starting = undefined;
      const reason = error instanceof Error ? error.message : String(error);
      document.dispatchEvent(new CustomEvent('lab:failed', { detail: reason }));
      throw error;
    }
  }
}
