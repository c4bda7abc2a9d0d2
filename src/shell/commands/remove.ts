import type { Command, CommandContext } from '../command.ts';
import { joinPath } from '../paths.ts';
import { attempt, missingOperand, pathOf, report } from './support/files.ts';
import { type Options, readOptions } from './support/options.ts';

export const rm: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'rRfvidI',
    long: {
      recursive: 'r',
      force: 'f',
      verbose: 'v',
      dir: 'd',
      'no-preserve-root': 'x',
      interactive: 'i',
    },
    usage:
      '[OPTION]... [FILE]...\nRemove (unlink) the FILE(s).\n  -f ignore what is not there  -r folders and what is in them  -v say what is done',
  });
  if (typeof options === 'number') return options;
  if (options.operands.length === 0) return options.has('f') ? 0 : missingOperand(ctx);
  let status = 0;
  for (const name of options.operands) {
    if (!(await removeOperand(ctx, name, options))) status = 1;
  }
  return status;
};

async function removeOperand(
  ctx: CommandContext,
  name: string,
  options: Options,
): Promise<boolean> {
  const path = pathOf(ctx, name);
  const stat = await ctx.host.files.stat(path);
  if (stat === undefined) {
    if (options.has('f')) return true;
    await report(ctx, `cannot remove '${name}': No such file or directory`);
    return false;
  }
  if (path === '/') {
    await report(ctx, "it is dangerous to operate recursively on '/'");
    return false;
  }
  const isFolder = stat.kind === 'directory';
  if (isFolder && !options.has('r', 'R')) {
    await report(ctx, `cannot remove '${name}': Is a directory`);
    return false;
  }
  if (isFolder && `${ctx.cwd}/`.startsWith(`${path}/`) && /(^|\/)\.\.?\/?$/.test(name)) {
    await report(ctx, `refusing to remove '.' or '..' directory: skipping '${name}'`);
    return false;
  }
  if (options.has('v')) await announce(ctx, name, isFolder);
  return attempt(
    ctx,
    () => ctx.host.files.remove(path),
    (message) => `cannot remove '${name}': ${message}`,
  );
}

async function announce(ctx: CommandContext, name: string, isFolder: boolean): Promise<void> {
  if (isFolder) {
    for (const entry of await ctx.host.files.list(pathOf(ctx, name))) {
      await announce(ctx, joinPath(name, entry.name), entry.kind === 'directory');
    }
  }
  await ctx.stdout.write(isFolder ? `removed directory '${name}'\n` : `removed '${name}'\n`);
}

export const rmdir: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'pv',
    long: { parents: 'p', verbose: 'v' },
    usage: '[OPTION]... DIRECTORY...\nRemove the DIRECTORY(ies), if they are empty.',
  });
  if (typeof options === 'number') return options;
  if (options.operands.length === 0) return missingOperand(ctx);
  let status = 0;
  for (const name of options.operands) {
    const reason = await whyNotEmpty(ctx, name);
    if (reason !== undefined) status = await report(ctx, `failed to remove '${name}': ${reason}`);
    else await ctx.host.files.remove(pathOf(ctx, name));
  }
  return status;
};

async function whyNotEmpty(ctx: CommandContext, name: string): Promise<string | undefined> {
  const path = pathOf(ctx, name);
  const stat = await ctx.host.files.stat(path);
  if (stat === undefined) return 'No such file or directory';
  if (stat.kind !== 'directory') return 'Not a directory';
  return (await ctx.host.files.list(path)).length === 0 ? undefined : 'Directory not empty';
}
