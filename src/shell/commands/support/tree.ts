import type { DirectoryEntry } from '../../../base/file-system.ts';
import type { CommandContext } from '../../command.ts';
import { errorMessage } from '../../file-messages.ts';
import { joinPath } from '../../paths.ts';
import { pathOf, report } from './files.ts';

/** Files below a folder, folder by folder, names in order. Folders that cannot be read are reported. */
export async function* listTree(ctx: CommandContext, folder: string): AsyncGenerator<string> {
  for (const entry of await listFolder(ctx, folder)) {
    if (ctx.task.isCheckpointDue) await ctx.task.checkpoint();
    const path = joinPath(folder, entry.name);
    if (entry.kind === 'directory') yield* listTree(ctx, path);
    else yield path;
  }
}

export async function listFolder(
  ctx: CommandContext,
  folder: string,
): Promise<readonly DirectoryEntry[]> {
  try {
    return await ctx.host.files.list(pathOf(ctx, folder));
  } catch (error) {
    const message = errorMessage(error);
    if (message === undefined) throw error;
    await report(ctx, `${folder}: ${message}`);
    return [];
  }
}
