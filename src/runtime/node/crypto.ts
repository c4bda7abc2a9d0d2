import { Buffer } from 'buffer/';
import { type Digest, pbkdf2 as derive, digests, hmac } from './digests.ts';
import { nodeRuntime } from './runtime.ts';

type Done = (error: unknown, result?: Buffer) => void;
type Data = string | Uint8Array;

function digestOf(name: string): Digest {
  const digest = digests.get(name.toLowerCase().replace('-', ''));
  if (!digest)
    throw Object.assign(new Error('Digest method not supported'), {
      code: 'ERR_CRYPTO_INVALID_DIGEST',
    });
  return digest;
}

function bytesOf(data: Data, encoding?: string): Uint8Array {
  return typeof data === 'string' ? Buffer.from(data, encoding as 'utf8') : data;
}

class Hash {
  readonly #finish: (bytes: Uint8Array) => Uint8Array;
  readonly #chunks: Uint8Array[] = [];

  constructor(finish: (bytes: Uint8Array) => Uint8Array) {
    this.#finish = finish;
  }

  update(data: Data, encoding?: string): this {
    this.#chunks.push(bytesOf(data, encoding).slice());
    return this;
  }

  digest(encoding?: string): Buffer | string {
    const result = Buffer.from(this.#finish(Buffer.concat(this.#chunks)).buffer as ArrayBuffer);
    return encoding === undefined || encoding === 'buffer'
      ? result
      : result.toString(encoding as 'hex');
  }
}

export function createHash(name: string): Hash {
  const digest = digestOf(name);
  return new Hash((bytes) => digest.digest(bytes));
}

export function createHmac(name: string, key: Data): Hash {
  const digest = digestOf(name);
  const keyBytes = bytesOf(key).slice();
  return new Hash((bytes) => hmac(digest, keyBytes, bytes));
}

interface Derivation {
  readonly password: Data;
  readonly salt: Data;
  readonly iterations: number;
  readonly length: number;
  readonly name: string;
}

function derivation(values: readonly unknown[]): Derivation {
  const [password, salt, iterations, length, name] = values as [Data, Data, number, number, string];
  return { password, salt, iterations, length, name };
}

export function pbkdf2Sync(...values: unknown[]): Buffer {
  const { password, salt, iterations, length, name } = derivation(values);
  const parameters = { iterations, length };
  const key = derive(digestOf(name), bytesOf(password), bytesOf(salt), parameters);
  return Buffer.from(key.buffer as ArrayBuffer);
}

export function pbkdf2(...values: unknown[]): void {
  const done = values.pop() as Done;
  nodeRuntime().context.scheduler.soon(() => {
    try {
      done(null, pbkdf2Sync(...values));
    } catch (error) {
      done(error);
    }
  });
}

export function randomBytes(length: number, done?: Done): Buffer {
  const bytes = Buffer.from(nodeRuntime().context.random.bytes(length).buffer as ArrayBuffer);
  if (done) nodeRuntime().context.scheduler.soon(() => done(null, bytes));
  return bytes;
}

export function randomInt(low: number, high?: number): number {
  const [from, to] = high === undefined ? [0, low] : [low, high];
  return from + Math.floor((nodeRuntime().context.random.uint32() / 2 ** 32) * (to - from));
}

export function randomUUID(): string {
  const bytes = nodeRuntime().context.random.bytes(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Buffer.from(bytes.buffer as ArrayBuffer).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export function timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) throw new RangeError('Input buffers must have the same byte length');
  let difference = 0;
  for (let i = 0; i < a.length; i += 1) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}

export const getHashes = (): string[] => [...digests.keys()];
export const getRandomValues = <T extends Uint8Array<ArrayBuffer>>(array: T): T =>
  globalThis.crypto.getRandomValues(array);
export const webcrypto = globalThis.crypto;
