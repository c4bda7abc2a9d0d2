import type { Builtin } from './builtin.ts';

const table = new Map<string, Builtin>();

/** Filled once by the shell's entry, so that builtins that run others import no cycle. */
export function registerBuiltins(builtins: Readonly<Record<string, Builtin>>): void {
  for (const [name, builtin] of Object.entries(builtins)) table.set(name, builtin);
}

export function findBuiltin(name: string): Builtin | undefined {
  return table.get(name);
}

export function builtinNames(): readonly string[] {
  return [...table.keys()];
}
