/** One command of a solution. */
export interface SolutionCommand {
  readonly run: string;
  /** Default: the lesson's first machine. */
  readonly machine?: string | undefined;
  readonly timeoutMs?: number | undefined;
}

/** A solution's short form is a command line on the first machine. Apart from the schema, so that a page loads no zod. */
export function toSolutionCommand(command: string | SolutionCommand): SolutionCommand {
  return typeof command === 'string' ? { run: command } : command;
}
