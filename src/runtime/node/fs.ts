import { Buffer } from 'buffer/';
import { Readable, Writable } from 'readable-stream';
import type { RandomAccessFile } from '../../base/file-system.ts';
import { directoryOf } from '../kernel/virtual-files.ts';
import { fsError } from './mirror-files.ts';
import { nodeRuntime } from './runtime.ts';

type Encoding =
  | string
  | { encoding?: string | null; flag?: string; mode?: number }
  | null
  | undefined;
type Done = (error: unknown, value?: unknown) => void;

const files = () => nodeRuntime().files;
const absolute = (path: unknown) => files().absolute(path);

function decoded(bytes: Uint8Array, options: Encoding): Buffer | string {
  const buffer = Buffer.from(bytes.slice().buffer);
  const encoding = typeof options === 'object' ? options?.encoding : options;
  return encoding ? buffer.toString(encoding as 'utf8') : buffer;
}

function encoded(data: unknown): Uint8Array {
  return typeof data === 'string' ? Buffer.from(data) : new Uint8Array(data as Uint8Array);
}

/** What `stat` answers. */
class Stats {
  readonly size: number;
  readonly mode: number;
  readonly mtimeMs: number;
  readonly mtime: Date;
  readonly uid = 1000;
  readonly gid = 1000;
  readonly #isDirectory: boolean;

  constructor(entry: {
    sizeBytes: number;
    mode: number;
    modifiedAtMs: number;
    isDirectory: boolean;
  }) {
    this.size = entry.sizeBytes;
    this.mode = entry.mode | (entry.isDirectory ? 0o040000 : 0o100000);
    this.mtimeMs = entry.modifiedAtMs;
    this.mtime = new Date(entry.modifiedAtMs);
    this.#isDirectory = entry.isDirectory;
  }

  isDirectory(): boolean {
    return this.#isDirectory;
  }

  isFile(): boolean {
    return !this.#isDirectory;
  }

  isSymbolicLink(): boolean {
    return false;
  }
}

export function readFileSync(path: unknown, options?: Encoding): Buffer | string {
  return decoded(files().read(absolute(path)), options);
}

export function writeFileSync(path: unknown, data: unknown, options?: Encoding): void {
  const { flag, mode } = typeof options === 'object' && options ? options : {};
  if (flag === 'a') appendFileSync(path, data);
  else files().write(absolute(path), encoded(data), mode);
}

export function appendFileSync(path: unknown, data: unknown): void {
  files().append(absolute(path), encoded(data));
}

export function existsSync(path: unknown): boolean {
  return files().get(absolute(path)) !== undefined;
}

export function statSync(path: unknown, options: { throwIfNoEntry?: boolean } = {}) {
  const entry = files().get(absolute(path));
  if (entry) return new Stats(entry);
  if (options.throwIfNoEntry === false) return undefined;
  throw fsError('ENOENT', 'stat', absolute(path));
}

export const lstatSync = statSync;

export function accessSync(path: unknown): void {
  if (!existsSync(path)) throw fsError('ENOENT', 'access', absolute(path));
}

export function readdirSync(path: unknown, options: { withFileTypes?: boolean } = {}): unknown[] {
  const folder = absolute(path);
  const names = files().list(folder);
  if (!options.withFileTypes) return names;
  return names.map((name) => {
    const isDirectory =
      files().get(`${folder === '/' ? '' : folder}/${name}`)?.isDirectory ?? false;
    return {
      name,
      parentPath: folder,
      isDirectory: () => isDirectory,
      isFile: () => !isDirectory,
      isSymbolicLink: () => false,
    };
  });
}

export function mkdirSync(path: unknown, options: { recursive?: boolean } | number = {}): void {
  files().makeDirectory(absolute(path), typeof options === 'object' && options.recursive === true);
}

export function rmSync(
  path: unknown,
  options: { force?: boolean; recursive?: boolean } = {},
): void {
  const known = files().get(absolute(path));
  if (!known && !options.force) throw fsError('ENOENT', 'rm', absolute(path));
  if (known?.isDirectory && !options.recursive) throw fsError('EISDIR', 'rm', absolute(path));
  files().remove(absolute(path));
}

export function unlinkSync(path: unknown): void {
  if (!existsSync(path)) throw fsError('ENOENT', 'unlink', absolute(path));
  files().remove(absolute(path));
}

export function rmdirSync(path: unknown): void {
  if (0 < files().list(absolute(path)).length) throw fsError('ENOTEMPTY', 'rmdir', absolute(path));
  files().remove(absolute(path));
}

export function renameSync(from: unknown, to: unknown): void {
  files().rename(absolute(from), absolute(to));
}

export function copyFileSync(from: unknown, to: unknown): void {
  files().write(absolute(to), files().read(absolute(from)).slice());
}

export function chmodSync(path: unknown, mode: number): void {
  files().changeMode(absolute(path), mode);
}

export function mkdtempSync(prefix: string): string {
  const path = absolute(`${prefix}${nodeRuntime().context.random.uint32().toString(36)}`);
  files().makeDirectory(path, false);
  return path;
}

/** After the kernel has told what is there now. */
async function fresh<T>(path: unknown, action: () => T): Promise<T> {
  await files().refresh(absolute(path));
  return action();
}

export const promises = {
  readFile: async (path: unknown, options?: Encoding) =>
    decoded(await files().readFresh(absolute(path)), options),
  writeFile: (path: unknown, data: unknown, options?: Encoding) =>
    fresh(directoryOf(absolute(path)), () => writeFileSync(path, data, options)),
  appendFile: async (path: unknown, data: unknown) => {
    const old = await files()
      .readFresh(absolute(path))
      .catch(() => new Uint8Array(0));
    files().write(absolute(path), Buffer.concat([old, encoded(data)]));
  },
  stat: (path: unknown) => fresh(path, () => statSync(path)),
  lstat: (path: unknown) => fresh(path, () => statSync(path)),
  access: (path: unknown) => fresh(path, () => accessSync(path)),
  readdir: (path: unknown, options?: { withFileTypes?: boolean }) =>
    fresh(path, () => readdirSync(path, options)),
  mkdir: (path: unknown, options?: { recursive?: boolean }) =>
    fresh(path, () => mkdirSync(path, options)),
  rm: (path: unknown, options?: { force?: boolean; recursive?: boolean }) =>
    fresh(path, () => rmSync(path, options)),
  unlink: (path: unknown) => fresh(path, () => unlinkSync(path)),
  rmdir: (path: unknown) => fresh(path, () => rmdirSync(path)),
  rename: (from: unknown, to: unknown) => fresh(from, () => renameSync(from, to)),
  copyFile: async (from: unknown, to: unknown) =>
    files().write(absolute(to), await files().readFresh(absolute(from))),
  chmod: (path: unknown, mode: number) => fresh(path, () => chmodSync(path, mode)),
  mkdtemp: (prefix: string) => Promise.resolve(mkdtempSync(prefix)),
};

type Asynchronous = (...values: never[]) => Promise<unknown>;

/** The form with a callback as the last argument. */
function withCallback(action: Asynchronous): (...values: unknown[]) => void {
  return (...values) => {
    const done = values.pop() as Done;
    (action as (...values: unknown[]) => Promise<unknown>)(...values).then(
      (value) => done(null, value),
      (error: unknown) => done(error),
    );
  };
}

export const readFile = withCallback(promises.readFile);
export const writeFile = withCallback(promises.writeFile);
export const appendFile = withCallback(promises.appendFile);
export const stat = withCallback(promises.stat);
export const lstat = withCallback(promises.lstat);
export const access = withCallback(promises.access);
export const readdir = withCallback(promises.readdir);
export const mkdir = withCallback(promises.mkdir);
export const rm = withCallback(promises.rm);
export const unlink = withCallback(promises.unlink);
export const rmdir = withCallback(promises.rmdir);
export const rename = withCallback(promises.rename);
export const copyFile = withCallback(promises.copyFile);
export const chmod = withCallback(promises.chmod);
export const exists = (path: unknown, done: (isThere: boolean) => void): void => {
  promises.access(path).then(
    () => done(true),
    () => done(false),
  );
};

const streamChunkBytes = 65_536;

class ReadStream extends Readable {
  readonly path: string;
  #file: Promise<RandomAccessFile> | undefined;
  #position: number;
  readonly #end: number;

  constructor(path: unknown, options: { encoding?: string; start?: number; end?: number } = {}) {
    super({ highWaterMark: streamChunkBytes });
    this.path = absolute(path);
    this.#position = options.start ?? 0;
    this.#end = (options.end ?? Number.MAX_SAFE_INTEGER - 1) + 1;
    if (options.encoding) this.setEncoding(options.encoding);
  }

  override _read(): void {
    this.#next().then(
      (bytes) => this.push(bytes.length === 0 ? null : Buffer.from(bytes.buffer as ArrayBuffer)),
      (error: unknown) =>
        this.destroy(fsError((error as { code?: string }).code ?? 'EIO', 'open', this.path)),
    );
  }

  async #next(): Promise<Uint8Array> {
    this.#file ??= nodeRuntime().context.files.open(this.path);
    const wanted = Math.min(streamChunkBytes, this.#end - this.#position);
    const bytes = await (await this.#file).read(this.#position, wanted);
    this.#position += bytes.length;
    return bytes;
  }
}

class WriteStream extends Writable {
  readonly path: string;
  readonly #appends: boolean;
  #file: Promise<RandomAccessFile> | undefined;

  constructor(path: unknown, options: { flags?: string } = {}) {
    super();
    this.path = absolute(path);
    this.#appends = options.flags === 'a';
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#open()
      .then((file) => file.write(file.sizeBytes, [chunk]))
      .then(() => done(), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#open()
      .then(async (file) => {
        await file.flush();
        await file.close();
        await files().refresh(this.path);
      })
      .then(() => done(), done);
  }

  #open(): Promise<RandomAccessFile> {
    const { files: kernelFiles } = nodeRuntime().context;
    const create = () => kernelFiles.create(this.path);
    this.#file ??= this.#appends
      ? kernelFiles.open(this.path).catch(create)
      : Promise.resolve().then(create);
    return this.#file;
  }
}

export const createReadStream = (path: unknown, options?: Encoding) =>
  new ReadStream(path, typeof options === 'string' ? { encoding: options } : (options as object));
export const createWriteStream = (path: unknown, options?: object) =>
  new WriteStream(path, options);
export const constants = { F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1 };
export { ReadStream, Stats, WriteStream };
