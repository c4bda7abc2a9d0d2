import type { SolutionCommand } from './lesson.ts';

export type { SolutionCommand } from './lesson.ts';

/** A solution's short form is a command line on the first machine. Apart from the schema, so that a page loads no zod. */
export function toSolutionCommand(command: string | SolutionCommand): SolutionCommand {
  return typeof command === 'string' ? { run: command } : command;
}
