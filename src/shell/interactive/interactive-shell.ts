import type { Environment } from '../runtime/environment.ts';
import type { ShellArguments } from '../shell-arguments.ts';

export async function runInteractive(env: Environment, _args: ShellArguments): Promise<number> {
  await env.complain('no');
  return 1;
}
