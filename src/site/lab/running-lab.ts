import type { CheckOptions, CheckResult, ExecResult } from '../../course/check.ts';
import type { Sandbox } from '../../runtime/provider.ts';

/** A lab that runs, as the page sees it. */
export interface RunningLab {
  readonly sandbox: Sandbox;
  readonly files: Sandbox['files'];
  readonly terminals: LabTerminals;
  exec(command: string, options?: ExecOptions): Promise<ExecResult>;
  check(stepId: string, options?: CheckOptions): Promise<CheckResult>;
  /** Rejects when a command of the solution fails. */
  solve(stepId: string): Promise<void>;
  catchUp(stepId: string): Promise<void>;
  reset(): Promise<void>;
  /** The same work on machines anew, such as under another provider. */
  restart(): Promise<void>;
  runInTerminal(command: TerminalCommand): void;
  openFile(machine: string, path: string): Promise<void>;
}

export interface LabTerminals {
  type(id: string, text: string): void;
  screen(id: string): string;
  setScreenReader(isOn: boolean): void;
}

export interface ExecOptions {
  readonly machine?: string | undefined;
  readonly cwd?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly timeoutMs?: number | undefined;
}

export interface TerminalCommand {
  readonly machine: string;
  /** Which terminal of the machine, from 1. */
  readonly terminal: number;
  readonly command: string;
  readonly interrupt: boolean;
}
