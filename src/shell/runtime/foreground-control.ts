import type { Terminal } from '../shell-host.ts';

/** Hands the terminal to the programs of one job while they run, and takes it back after the last. */
export class ForegroundControl {
  readonly #terminal: Terminal | undefined;
  #isForeground: boolean;
  #group: number | undefined;
  #running = 0;

  constructor(terminal: Terminal | undefined, isForeground: boolean) {
    this.#terminal = terminal;
    this.#isForeground = isForeground;
  }

  /** The group that the job's next program joins; undefined: it leads one. */
  get group(): number | undefined {
    return this.#group;
  }

  get isForeground(): boolean {
    return this.#isForeground;
  }

  started(pid: number): void {
    this.#running++;
    this.#group ??= pid;
    if (this.#isForeground) this.#terminal?.setForeground(this.#group);
  }

  ended(): void {
    this.#running--;
    if (0 < this.#running) return;
    this.#group = undefined;
    if (this.#isForeground) this.#terminal?.setForeground('shell');
  }

  /** Ctrl-Z or `bg`: the shell has the terminal again. */
  leaveForeground(): void {
    this.#isForeground = false;
    this.#terminal?.setForeground('shell');
  }

  /** `fg`. */
  enterForeground(): void {
    this.#isForeground = true;
    if (this.#group !== undefined) this.#terminal?.setForeground(this.#group);
  }
}
