import { BrokenPipeError, type Program } from '../../base/program.ts';
import type { ProcessContext } from './process-context.ts';

const brokenPipeExitCode = 141;
const failureExitCode = 1;

/** Runs a program to its end and tells the kernel how it ended. */
export async function runProgram(
  context: ProcessContext,
  load: () => Promise<Program>,
): Promise<void> {
  const exitCode = await exitCodeOf(context, load);
  await Promise.all([context.stdout.drained(), context.stderr.drained()]);
  context.exit(exitCode);
}

async function exitCodeOf(context: ProcessContext, load: () => Promise<Program>): Promise<number> {
  try {
    const program = await load();
    return await program.run(context);
  } catch (error) {
    if (error instanceof BrokenPipeError) return brokenPipeExitCode;
    const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
    await context.stderr.write(`${shown}\n`).catch(() => {});
    return failureExitCode;
  }
}
