import type { SolutionCommand } from '../../course/solution.ts';

/** A solution as a reader sees it; with several machines a comment says where the lines below it run. */
export function solutionText(
  commands: readonly SolutionCommand[],
  machines: readonly string[],
): string {
  const lines: string[] = [];
  let current = '';
  for (const { run, machine = machines[0] ?? '' } of commands) {
    if (1 < machines.length && machine !== current) lines.push(`# ${machine}`);
    current = machine;
    lines.push(run.trim());
  }
  return lines.join('\n');
}
