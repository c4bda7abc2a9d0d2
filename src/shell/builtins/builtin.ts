import type { Environment } from '../runtime/environment.ts';

export interface BuiltinCall {
  readonly env: Environment;
  /** As typed. */
  readonly name: string;
  readonly args: readonly string[];
}

/** A command that must run inside the shell, since it changes it. Answers the status. */
export type Builtin = (call: BuiltinCall) => number | Promise<number>;

export async function print({ env }: BuiltinCall, text: string): Promise<number> {
  if (text !== '') await env.files.stdout.write(text);
  return 0;
}

/** `bash: cd: message`. */
export async function fail(
  { env, name }: BuiltinCall,
  message: string,
  status = 1,
): Promise<number> {
  await env.complain(`${name}: ${message}`);
  return status;
}

export function isIdentifier(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text);
}
