import { nodeRuntime } from './runtime.ts';

/** `node:path`, the POSIX kind. */
export const sep = '/';
export const delimiter = ':';

export function isAbsolute(path: string): boolean {
  return path.startsWith('/');
}

export function normalize(path: string): string {
  if (path === '') return '.';
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') goUp(parts, isAbsolute(path));
    else if (part !== '' && part !== '.') parts.push(part);
  }
  const joined = (isAbsolute(path) ? '/' : '') + parts.join('/');
  if (joined === '') return '.';
  return path.endsWith('/') && joined !== '/' ? `${joined}/` : joined;
}

function goUp(parts: string[], isRooted: boolean): void {
  if (0 < parts.length && parts.at(-1) !== '..') parts.pop();
  else if (!isRooted) parts.push('..');
}

export function join(...parts: string[]): string {
  const given = parts.filter((part) => part !== '');
  return given.length === 0 ? '.' : normalize(given.join('/'));
}

export function resolve(...parts: string[]): string {
  let path = '';
  for (const part of parts.reverse()) {
    if (part === '') continue;
    path = path === '' ? part : `${part}/${path}`;
    if (isAbsolute(path)) break;
  }
  if (!isAbsolute(path)) path = `${currentDirectory()}/${path}`;
  const normal = normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}

export function dirname(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  const slash = trimmed.lastIndexOf('/');
  if (slash < 0) return path.startsWith('/') ? '/' : '.';
  return slash === 0 ? '/' : trimmed.slice(0, slash).replace(/\/+$/, '');
}

export function basename(path: string, suffix = ''): string {
  const base = path.replace(/\/+$/, '').replace(/^.*\//, '');
  return suffix !== '' && base !== suffix && base.endsWith(suffix)
    ? base.slice(0, -suffix.length)
    : base;
}

export function extname(path: string): string {
  const base = basename(path);
  const dot = base.lastIndexOf('.');
  return dot <= 0 ? '' : base.slice(dot);
}

export function relative(from: string, to: string): string {
  const source = resolve(from).split('/').filter(Boolean);
  const target = resolve(to).split('/').filter(Boolean);
  let same = 0;
  while (same < source.length && source[same] === target[same]) same += 1;
  return [...source.slice(same).map(() => '..'), ...target.slice(same)].join('/');
}

export function parse(path: string) {
  const base = basename(path);
  const ext = extname(path);
  const root = isAbsolute(path) ? '/' : '';
  const dir = path.includes('/') ? dirname(path) : '';
  return { root, dir, base, ext, name: base.slice(0, base.length - ext.length) };
}

export function format(parts: {
  dir?: string;
  root?: string;
  base?: string;
  name?: string;
  ext?: string;
}) {
  const base = parts.base ?? `${parts.name ?? ''}${parts.ext ?? ''}`;
  const dir = parts.dir ?? parts.root ?? '';
  if (dir === '') return base;
  return dir === parts.root ? dir + base : `${dir}/${base}`;
}

export function toNamespacedPath(path: string): string {
  return path;
}

function currentDirectory(): string {
  return nodeRuntime().context.cwd;
}
