import type { SpawnFailure } from '../system-calls.ts';
import { resolvePath, type VirtualFiles } from './virtual-files.ts';

/** What a file turns out to be when it is started. */
export type Executable =
  /** A program of the registry, by name. */
  | { readonly kind: 'program'; readonly name: string; readonly path: string }
  /** A JavaScript or TypeScript file for Node. */
  | { readonly kind: 'node'; readonly path: string }
  /** A script for the shell. */
  | { readonly kind: 'script'; readonly path: string }
  | {
      readonly kind: 'failure';
      readonly exitCode: 126 | 127;
      readonly reason: SpawnFailure;
      readonly path: string;
    };

/** Finds a command as a shell does: a path if it has a slash, else a file in PATH. */
export function findExecutable(
  files: VirtualFiles,
  command: string,
  cwd: string,
  searchPath: string,
): Executable {
  if (command.includes('/')) return classify(files, resolvePath(cwd, command));
  let refused: Executable | undefined;
  for (const folder of searchPath.split(':')) {
    const path = resolvePath(cwd, `${folder === '' ? '.' : folder}/${command}`);
    if (files.stat(path)?.kind !== 'file') continue;
    const found = classify(files, path);
    if (found.kind !== 'failure') return found;
    refused ??= found;
  }
  return refused ?? { kind: 'failure', exitCode: 127, reason: 'command not found', path: command };
}

const anyoneMayExecute = 0o111;

function classify(files: VirtualFiles, path: string): Executable {
  const stat = files.stat(path);
  if (!stat) return { kind: 'failure', exitCode: 127, reason: 'No such file or directory', path };
  if (stat.kind === 'directory') {
    return { kind: 'failure', exitCode: 126, reason: 'Is a directory', path };
  }
  if ((stat.mode & anyoneMayExecute) === 0) {
    return { kind: 'failure', exitCode: 126, reason: 'Permission denied', path };
  }
  const text = new TextDecoder().decode(readStart(files, path));
  if (!/^#!.*\bnode\b/.test(text)) return { kind: 'script', path };
  const program = /\brequire\((['"])[^'"]*\brun\.cjs\1\)\((['"])([^'"]+)\2\);?\s*$/.exec(text);
  return program?.[3] === undefined
    ? { kind: 'node', path }
    : { kind: 'program', name: program[3], path };
}

function readStart(files: VirtualFiles, path: string): Uint8Array {
  const node = files.open(path);
  try {
    return node.body.read(0, 4_096);
  } finally {
    files.close(node);
  }
}

/** The content of a file in `/usr/bin` that stands for a program of the registry. */
export function programFile(name: string): string {
  return `#!/usr/bin/env node\nrequire('/usr/lib/lab/run.cjs')('${name}')\n`;
}
