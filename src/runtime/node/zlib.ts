import { Buffer } from 'buffer/';
import {
  type DeflateOptions,
  decompressSync,
  deflateSync as deflateRawBytes,
  gunzipSync as gunzipBytes,
  gzipSync as gzipBytes,
  inflateSync as inflateRawBytes,
  unzlibSync,
  zlibSync,
} from 'fflate';
import { Transform } from 'readable-stream';
import { nodeRuntime } from './runtime.ts';

type Work = (bytes: Uint8Array, options: DeflateOptions) => Uint8Array;
type Done = (error: unknown, result?: Buffer) => void;

function synchronous(work: Work): (input: unknown, options?: { level?: number }) => Buffer {
  return (input, options = {}) => {
    const bytes = typeof input === 'string' ? Buffer.from(input) : (input as Uint8Array);
    const level = options.level;
    const given =
      level === undefined || level < 0
        ? {}
        : { level: level as NonNullable<DeflateOptions['level']> };
    try {
      return Buffer.from(work(bytes, given).buffer as ArrayBuffer);
    } catch (cause) {
      throw dataError(cause);
    }
  };
}

function dataError(cause: unknown): Error {
  const error = new Error((cause as Error).message, { cause });
  return Object.assign(error, { code: 'Z_DATA_ERROR', errno: -3 });
}

function withCallback(work: ReturnType<typeof synchronous>) {
  return (input: unknown, options: { level?: number } | Done, callback?: Done): void => {
    const done = typeof options === 'function' ? options : callback;
    const given = typeof options === 'function' ? {} : options;
    nodeRuntime().context.scheduler.soon(() => {
      try {
        done?.(null, work(input, given));
      } catch (error) {
        done?.(error);
      }
    });
  };
}

/** Simplified: collects its input and works on it at the end. */
class WholeTransform extends Transform {
  readonly #work: (input: unknown) => Buffer;
  readonly #chunks: Uint8Array[] = [];

  constructor(work: (input: unknown) => Buffer) {
    super();
    this.#work = work;
  }

  override _transform(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }

  override _flush(done: (error?: Error | null, data?: Uint8Array) => void): void {
    try {
      done(null, this.#work(Buffer.concat(this.#chunks)));
    } catch (error) {
      done(error as Error);
    }
  }
}

export const gzipSync = synchronous((bytes, options) => gzipBytes(bytes, options));
export const gunzipSync = synchronous((bytes) => gunzipBytes(bytes));
export const deflateSync = synchronous((bytes, options) => zlibSync(bytes, options));
export const inflateSync = synchronous((bytes) => unzlibSync(bytes));
export const deflateRawSync = synchronous((bytes, options) => deflateRawBytes(bytes, options));
export const inflateRawSync = synchronous((bytes) => inflateRawBytes(bytes));
export const unzipSync = synchronous((bytes) => decompressSync(bytes));

export const gzip = withCallback(gzipSync);
export const gunzip = withCallback(gunzipSync);
export const deflate = withCallback(deflateSync);
export const inflate = withCallback(inflateSync);
export const deflateRaw = withCallback(deflateRawSync);
export const inflateRaw = withCallback(inflateRawSync);
export const unzip = withCallback(unzipSync);

export const createGzip = () => new WholeTransform(gzipSync);
export const createGunzip = () => new WholeTransform(gunzipSync);
export const createDeflate = () => new WholeTransform(deflateSync);
export const createInflate = () => new WholeTransform(inflateSync);
export const createUnzip = () => new WholeTransform(unzipSync);

export const constants = {
  Z_NO_COMPRESSION: 0,
  Z_BEST_SPEED: 1,
  Z_BEST_COMPRESSION: 9,
  Z_DEFAULT_COMPRESSION: -1,
};
