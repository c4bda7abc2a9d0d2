import { FileError } from '../../base/file-system.ts';
import { type Handlers, Transferred } from '../rpc.ts';
import type { FileCopy, SystemCalls } from '../system-calls.ts';
import type { FileHandle, KernelProcess } from './kernel-process.ts';
import type { KernelServices } from './kernel-services.ts';
import type { VirtualFiles } from './virtual-files.ts';

type Calls = Pick<
  SystemCalls,
  | 'openFile'
  | 'createFile'
  | 'readFile'
  | 'writeFile'
  | 'truncateFile'
  | 'flushFile'
  | 'closeFile'
  | 'stat'
  | 'list'
  | 'makeDirectory'
  | 'rename'
  | 'remove'
  | 'changeMode'
  | 'changeTime'
  | 'copySmallFiles'
>;

/** System calls on files. */
export function fileCalls(kernel: KernelServices, process: KernelProcess): Handlers<Calls> {
  const on = (machine: string | undefined): VirtualFiles =>
    machine === undefined ? process.home.files : kernel.machine(machine).files;
  return {
    ...handleCalls(process, on),
    stat: ({ path, machine }) => on(machine).stat(path),
    list: ({ path, machine }) => on(machine).list(path),
    makeDirectory: ({ path, machine }) => on(machine).makeDirectory(path),
    rename: ({ from, to, machine }) => on(machine).rename(from, to),
    remove: ({ path, machine }) => on(machine).remove(path),
    changeMode: ({ path, mode, machine }) => on(machine).changeMode(path, mode),
    changeTime: ({ path, modifiedAtMs, machine }) => on(machine).changeTime(path, modifiedAtMs),
    copySmallFiles: ({ roots, maximumBytes }) => copyOf(process.home.files, roots, maximumBytes),
  };
}

type HandleCalls = Pick<
  Calls,
  'openFile' | 'createFile' | 'readFile' | 'writeFile' | 'truncateFile' | 'flushFile' | 'closeFile'
>;

function handleCalls(
  process: KernelProcess,
  on: (machine: string | undefined) => VirtualFiles,
): Handlers<HandleCalls> {
  const handleOf = (handle: number): FileHandle => {
    const file = process.handles.get(handle);
    if (!file) throw new FileError('EIO', '', 'Bad file handle');
    return file;
  };
  return {
    openFile({ handle, path, machine }) {
      const files = on(machine);
      const node = files.open(path);
      process.handles.set(handle, { files, node, path });
      return { sizeBytes: node.body.sizeBytes };
    },
    createFile({ handle, path, machine }) {
      const files = on(machine);
      process.handles.set(handle, { files, node: files.create(path), path });
    },
    readFile({ handle, position, length }) {
      const bytes = handleOf(handle).node.body.read(position, length);
      return new Transferred(bytes, [bytes.buffer]);
    },
    writeFile({ handle, position, buffer, length }) {
      const { files, node, path } = handleOf(handle);
      node.body.write(position, new Uint8Array(buffer, 0, length));
      files.changed(node, path);
      return new Transferred(buffer, [buffer]);
    },
    truncateFile({ handle, sizeBytes }) {
      const { files, node, path } = handleOf(handle);
      node.body.truncate(sizeBytes);
      files.changed(node, path);
    },
    flushFile: ({ handle }) => handleOf(handle).node.body.flush(),
    closeFile({ handle }) {
      const file = process.handles.get(handle);
      process.handles.delete(handle);
      file?.files.close(file.node);
    },
  };
}

function copyOf(
  files: VirtualFiles,
  roots: readonly string[],
  maximumBytes: number,
): Transferred<readonly FileCopy[]> {
  const copies: FileCopy[] = [];
  const transfer: ArrayBuffer[] = [];
  for (const root of roots) {
    for (const [path, node] of files.walk(root)) {
      const { mode, modifiedAtMs } = node;
      if (node.kind === 'directory') {
        copies.push({ path, mode, modifiedAtMs, sizeBytes: 0, isDirectory: true });
        continue;
      }
      const { sizeBytes } = node.body;
      const copy = { path, mode, modifiedAtMs, sizeBytes, isDirectory: false };
      if (maximumBytes < sizeBytes) copies.push(copy);
      else {
        const bytes = node.body.read(0, sizeBytes);
        transfer.push(bytes.buffer);
        copies.push({ ...copy, bytes });
      }
    }
  }
  return new Transferred(copies, transfer);
}
