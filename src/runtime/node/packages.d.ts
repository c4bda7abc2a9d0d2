// Types of packages that have none, as far as the shims use them.
declare module 'events/' {
  type Listener = (...values: never[]) => void;
  class EventEmitter {
    on(name: string | symbol, listener: Listener): this;
    once(name: string | symbol, listener: Listener): this;
    off(name: string | symbol, listener: Listener): this;
    addListener(name: string | symbol, listener: Listener): this;
    removeListener(name: string | symbol, listener: Listener): this;
    removeAllListeners(name?: string | symbol): this;
    emit(name: string | symbol, ...values: unknown[]): boolean;
    listenerCount(name: string | symbol): number;
    eventNames(): (string | symbol)[];
    setMaxListeners(count: number): this;
  }

  export { EventEmitter };
  // biome-ignore lint/style/noDefaultExport: as the package does
  export default EventEmitter;
}

declare module 'readable-stream' {
  import type { Buffer } from 'buffer/';
  import type { EventEmitter } from 'events/';

  type Done = (error?: Error | null) => void;
  interface StreamOptions {
    allowHalfOpen?: boolean;
    autoDestroy?: boolean;
    decodeStrings?: boolean;
    emitClose?: boolean;
    highWaterMark?: number;
    readableHighWaterMark?: number;
    writableHighWaterMark?: number;
  }
  class Readable extends EventEmitter {
    constructor(options?: StreamOptions);
    readonly destroyed: boolean;
    readonly readableEnded: boolean;
    readonly readableFlowing: boolean | null;
    push(chunk: Uint8Array | string | null): boolean;
    read(size?: number): unknown;
    pause(): this;
    resume(): this;
    pipe<T>(target: T): T;
    unpipe(target?: unknown): this;
    setEncoding(encoding: string): this;
    destroy(error?: Error): this;
    _read(size: number): void;
    _destroy(error: Error | null, done: Done): void;
    [Symbol.asyncIterator](): AsyncIterator<Uint8Array | string>;
  }
  class Writable extends EventEmitter {
    constructor(options?: StreamOptions);
    readonly destroyed: boolean;
    readonly writableEnded: boolean;
    write(chunk: unknown, encoding?: unknown, done?: unknown): boolean;
    end(chunk?: unknown, encoding?: unknown, done?: unknown): this;
    destroy(error?: Error): this;
    _write(chunk: Buffer, encoding: string, done: Done): void;
    _final(done: Done): void;
    _destroy(error: Error | null, done: Done): void;
  }
  class Duplex extends Readable {
    readonly writableEnded: boolean;
    write(chunk: unknown, encoding?: unknown, done?: unknown): boolean;
    end(chunk?: unknown, encoding?: unknown, done?: unknown): this;
    _write(chunk: Buffer, encoding: string, done: Done): void;
    _writev?(chunks: readonly { chunk: Buffer }[], done: Done): void;
    _final(done: Done): void;
  }
  class Transform extends Duplex {
    _transform(
      chunk: Buffer,
      encoding: string,
      done: (error?: Error | null, data?: Uint8Array) => void,
    ): void;
    _flush(done: (error?: Error | null, data?: Uint8Array) => void): void;
  }
  const stream: Record<string, unknown>;

  export { Duplex, Readable, Transform, Writable };
  // biome-ignore lint/style/noDefaultExport: as the package does
  export default stream;
}
