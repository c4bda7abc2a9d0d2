import type { FileSystem } from '../../base/file-system.ts';
import { NetworkError } from '../../base/network.ts';
import type { Command, CommandContext } from '../command.ts';
import { errorMessage } from '../file-messages.ts';
import { baseName, joinPath, resolvePath } from '../paths.ts';
import { copyFile } from './copy.ts';
import { pathOf, report } from './support/files.ts';
import { readOptions } from './support/options.ts';

/** A shell on another machine of the lab. Simplified: no keys and passwords: the machines trust each other. */
export const ssh: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'p:l:i:o:tTnNqvfCX46',
    usage: '[user@]host [command]\nRun a shell, or a command, on another machine of the lab.',
    stopsAtOperand: true,
  });
  if (typeof options === 'number') return options === 0 ? 0 : 255;
  const [target, ...words] = options.operands;
  if (target === undefined) {
    await ctx.stderr.write('usage: ssh [user@]host [command [argument ...]]\n');
    return 255;
  }
  const machine = target.replace(/^[^@]*@/, '');
  const argv = words.length === 0 ? ['bash', '-l'] : ['bash', '-c', words.join(' ')];
  try {
    const child = await ctx.host.machines.spawn(machine, {
      path: '/bin/bash',
      argv,
      env: pickTerminal(ctx.env),
      cwd: `/home/${ctx.host.user}`,
      stdin: ctx.rawInput,
      stdout: ctx.rawOutput,
      stderr: ctx.rawErrors,
    });
    return await ctx.waitFor(child);
  } catch (error) {
    return failure(ctx, machine, error);
  }
};

function pickTerminal(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => name === 'TERM' || name === 'LANG'),
  );
}

async function failure(ctx: CommandContext, machine: string, error: unknown): Promise<number> {
  const message = errorMessage(error);
  if (message === undefined) throw error;
  if (error instanceof NetworkError && error.code === 'ENOTFOUND') {
    return await report(ctx, `Could not resolve hostname ${machine}: ${message}`, 255);
  }
  return report(ctx, `connect to host ${machine} port 22: ${message}`, 255);
}

interface Place {
  readonly files: FileSystem;
  readonly path: string;
}

export const scp: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'rpqvCP:i:o:',
    usage:
      '[-r] SOURCE... TARGET\nCopy files between machines; a name on another machine is written machine:path.',
  });
  if (typeof options === 'number') return options;
  const target = options.operands.at(-1);
  const sources = options.operands.slice(0, -1);
  if (target === undefined || sources.length === 0) {
    await ctx.stderr.write('usage: scp [-r] source ... target\n');
    return 1;
  }
  try {
    const to = await placeOf(ctx, target);
    const isFolder = (await to.files.stat(to.path))?.kind === 'directory';
    let status = 0;
    for (const source of sources) {
      const from = await placeOf(ctx, source);
      const path = isFolder ? joinPath(to.path, baseName(from.path)) : to.path;
      if (
        !(await copy(ctx, {
          from,
          to: { files: to.files, path },
          isRecursive: options.has('r'),
          name: source,
        }))
      )
        status = 1;
    }
    return status;
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    return failure(
      ctx,
      /^(?:[^@/:]*@)?([^/:]+):/.exec(
        [target, ...sources].find((name) => name.includes(':')) ?? '',
      )?.[1] ?? '',
      error,
    );
  }
};

async function placeOf(ctx: CommandContext, name: string): Promise<Place> {
  const match = /^(?:[^@/:]*@)?([^/:]+):(.*)$/.exec(name);
  if (match === null) return { files: ctx.host.files, path: pathOf(ctx, name) };
  const files = await ctx.host.machines.files(match[1] ?? '');
  return {
    files,
    path: resolvePath(`/home/${ctx.host.user}`, (match[2] ?? '').replace(/^~\/?/, '') || '.'),
  };
}

async function copy(
  ctx: CommandContext,
  { from, to, isRecursive, name }: { from: Place; to: Place; isRecursive: boolean; name: string },
): Promise<boolean> {
  const stat = await from.files.stat(from.path);
  if (stat === undefined) {
    await report(ctx, `${name}: No such file or directory`);
    return false;
  }
  if (stat.kind === 'file') {
    const bytes = await copyFile(from.files, from.path, to);
    if (ctx.stdout.isTerminal)
      await ctx.stdout.write(
        `${baseName(from.path).padEnd(40)} 100% ${String(bytes).padStart(8)}\n`,
      );
    return true;
  }
  if (!isRecursive) {
    await report(ctx, `${name}: not a regular file`);
    return false;
  }
  await to.files.makeDirectory(to.path);
  for (const entry of await from.files.list(from.path)) {
    await ctx.task.checkpoint();
    await copy(ctx, {
      from: { files: from.files, path: joinPath(from.path, entry.name) },
      to: { files: to.files, path: joinPath(to.path, entry.name) },
      isRecursive,
      name: joinPath(name, entry.name),
    });
  }
  return true;
}
