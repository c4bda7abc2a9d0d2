import { FileError, type FileSystem } from '../../base/file-system.ts';
import { compilePattern, hasPattern, unescapePattern } from '../language/pattern.ts';
import { joinPath, resolvePath } from '../paths.ts';

/** More paths than this are refused by taking none: the pattern stays as it is. */
const pathsMax = 100_000;

interface GlobPlace {
  readonly files: FileSystem;
  readonly cwd: string;
}

/** Paths that match, sorted; empty where nothing does. */
export async function expandGlob(pattern: string, place: GlobPlace): Promise<readonly string[]> {
  const isAbsolute = pattern.startsWith('/');
  const segments = pattern.split('/').filter((segment) => segment !== '');
  let found = [isAbsolute ? '/' : ''];
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    const next: string[] = [];
    for (const base of found) next.push(...(await matchSegment(base, { segment, isLast }, place)));
    if (next.length === 0 || pathsMax < next.length) return [];
    found = next;
  }
  const suffix = pattern.endsWith('/') && 0 < segments.length ? '/' : '';
  const folders = suffix === '' ? found : await keepFolders(found, place);
  return folders.map((path) => path + suffix).sort(byCodeUnits);
}

async function matchSegment(
  base: string,
  { segment, isLast }: { segment: string; isLast: boolean },
  { files, cwd }: GlobPlace,
): Promise<string[]> {
  if (!hasPattern(segment)) {
    const path = base === '' ? unescapePattern(segment) : joinPath(base, unescapePattern(segment));
    const stat = await files.stat(resolvePath(cwd, path));
    return stat === undefined ? [] : [path];
  }
  const matcher = compilePattern(segment, { isPath: true });
  const entries = await listOrNothing(files, resolvePath(cwd, base === '' ? '.' : base));
  return entries
    .filter(({ name, kind }) => {
      if (name.startsWith('.') && !segment.startsWith('.')) return false;
      return (isLast || kind === 'directory') && matcher.test(name);
    })
    .map(({ name }) => (base === '' ? name : joinPath(base, name)));
}

async function keepFolders(paths: readonly string[], { files, cwd }: GlobPlace): Promise<string[]> {
  const kept: string[] = [];
  for (const path of paths) {
    if ((await files.stat(resolvePath(cwd, path)))?.kind === 'directory') kept.push(path);
  }
  return kept;
}

async function listOrNothing(files: FileSystem, path: string) {
  try {
    return await files.list(path);
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}

export function byCodeUnits(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
