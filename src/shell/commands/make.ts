import type { Command, CommandContext } from '../command.ts';
import { directoryName } from '../paths.ts';
import { attempt, missingOperand, pathOf, report } from './support/files.ts';
import { changeMode } from './support/mode-text.ts';
import { readOptions } from './support/options.ts';
import { parseDate } from './support/parse-date.ts';
import { listTree } from './support/tree.ts';

export const mkdir: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'pvm:',
    long: { parents: 'p', verbose: 'v', 'mode=': 'm' },
    usage:
      '[OPTION]... DIRECTORY...\nCreate the DIRECTORY(ies), if they do not already exist.\n  -p no error if existing, make parent directories as needed',
  });
  if (typeof options === 'number') return options;
  if (options.operands.length === 0) return missingOperand(ctx);
  let status = 0;
  for (const name of options.operands) {
    const reason = await whyNotMade(ctx, name, options.has('p'));
    if (reason !== undefined) {
      status = await report(ctx, `cannot create directory ‘${name}’: ${reason}`);
      continue;
    }
    const isMade = await attempt(
      ctx,
      () => ctx.host.files.makeDirectory(pathOf(ctx, name)),
      (message) => `cannot create directory ‘${name}’: ${message}`,
    );
    if (!isMade) status = 1;
    else if (options.has('v')) await ctx.stdout.write(`mkdir: created directory '${name}'\n`);
  }
  return status;
};

async function whyNotMade(
  ctx: CommandContext,
  name: string,
  hasParents: boolean,
): Promise<string | undefined> {
  const path = pathOf(ctx, name);
  const stat = await ctx.host.files.stat(path);
  if (stat !== undefined)
    return hasParents && stat.kind === 'directory' ? undefined : 'File exists';
  const parent = await ctx.host.files.stat(directoryName(path));
  if (parent === undefined) return hasParents ? undefined : 'No such file or directory';
  return parent.kind === 'directory' ? undefined : 'Not a directory';
}

export const touch: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'cd:t:amr:',
    long: { 'no-create': 'c', 'date=': 'd', 'reference=': 'r' },
    usage:
      '[OPTION]... FILE...\nUpdate the modification time of each FILE to the current time; create what is not there.',
  });
  if (typeof options === 'number') return options;
  if (options.operands.length === 0) return missingOperand(ctx, 'missing file operand');
  const { files, clock, attributes } = ctx.host;
  const written = options.value('d');
  const atMs = written === undefined ? clock.nowMs() : parseDate(written, clock.nowMs());
  if (atMs === undefined) return report(ctx, `invalid date format ‘${written}’`);
  let status = 0;
  for (const name of options.operands) {
    const path = pathOf(ctx, name);
    const isThere = (await files.stat(path)) !== undefined;
    if (!isThere && options.has('c')) continue;
    const isDone = await attempt(
      ctx,
      async () => {
        if (!isThere) await files.create(path).close();
        if (isThere || written !== undefined) await attributes?.setModifiedAtMs(path, atMs);
      },
      (message) => `cannot touch '${name}': ${message}`,
    );
    if (!isDone) status = 1;
  }
  return status;
};

export const chmod: Command = async (ctx) => {
  const { attributes } = ctx.host;
  const isRecursive = ctx.args.some((arg) => /^-[vf]*R|^--recursive$/.test(arg));
  const [mode, ...names] = ctx.args.filter((arg) => !/^-[Rvf]+$|^--recursive$/.test(arg));
  if (mode === undefined) return missingOperand(ctx);
  if (names.length === 0) return missingOperand(ctx, `missing operand after '${mode}'`);
  if (changeMode(mode, 0) === undefined) return missingOperand(ctx, `invalid mode: ‘${mode}’`);
  if (attributes === undefined) return report(ctx, 'this machine keeps no modes');
  let status = 0;
  const change = async (name: string) => {
    const stat = await ctx.host.files.stat(pathOf(ctx, name));
    if (stat === undefined)
      status = await report(ctx, `cannot access '${name}': No such file or directory`);
    else
      await attributes.setMode(pathOf(ctx, name), changeMode(mode, stat.mode & 0o777) ?? stat.mode);
  };
  for (const name of names) {
    await change(name);
    const stat = await ctx.host.files.stat(pathOf(ctx, name));
    if (!isRecursive || stat?.kind !== 'directory') continue;
    for await (const file of listTree(ctx, name)) await change(file);
  }
  return status;
};
