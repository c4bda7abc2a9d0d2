import { BrokenPipeError } from '../../base/program.ts';
import type { Command } from '../language/syntax.ts';
import { FunctionReturn, LoopExit, ShellExit } from './control-flow.ts';
import type { Environment } from './environment.ts';
import { brokenPipeStatus, statusOfSignal } from './signals.ts';
import { KilledBySignal } from './task.ts';

/** Runs a tree in its own environment to the end of that environment, EXIT trap and files included. */
export async function runSubshell(env: Environment, body: Command): Promise<number> {
  return await endEnvironment(env, () => env.session.execute(env, body));
}

/** Runs what an environment is for and ends it; answers the status that a process would have. */
export async function endEnvironment(
  env: Environment,
  run: () => Promise<number>,
): Promise<number> {
  try {
    env.lastStatus = await statusOf(run);
    const action = env.traps.get('EXIT');
    if (action !== undefined && action !== '') {
      env.traps.delete('EXIT');
      const status = env.lastStatus;
      await statusOf(async () => {
        await env.session.runSource(env, action);
        return 0;
      }).then((trapStatus) => {
        env.lastStatus = trapStatus === 0 ? status : trapStatus;
      });
    }
    return env.lastStatus;
  } finally {
    await env.files.closeAll();
  }
}

async function statusOf(run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    const status = statusOfControlFlow(error);
    if (status === undefined) throw error;
    return status;
  }
}

/** The status with which control flow ends an environment; undefined for other errors. */
export function statusOfControlFlow(error: unknown): number | undefined {
  if (error instanceof ShellExit || error instanceof FunctionReturn) return error.status;
  if (error instanceof KilledBySignal) return statusOfSignal(error.signal);
  if (error instanceof BrokenPipeError) return brokenPipeStatus;
  return error instanceof LoopExit ? 0 : undefined;
}
