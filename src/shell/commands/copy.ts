import type { FileSystem } from '../../base/file-system.ts';
import type { Command, CommandContext } from '../command.ts';
import { baseName, joinPath } from '../paths.ts';
import { attempt, missingOperand, openInput, openOutput, pathOf, report } from './support/files.ts';
import { type Options, readOptions } from './support/options.ts';

const chunkBytes = 1024 * 1024;

interface Sides {
  readonly sources: readonly string[];
  /** As given. */
  readonly target: string;
  readonly isFolder: boolean;
}

export const cp: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'rRafvnpit:uL',
    long: {
      recursive: 'r',
      archive: 'a',
      force: 'f',
      verbose: 'v',
      'no-clobber': 'n',
      preserve: 'p',
      interactive: 'i',
      'target-directory=': 't',
      update: 'u',
    },
    usage:
      '[OPTION]... SOURCE... DIRECTORY\nCopy SOURCE to DEST, or multiple SOURCEs to DIRECTORY.',
  });
  if (typeof options === 'number') return options;
  const sides = await readSides(ctx, options);
  if (typeof sides === 'number') return sides;
  let status = 0;
  for (const source of sides.sources) {
    if (!(await copyOperand(ctx, source, { sides, options }))) status = 1;
  }
  return status;
};

/** The operands of `cp` and `mv`; a number is the status of what is wrong with them. */
async function readSides(ctx: CommandContext, options: Options): Promise<Sides | number> {
  const given = options.value('t');
  const operands = given === undefined ? options.operands : [...options.operands, given];
  const [first] = operands;
  if (first === undefined) return missingOperand(ctx, 'missing file operand');
  const target = operands.at(-1) ?? '';
  if (operands.length < 2)
    return missingOperand(ctx, `missing destination file operand after '${first}'`);
  const stat = await ctx.host.files.stat(pathOf(ctx, target));
  const isFolder = stat?.kind === 'directory';
  if (!isFolder && 2 < operands.length) {
    const reason = stat === undefined ? 'No such file or directory' : 'Not a directory';
    return report(ctx, `target '${target}': ${reason}`);
  }
  if (stat === undefined && target.endsWith('/') && (await kindOf(ctx, first)) !== 'directory') {
    return report(ctx, `cannot create regular file '${target}': Not a directory`);
  }
  return { sources: operands.slice(0, -1), target, isFolder };
}

async function kindOf(ctx: CommandContext, name: string) {
  return (await ctx.host.files.stat(pathOf(ctx, name)))?.kind;
}

async function copyOperand(
  ctx: CommandContext,
  source: string,
  { sides, options }: { sides: Sides; options: Options },
): Promise<boolean> {
  if (pathOf(ctx, source).startsWith('/dev/')) return copyDevice(ctx, source, { sides, options });
  const stat = await ctx.host.files.stat(pathOf(ctx, source));
  if (stat === undefined) {
    await report(ctx, `cannot stat '${source}': No such file or directory`);
    return false;
  }
  const target = sides.isFolder ? joinPath(sides.target, baseName(source)) : sides.target;
  if (stat.kind === 'directory' && !options.has('r', 'R', 'a')) {
    await report(ctx, `-r not specified; omitting directory '${source}'`);
    return false;
  }
  if (pathOf(ctx, source) === pathOf(ctx, target)) {
    await report(ctx, `'${source}' and '${target}' are the same file`);
    return false;
  }
  if (
    stat.kind === 'directory' &&
    `${pathOf(ctx, target)}/`.startsWith(`${pathOf(ctx, source)}/`)
  ) {
    await report(ctx, `cannot copy a directory, '${source}', into itself, '${target}'`);
    return false;
  }
  if (options.has('n') && (await kindOf(ctx, target)) === 'file') return true;
  if (options.has('v')) await ctx.stdout.write(`'${source}' -> '${target}'\n`);
  return attempt(
    ctx,
    () => copyTree(ctx, pathOf(ctx, source), pathOf(ctx, target)),
    (message) =>
      `cannot create ${stat.kind === 'directory' ? 'directory' : 'regular file'} '${target}': ${message}`,
  );
}

/** `cp /dev/null file` empties a file. */
async function copyDevice(
  ctx: CommandContext,
  source: string,
  { sides, options }: { sides: Sides; options: Options },
): Promise<boolean> {
  const target = sides.isFolder ? joinPath(sides.target, baseName(source)) : sides.target;
  if (options.has('v')) await ctx.stdout.write(`'${source}' -> '${target}'\n`);
  return attempt(
    ctx,
    async () => {
      const input = await openInput(ctx, source);
      const output = await openOutput(ctx, target, 'truncate');
      for (
        let chunk = await input.source.read();
        chunk !== null;
        chunk = await input.source.read()
      ) {
        await output.sink.write(chunk);
      }
      await output.close();
      await input.close();
    },
    (message) => `cannot copy '${source}': ${message}`,
  );
}

async function copyTree(ctx: CommandContext, from: string, to: string): Promise<void> {
  const { files } = ctx.host;
  const stat = await files.stat(from);
  if (stat?.kind !== 'directory') {
    await copyFile(files, from, { files, path: to });
    if (stat !== undefined) await ctx.host.attributes?.setMode(to, stat.mode);
    return;
  }
  await files.makeDirectory(to);
  for (const { name } of await files.list(from)) {
    await ctx.task.checkpoint();
    await copyTree(ctx, joinPath(from, name), joinPath(to, name));
  }
}

/** Copies a file's bytes, chunk by chunk, also to another machine. Rejects with FileError. */
export async function copyFile(
  files: FileSystem,
  from: string,
  to: { readonly files: FileSystem; readonly path: string },
): Promise<number> {
  const source = await files.open(from);
  try {
    const target = to.files.create(to.path);
    let position = 0;
    try {
      while (position < source.sizeBytes) {
        const chunk = await source.read(position, chunkBytes);
        if (chunk.length === 0) break;
        target.write(position, [chunk]);
        position += chunk.length;
      }
    } finally {
      await target.close();
    }
    return position;
  } finally {
    await source.close();
  }
}

export const mv: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'fnvit:u',
    long: { force: 'f', 'no-clobber': 'n', verbose: 'v', 'target-directory=': 't' },
    usage:
      '[OPTION]... SOURCE... DIRECTORY\nRename SOURCE to DEST, or move SOURCE(s) to DIRECTORY.',
  });
  if (typeof options === 'number') return options;
  const sides = await readSides(ctx, options);
  if (typeof sides === 'number') return sides;
  let status = 0;
  for (const source of sides.sources) {
    const kind = await kindOf(ctx, source);
    if (kind === undefined) {
      status = await report(ctx, `cannot stat '${source}': No such file or directory`);
      continue;
    }
    const target = sides.isFolder ? joinPath(sides.target, baseName(source)) : sides.target;
    if (options.has('n') && (await kindOf(ctx, target)) !== undefined) continue;
    const isMoved = await attempt(
      ctx,
      () => ctx.host.files.rename(pathOf(ctx, source), pathOf(ctx, target)),
      (message) => `cannot move '${source}' to '${target}': ${message}`,
    );
    if (!isMoved) status = 1;
    else if (options.has('v')) await ctx.stdout.write(`renamed '${source}' -> '${target}'\n`);
  }
  return status;
};
