import { FileError } from '../../base/file-system.ts';
import { emptySource, nullSink } from '../pipe.ts';
import type { ShellHost } from '../shell-host.ts';
import { openSocket } from '../socket-stream.ts';
import type { FileTable } from './open-file.ts';
import { OpenFile, openRegularFile } from './open-file.ts';

const zeros = new Uint8Array(65_536);

/** `/dev/null` and its like, and `/dev/tcp/host/port` as bash has it; undefined for other paths. */
export async function openDevice(
  path: string,
  host: ShellHost,
  files: FileTable,
): Promise<OpenFile | undefined> {
  if (!path.startsWith('/dev/')) return undefined;
  const copied = /^\/dev\/(?:fd\/(\d+)|(stdin)|(stdout)|(stderr))$/.exec(path);
  if (copied !== null) {
    const file = files.get(descriptorOf(copied));
    if (file === undefined) throw new FileError('ENOENT', path, 'no such descriptor');
    return await file.retain();
  }
  const socket = /^\/dev\/tcp\/([^/]+)\/(\d+)$/.exec(path);
  if (socket !== null) return openTcp(host, socket[1] ?? '', Number(socket[2]));
  return openSpecial(path, host);
}

function descriptorOf(match: RegExpExecArray): number {
  if (match[1] !== undefined) return Number(match[1]);
  if (match[2] !== undefined) return 0;
  return match[3] === undefined ? 2 : 1;
}

async function openTcp(host: ShellHost, name: string, port: number): Promise<OpenFile> {
  const socket = await openSocket(host.network, { host: name, port }, { timeoutMs: 20_000 });
  return new OpenFile({ source: socket, sink: socket, close: () => socket.dispose() });
}

function openSpecial(path: string, host: ShellHost): OpenFile | undefined {
  switch (path) {
    case '/dev/null':
      return new OpenFile({ source: emptySource, sink: nullSink });
    case '/dev/zero':
      return endless(() => zeros);
    case '/dev/random':
    case '/dev/urandom':
      return endless(() => host.random.bytes(4096));
    case '/dev/tty':
      if (host.terminal === undefined) return undefined;
      return new OpenFile({ source: host.terminal.input, sink: host.terminal.output });
    default:
      return undefined;
  }
}

function endless(next: () => Uint8Array): OpenFile {
  const source = { isTerminal: false, read: () => Promise.resolve(next()) };
  return new OpenFile({ source, sink: nullSink });
}

/** Opens a path for reading. Rejects with FileError or NetworkError. */
export async function openForReading(
  path: string,
  host: ShellHost,
  files: FileTable,
): Promise<OpenFile> {
  const device = await openDevice(path, host, files);
  if (device !== undefined) return device;
  return openRegularFile(await host.files.open(path), 0);
}

/** Opens a path for writing, emptied or at its end. Rejects with FileError or NetworkError. */
export async function openForWriting(
  path: string,
  mode: 'truncate' | 'append' | 'update',
  { host, files }: { host: ShellHost; files: FileTable },
): Promise<OpenFile> {
  const device = await openDevice(path, host, files);
  if (device !== undefined) return device;
  const stat = await host.files.stat(path);
  if (stat?.kind === 'directory') throw new FileError('EISDIR', path, 'is a directory');
  if (mode === 'truncate' || stat === undefined) {
    return openRegularFile(host.files.create(path), 0);
  }
  const file = await host.files.open(path);
  return openRegularFile(file, mode === 'append' ? file.sizeBytes : 0);
}
