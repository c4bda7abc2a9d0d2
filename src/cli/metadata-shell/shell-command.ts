import type { ArgparsePositional } from '../parsers/argparse-spec.ts';
import type { MetadataFolder } from './metadata-node.ts';

/** What a command sees of the shell that runs it. */
export interface ShellState {
  readonly root: MetadataFolder;
  /** Of the terminal; 0 where there is none: then `ls` prints one name a line. */
  readonly columns: number;
  /** Of the lines that were run, oldest first. */
  readonly history: readonly string[];
  workingDirectory: string;
  /** A line without its end. */
  print(line: string): void;
  exit(): void;
}

export interface ShellCommandCall {
  readonly session: ShellState;
  readonly args: readonly string[];
}

/** A command of the metadata shell. */
export interface ShellCommand {
  readonly name: string;
  readonly description: string;
  /** Only where there is a prompt. */
  readonly isInteractive: boolean;
  readonly argument?: ArgparsePositional;
  readonly run: (call: ShellCommandCall) => void;
}
