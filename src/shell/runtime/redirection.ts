import { errorMessage } from '../file-messages.ts';
import type { Redirection } from '../language/syntax.ts';
import { resolvePath } from '../paths.ts';
import { openForReading, openForWriting } from './devices.ts';
import type { Environment } from './environment.ts';
import { expandText, expandWords } from './expander.ts';
import { type FileTable, OpenFile } from './open-file.ts';

/** Applies redirections to `files`, left to right. False: one failed and was complained about. */
export async function applyRedirections(
  env: Environment,
  redirections: readonly Redirection[],
  files: FileTable,
): Promise<boolean> {
  for (const redirection of redirections) {
    const failure = await applyOne(env, redirection, files);
    if (failure !== undefined) {
      await env.complain(failure);
      return false;
    }
  }
  return true;
}

/** Answers the message of what failed. */
async function applyOne(
  env: Environment,
  redirection: Redirection,
  files: FileTable,
): Promise<string | undefined> {
  const { operator, descriptor, target } = redirection;
  if (operator === '<<' || operator === '<<<') {
    const text = await expandText(env, target);
    await files.set(descriptor, openText(operator === '<<<' ? `${text}\n` : text));
    return undefined;
  }
  const words = await expandWords(env, [target]);
  const [name] = words;
  if (name === undefined || 1 < words.length) return `${target.text}: ambiguous redirect`;
  if ((operator === '>&' || operator === '<&') && /^(\d+-?|-)$/.test(name)) {
    return copyDescriptor(files, descriptor, name);
  }
  if (operator === '>' && env.options.noclobber && (await isFile(env, name))) {
    return `${name}: cannot overwrite existing file`;
  }
  return openOrExplain(env, { ...redirection, name }, files);
}

async function isFile(env: Environment, name: string): Promise<boolean> {
  return (await env.host.files.stat(resolvePath(env.cwd, name)))?.kind === 'file';
}

async function openOrExplain(
  env: Environment,
  redirection: Redirection & { name: string },
  files: FileTable,
): Promise<string | undefined> {
  try {
    await openTarget(env, redirection, files);
    return undefined;
  } catch (error) {
    const message = errorMessage(error);
    if (message === undefined) throw error;
    if (redirection.name.startsWith('/dev/tcp/')) await env.complain(`connect: ${message}`);
    return `${redirection.name}: ${message}`;
  }
}

async function copyDescriptor(
  files: FileTable,
  descriptor: number,
  name: string,
): Promise<string | undefined> {
  if (name === '-') {
    await files.close(descriptor);
    return undefined;
  }
  const source = Number.parseInt(name, 10);
  const file = files.get(source);
  if (file === undefined) return `${source}: Bad file descriptor`;
  if (source !== descriptor) await files.set(descriptor, file.retain());
  if (name.endsWith('-')) await files.close(source);
  return undefined;
}

async function openTarget(
  env: Environment,
  { operator, descriptor, name }: Redirection & { name: string },
  files: FileTable,
): Promise<void> {
  const path = resolvePath(env.cwd, name);
  const place = { host: env.host, files };
  if (operator === '<') {
    await files.set(descriptor, await openForReading(path, env.host, files));
    return;
  }
  if (operator === '<>') {
    await files.set(descriptor, await openForWriting(path, 'update', place));
    return;
  }
  const mode = operator === '>>' || operator === '&>>' ? 'append' : 'truncate';
  const file = await openForWriting(path, mode, place);
  const isBoth = operator.startsWith('&') || operator === '>&';
  if (isBoth) await files.set(2, file.retain());
  await files.set(isBoth ? 1 : descriptor, file);
}

function openText(text: string): OpenFile {
  let rest: Uint8Array | null = new TextEncoder().encode(text);
  if (rest.length === 0) rest = null;
  return new OpenFile({
    source: {
      isTerminal: false,
      read() {
        const chunk = rest;
        rest = null;
        return Promise.resolve(chunk);
      },
    },
  });
}
