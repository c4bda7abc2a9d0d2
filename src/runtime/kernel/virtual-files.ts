import {
  type DirectoryEntry,
  FileError,
  type FileErrorCode,
  type FileStat,
} from '../../base/file-system.ts';
import type { FileBody } from './file-body.ts';

/** Files of one machine: a tree in the kernel's memory, whose large bodies may lie on a disk. */
export class VirtualFiles {
  readonly #nowMs: () => number;
  readonly #newBody: () => FileBody;
  readonly #root: DirectoryNode;
  readonly #watchers = new Set<(path: string) => void>();
  /** Paths of a fresh machine's files, to tell which were removed. */
  #fresh: readonly string[] = [];

  constructor(nowMs: () => number, newBody: () => FileBody) {
    this.#nowMs = nowMs;
    this.#newBody = newBody;
    this.#root = this.#newDirectory();
  }

  /** Opens what is there; the caller closes it. Throws FileError (ENOENT, EISDIR, ENOTDIR). */
  open(path: string): FileNode {
    const node = this.#existing(path);
    if (node.kind === 'directory') throw fileError('EISDIR', path);
    node.openCount += 1;
    return node;
  }

  /** Makes an empty file, or empties it; the caller closes it. Throws FileError (ENOENT, EISDIR, ENOTDIR). */
  create(path: string, mode = 0o644): FileNode {
    const [parent, name] = this.#parentOf(path);
    const old = parent.children.get(name);
    if (old?.kind === 'directory' || name === '') throw fileError('EISDIR', path);
    const node = old ?? this.#newFile(mode);
    if (old === undefined) {
      parent.children.set(name, node);
      parent.modifiedAtMs = this.#nowMs();
    }
    node.body.truncate(0);
    node.openCount += 1;
    this.changed(node, path);
    return node;
  }

  close(node: FileNode): void {
    node.openCount -= 1;
    if (node.isUnlinked && node.openCount === 0) node.body.release();
  }

  /** Notes a write: modification time, watchers, the set of changed files. */
  changed(node: Node, path: string): void {
    node.modifiedAtMs = this.#nowMs();
    node.isChanged = true;
    for (const watcher of this.#watchers) watcher(path);
  }

  stat(path: string): FileStat | undefined {
    const node = this.#find(path);
    if (!node) return undefined;
    const { kind, modifiedAtMs, mode } = node;
    return {
      kind,
      modifiedAtMs,
      mode,
      sizeBytes: node.kind === 'file' ? node.body.sizeBytes : 4_096,
    };
  }

  list(path: string): readonly DirectoryEntry[] {
    const node = this.#existing(path);
    if (node.kind === 'file') throw fileError('ENOTDIR', path);
    return [...node.children]
      .map(([name, child]) => ({ name, kind: child.kind }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  makeDirectory(path: string): void {
    let node: DirectoryNode = this.#root;
    for (const name of partsOf(path)) {
      let child = node.children.get(name);
      if (!child) {
        child = this.#newDirectory();
        node.children.set(name, child);
        this.changed(node, path);
      }
      if (child.kind === 'file') throw fileError('ENOTDIR', path);
      node = child;
    }
  }

  rename(from: string, to: string): void {
    const [oldParent, oldName] = this.#parentOf(from);
    const node = oldParent.children.get(oldName);
    if (!node) throw fileError('ENOENT', from);
    const [newParent, newName] = this.#parentOf(to);
    const replaced = newParent.children.get(newName);
    if (replaced === node) return;
    if (node.kind === 'directory' && `${to}/`.startsWith(`${from}/`)) throw fileError('EBUSY', to);
    if (replaced) this.#checkReplaceable(node, replaced, to);
    oldParent.children.delete(oldName);
    newParent.children.set(newName, node);
    if (replaced) this.#unlink(replaced);
    oldParent.modifiedAtMs = this.#nowMs();
    this.changed(newParent, from);
    this.changed(node, to);
  }

  /** With all in it; silent when it is not there. */
  remove(path: string): void {
    const [parent, name] = this.#parentOf(path, true) ?? [];
    const node = name === undefined ? undefined : parent?.children.get(name);
    if (!parent || !node || name === undefined) return;
    parent.children.delete(name);
    this.#unlink(node);
    this.changed(parent, path);
  }

  changeMode(path: string, mode: number): void {
    const node = this.#existing(path);
    node.mode = mode;
    node.isChanged = true;
  }

  changeTime(path: string, modifiedAtMs: number): void {
    this.#existing(path).modifiedAtMs = modifiedAtMs;
  }

  read(path: string): Uint8Array<ArrayBuffer> {
    const node = this.open(path);
    this.close(node);
    return node.body.read(0, node.body.sizeBytes);
  }

  /** Writes a whole file, with its folders. */
  write(path: string, bytes: Uint8Array, mode?: number): void {
    this.makeDirectory(directoryOf(path));
    const node = this.create(path, mode);
    node.body.write(0, bytes);
    if (mode !== undefined) node.mode = mode;
    this.close(node);
  }

  /** Told of every path that changes. */
  watch(watcher: (path: string) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** What is there now is the state that a fresh machine has. */
  markUnchanged(): void {
    const fresh: string[] = [];
    for (const [path, node] of this.walk('/')) {
      node.isChanged = false;
      if (node.kind === 'file') fresh.push(path);
    }
    this.#fresh = fresh;
  }

  /** Files that a fresh machine has and this one has no more. */
  removedSinceFresh(): readonly string[] {
    return this.#fresh.filter((path) => this.#find(path)?.kind !== 'file');
  }

  /** Every node under `path`, folders first. */
  *walk(path: string): Generator<readonly [path: string, node: Node]> {
    const node = this.#find(path);
    if (!node) return;
    yield [path, node];
    if (node.kind === 'file') return;
    for (const name of node.children.keys())
      yield* this.walk(`${path === '/' ? '' : path}/${name}`);
  }

  #newDirectory(): DirectoryNode {
    const modifiedAtMs = this.#nowMs();
    return { kind: 'directory', mode: 0o755, modifiedAtMs, isChanged: true, children: new Map() };
  }

  #newFile(mode: number): FileNode {
    return {
      kind: 'file',
      mode,
      modifiedAtMs: this.#nowMs(),
      isChanged: true,
      body: this.#newBody(),
      openCount: 0,
      isUnlinked: false,
    };
  }

  #find(path: string): Node | undefined {
    let node: Node = this.#root;
    for (const name of partsOf(path)) {
      const child: Node | undefined =
        node.kind === 'directory' ? node.children.get(name) : undefined;
      if (!child) return undefined;
      node = child;
    }
    return node;
  }

  #existing(path: string): Node {
    const node = this.#find(path);
    if (!node) throw fileError('ENOENT', path);
    return node;
  }

  #parentOf(path: string, mayBeMissing: true): readonly [DirectoryNode, string] | undefined;
  #parentOf(path: string): readonly [DirectoryNode, string];
  #parentOf(path: string, mayBeMissing = false): readonly [DirectoryNode, string] | undefined {
    const parent = this.#find(directoryOf(path));
    if (parent?.kind === 'directory') return [parent, path.slice(path.lastIndexOf('/') + 1)];
    if (mayBeMissing) return undefined;
    throw fileError(parent ? 'ENOTDIR' : 'ENOENT', path);
  }

  #checkReplaceable(node: Node, replaced: Node, path: string): void {
    if (replaced.kind === 'directory') {
      if (node.kind === 'file') throw fileError('EISDIR', path);
      if (0 < replaced.children.size) throw fileError('ENOTEMPTY', path);
    } else if (node.kind === 'directory') throw fileError('ENOTDIR', path);
  }

  #unlink(node: Node): void {
    if (node.kind === 'directory') {
      for (const child of node.children.values()) this.#unlink(child);
      return;
    }
    node.isUnlinked = true;
    if (node.openCount === 0) node.body.release();
  }
}

export type Node = FileNode | DirectoryNode;

export interface FileNode {
  readonly kind: 'file';
  mode: number;
  modifiedAtMs: number;
  /** Since the machine was made. */
  isChanged: boolean;
  readonly body: FileBody;
  openCount: number;
  isUnlinked: boolean;
}

export interface DirectoryNode {
  readonly kind: 'directory';
  mode: number;
  modifiedAtMs: number;
  isChanged: boolean;
  readonly children: Map<string, Node>;
}

export function directoryOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}

/** An absolute, normalized path. */
export function resolvePath(cwd: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${path.startsWith('/') ? '' : cwd}/${path}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

const messages: Readonly<Record<FileErrorCode, string>> = {
  EACCES: 'Permission denied',
  EBUSY: 'Device or resource busy',
  EEXIST: 'File exists',
  EIO: 'Input/output error',
  EISDIR: 'Is a directory',
  ENOENT: 'No such file or directory',
  ENOSPC: 'No space left on device',
  ENOTDIR: 'Not a directory',
  ENOTEMPTY: 'Directory not empty',
};

export function fileError(code: FileErrorCode, path: string): FileError {
  return new FileError(code, path, messages[code]);
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}
