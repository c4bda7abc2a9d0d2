import { Buffer } from 'buffer/';
import { nodeRuntime } from './runtime.ts';
import { systemError } from './system-error.ts';

/** Node's modules that need only a few lines each. */

class StringDecoder {
  readonly encoding: string;
  readonly #decoder: TextDecoder | undefined;

  constructor(encoding = 'utf8') {
    this.encoding = encoding;
    if (/^utf-?8$/i.test(encoding)) this.#decoder = new TextDecoder();
  }

  write(bytes: Uint8Array): string {
    if (this.#decoder) return this.#decoder.decode(bytes, { stream: true });
    return Buffer.from(bytes).toString(this.encoding as 'latin1');
  }

  end(bytes?: Uint8Array): string {
    return (bytes ? this.write(bytes) : '') + (this.#decoder?.decode() ?? '');
  }
}

export const stringDecoder = { StringDecoder };

type LookupDone = (error: unknown, address?: unknown, family?: number) => void;

async function lookup(host: string, options: { all?: boolean } = {}): Promise<unknown> {
  const address = await nodeRuntime()
    .context.kernel.call('resolveHost', { host })
    .catch(() => undefined);
  if (address === undefined) {
    throw systemError('ENOTFOUND', 'getaddrinfo', host, { hostname: host });
  }
  return options.all ? [{ address, family: 4 }] : { address, family: 4 };
}

export const dns = {
  lookup(host: string, ...rest: unknown[]): void {
    const done = rest.at(-1) as LookupDone;
    const options = (rest.length === 2 ? rest[0] : {}) as { all?: boolean };
    lookup(host, options).then(
      (found) =>
        options.all ? done(null, found) : done(null, (found as { address: string }).address, 4),
      (error: unknown) => done(error),
    );
  },
  promises: { lookup },
};

export const tty = {
  isatty: (fd: number) => nodeRuntime().context.start.terminals[fd as 0 | 1 | 2] ?? false,
};

export const url = {
  URL,
  URLSearchParams,
  fileURLToPath: (value: string | URL) => decodeURIComponent(new URL(value).pathname),
  pathToFileURL: (path: string) => new URL(`file://${nodeRuntime().files.absolute(path)}`),
};

export const perfHooks = {
  performance: globalThis.performance,
  PerformanceObserver: globalThis.PerformanceObserver,
};
export const workerThreads = {
  isMainThread: true,
  parentPort: null,
  workerData: null,
  threadId: 0,
};

class AsyncLocalStorage<T> {
  #store: T | undefined;

  /** Simplified: the store is that of the synchronous part. */
  run<R>(store: T, action: (...values: unknown[]) => R, ...values: unknown[]): R {
    const outer = this.#store;
    this.#store = store;
    try {
      return action(...values);
    } finally {
      this.#store = outer;
    }
  }

  getStore(): T | undefined {
    return this.#store;
  }
}

export const asyncHooks = { AsyncLocalStorage };
