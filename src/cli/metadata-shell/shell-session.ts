import type { MetadataFolder } from './metadata-node.ts';
import { parseCommand } from './parse-command.ts';
import type { ShellState } from './shell-command.ts';
import { shellCommands } from './shell-commands.ts';

export interface ShellSessionOptions {
  readonly root: MetadataFolder;
  readonly isInteractive: boolean;
  readonly columns: number;
  readonly print: (line: string) => void;
}

/** The state of a metadata shell: where it is, what was typed. */
export class ShellSession implements ShellState {
  readonly root: MetadataFolder;
  readonly isInteractive: boolean;
  readonly columns: number;
  workingDirectory = '/';
  readonly #print: (line: string) => void;
  readonly #history: string[] = [];
  #hasExited = false;

  constructor({ root, isInteractive, columns, print }: ShellSessionOptions) {
    this.root = root;
    this.isInteractive = isInteractive;
    this.columns = columns;
    this.#print = print;
  }

  /** Of the lines that were run, oldest first. */
  get history(): readonly string[] {
    return this.#history;
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  exit(): void {
    this.#hasExited = true;
  }

  /** A line without its end. */
  print(line: string): void {
    this.#print(line);
  }

  /** Keeps a line as JLine does: not after a blank, not twice in a row. */
  remember(line: string): void {
    const isKept =
      line.trim() !== '' && !line.startsWith(' ') && this.#history.at(-1) !== line.trim();
    if (isKept) this.#history.push(line.trim());
  }

  /** Runs a command; what is wrong with it is printed. */
  run(words: readonly string[]): void {
    const available = shellCommands.filter((each) => this.isInteractive || !each.isInteractive);
    const parsed = parseCommand(available, words);
    if (parsed.kind === 'error') this.print(parsed.message);
    else if (parsed.kind === 'command') parsed.command.run({ session: this, args: parsed.args });
  }
}
