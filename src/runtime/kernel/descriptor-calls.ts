import { BrokenPipeError } from '../../base/program.ts';
import { type Handlers, Transferred } from '../rpc.ts';
import type { SystemCalls } from '../system-calls.ts';
import type { KernelProcess } from './kernel-process.ts';
import { createPipe, Description, nullFile, type OpenFile, RegularOpenFile } from './open-file.ts';
import { resolvePath } from './virtual-files.ts';

type Calls = Pick<SystemCalls, 'read' | 'write' | 'close' | 'openPipe' | 'openFd'>;

/** System calls on numbered descriptors. */
export function descriptorCalls(process: KernelProcess): Handlers<Calls> {
  const fileOf = (fd: number): OpenFile => {
    const description = process.descriptors.get(fd);
    if (!description) throw new BrokenPipeError('Bad file descriptor');
    return description.file;
  };
  return {
    read({ fd }) {
      const bytes = fileOf(fd).read(process);
      return bytes instanceof Promise ? bytes.then(moved) : moved(bytes);
    },
    write({ fd, bytes }) {
      return fileOf(fd).write(bytes);
    },
    close({ fd }) {
      process.descriptors.get(fd)?.close();
      process.descriptors.delete(fd);
    },
    openPipe({ isOnDemand }) {
      const onWanted = () => process.tell({ event: 'wanted', fd: writeFd });
      const { reader, writer } = createPipe(isOnDemand ? onWanted : undefined);
      const readFd = process.addDescriptor(new Description(reader));
      const writeFd = process.addDescriptor(new Description(writer));
      return { readFd, writeFd };
    },
    openFd({ path, mode }) {
      const file = openPath(process, resolvePath('/', path), mode);
      return { fd: process.addDescriptor(file), isTerminal: file.file.isTerminal };
    },
  };
}

function openPath(
  process: KernelProcess,
  path: string,
  mode: 'read' | 'write' | 'append' | 'readWrite',
): Description {
  if (path === '/dev/null') return new Description(nullFile);
  if (path === '/dev/tty' && process.terminal) return new Description(process.terminal);
  return new Description(new RegularOpenFile(process.home.files, path, mode));
}

function moved(
  bytes: Uint8Array<ArrayBuffer> | null,
): Transferred<Uint8Array<ArrayBuffer> | null> | null {
  return bytes === null ? null : new Transferred(bytes, [bytes.buffer]);
}
