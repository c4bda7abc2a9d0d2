import type { Program } from '../base/program.ts';
import { programs as kafkaPrograms } from '../cli/programs.ts';

/** A program by the name that its executable file gives; each is a chunk of its own, loaded when it is started. */
export type ProgramRegistry = ReadonlyMap<string, () => Promise<Program>>;

/** The programs of the lab. */
export const programs: ProgramRegistry = new Map([
  ...Object.entries(kafkaPrograms),
  ['bash', loadShell],
  ['sh', loadShell],
  [
    'cluster-watcher',
    async () => (await import('./watcher/cluster-watcher-program.ts')).clusterWatcher,
  ],
  ['lab', async () => (await import('./lab-program.ts')).lab],
]);

async function loadShell(): Promise<Program> {
  return (await import('./shell-program.ts')).shell;
}
