import type { CommandTable } from '../runtime/executables.ts';

/** The shell's own commands: those in daily use are there at once, the others load when first used. */
export const commandTable: CommandTable = new Map();
