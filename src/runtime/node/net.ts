import { Buffer } from 'buffer/';
import EventEmitter from 'events/';
import { Duplex } from 'readable-stream';
import type { Connection, Listener, NetworkError } from '../../base/network.ts';
import type { LiveHandle } from './live-handles.ts';
import { nodeRuntime } from './runtime.ts';
import { systemError } from './system-error.ts';
import { clearTimeout, setTimeout, type Timeout } from './timers.ts';

interface ConnectOptions {
  port?: number | string;
  host?: string;
  path?: string;
  allowHalfOpen?: boolean;
  timeout?: number;
}
type Done = (error?: Error | null) => void;
type Callback = (...values: never[]) => void;

const highWaterMark = 262_144;

/** `net.Socket` over a connection of the lab's network. */
export class Socket extends Duplex {
  connecting = false;
  bytesRead = 0;
  bytesWritten = 0;
  remoteAddress: string | undefined;
  remotePort: number | undefined;
  remoteFamily: string | undefined;
  localAddress: string | undefined;
  localPort: number | undefined;
  timeout = 0;
  readonly allowHalfOpen: boolean;
  #connection: Connection | undefined;
  #handle: LiveHandle | undefined;
  #isRef = true;
  #timer: Timeout | undefined;
  /** A write that waits for the connection or for its room. */
  #resume: (() => void) | undefined;
  readonly #abort = new AbortController();

  constructor(options: ConnectOptions = {}) {
    super({
      allowHalfOpen: options.allowHalfOpen ?? false,
      emitClose: true,
      autoDestroy: true,
      readableHighWaterMark: highWaterMark,
      writableHighWaterMark: highWaterMark,
    });
    this.allowHalfOpen = options.allowHalfOpen ?? false;
  }

  connect(...values: unknown[]): this {
    const { options, callback } = connectArguments(values);
    if (callback) this.once('connect', callback);
    if (options.timeout) this.setTimeout(options.timeout);
    this.connecting = true;
    this.#hold();
    void this.#connect(options.host ?? 'localhost', Number(options.port));
    return this;
  }

  attach(connection: Connection): void {
    this.#connection = connection;
    this.#hold();
    this.connecting = false;
    this.remoteAddress = connection.remote.host;
    this.remotePort = connection.remote.port;
    this.remoteFamily = 'IPv4';
    this.localAddress = connection.local.host;
    this.localPort = connection.local.port;
    connection.start({
      onData: (chunk) => this.#receive(chunk),
      onDrain: () => this.#goOn(),
      onEnd: () => this.push(null),
      onClose: (error) => this.#closed(error),
    });
    this.#goOn();
  }

  get pending(): boolean {
    return this.#connection === undefined;
  }

  get readyState(): string {
    if (this.connecting) return 'opening';
    return this.#connection && !this.destroyed ? 'open' : 'closed';
  }

  setTimeout(delayMs: number, callback?: Callback): this {
    this.timeout = delayMs;
    this.#touch();
    if (callback) {
      if (delayMs === 0) this.removeListener('timeout', callback);
      else this.once('timeout', callback);
    }
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  address(): object {
    return { address: this.localAddress, port: this.localPort, family: 'IPv4' };
  }

  ref(): this {
    this.#isRef = true;
    this.#handle?.ref();
    return this;
  }

  unref(): this {
    this.#isRef = false;
    this.#handle?.unref();
    return this;
  }

  override _read(): void {
    this.#connection?.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: Done): void {
    this.#send([chunk], done);
  }

  override _writev(chunks: readonly { chunk: Buffer }[], done: Done): void {
    this.#send(
      chunks.map(({ chunk }) => chunk),
      done,
    );
  }

  override _final(done: Done): void {
    if (this.connecting) this.#resume = () => this._final(done);
    else {
      this.#connection?.end();
      done();
    }
  }

  override _destroy(error: Error | null, done: Done): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
    this.#connection?.dispose();
    this.#handle?.release();
    done(error);
  }

  destroySoon(): void {
    if (!this.writableEnded) this.end();
    this.once('finish', () => this.destroy());
  }

  async #connect(host: string, port: number): Promise<void> {
    const { network } = nodeRuntime().context;
    try {
      const connection = await network.connect({ host, port }, { signal: this.#abort.signal });
      if (this.destroyed) {
        connection.dispose();
        return;
      }
      this.attach(connection);
      this.emit('connect');
      this.emit('ready');
    } catch (error) {
      this.connecting = false;
      if (!this.destroyed) this.destroy(connectError(error as NetworkError, host, port));
    }
  }

  #receive(chunk: Uint8Array): void {
    this.#touch();
    this.bytesRead += chunk.length;
    const buffer = Buffer.from(chunk.buffer as ArrayBuffer, chunk.byteOffset, chunk.length);
    if (!this.push(buffer)) this.#connection?.pause();
  }

  #send(chunks: readonly Buffer[], done: Done): void {
    const connection = this.#connection;
    if (!connection) {
      this.#resume = () => this.#send(chunks, done);
      return;
    }
    this.#touch();
    for (const { length } of chunks) this.bytesWritten += length;
    // Copied here, once: a caller may write into its buffers again, and a connection takes what it is given.
    const copies = [copyOf(chunks)];
    if (connection.write(copies)) done();
    else this.#resume = () => done();
  }

  #goOn(): void {
    const resume = this.#resume;
    this.#resume = undefined;
    resume?.();
  }

  #closed(error: NetworkError | undefined): void {
    if (this.destroyed) return;
    if (error) {
      this.destroy(systemError(error.code, 'read', ''));
      return;
    }
    this.push(null);
    if (!this.writableEnded) this.end();
    this.#goOn();
  }

  #touch(): void {
    clearTimeout(this.#timer);
    if (this.timeout === 0) return;
    this.#timer = setTimeout(() => this.emit('timeout'), this.timeout).unref();
  }

  #hold(): void {
    if (this.#handle) return;
    this.#handle = nodeRuntime().handles.acquire();
    if (!this.#isRef) this.#handle.unref();
  }
}

/** `net.Server`. */
export class Server extends EventEmitter {
  listening = false;
  maxConnections: number | undefined;
  readonly #allowHalfOpen: boolean;
  readonly #sockets = new Set<Socket>();
  #listener: Listener | undefined;
  #handle: LiveHandle | undefined;
  #isRef = true;

  constructor(options: ConnectOptions | Callback = {}, onConnection?: Callback) {
    super();
    const listener = typeof options === 'function' ? options : onConnection;
    this.#allowHalfOpen = typeof options === 'object' && options.allowHalfOpen === true;
    if (listener) this.on('connection', listener);
  }

  listen(...values: unknown[]): this {
    const { options, callback } = connectArguments(values);
    if (callback) this.once('listening', callback);
    this.#handle = nodeRuntime().handles.acquire();
    if (!this.#isRef) this.#handle.unref();
    void this.#listen(options.host ?? '', Number(options.port ?? 0));
    return this;
  }

  address(): object | null {
    if (!this.#listener) return null;
    const { host, port } = this.#listener.address;
    return { address: host, family: 'IPv4', port };
  }

  close(callback?: Callback): this {
    if (callback) this.once('close', callback);
    this.listening = false;
    this.#listener?.dispose();
    this.#listener = undefined;
    this.#closeWhenEmpty();
    return this;
  }

  getConnections(done: (error: null, count: number) => void): void {
    done(null, this.#sockets.size);
  }

  ref(): this {
    this.#isRef = true;
    this.#handle?.ref();
    return this;
  }

  unref(): this {
    this.#isRef = false;
    this.#handle?.unref();
    return this;
  }

  async #listen(host: string, port: number): Promise<void> {
    const { network } = nodeRuntime().context;
    try {
      this.#listener = await network.listen({ host, port }, (connection) =>
        this.#accept(connection),
      );
      this.listening = true;
      this.emit('listening');
    } catch (error) {
      this.#handle?.release();
      const { code } = error as NetworkError;
      const shown = `${host === '' ? '::' : host}:${port}`;
      const failure = systemError(code, 'listen', shown, { address: host, port });
      failure.message = `listen ${code}: ${listenMessages[code] ?? 'cannot listen'} ${shown}`;
      this.emit('error', failure);
    }
  }

  #accept(connection: Connection): void {
    const socket = new Socket({ allowHalfOpen: this.#allowHalfOpen });
    socket.attach(connection);
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      if (!this.listening) this.#closeWhenEmpty();
    });
    this.emit('connection', socket);
  }

  #closeWhenEmpty(): void {
    if (0 < this.#sockets.size) return;
    this.#handle?.release();
    queueMicrotask(() => this.emit('close'));
  }
}

const listenMessages: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EADDRINUSE: 'address already in use',
  EADDRNOTAVAIL: 'address not available',
};

function connectError(error: NetworkError, host: string, port: number): Error {
  if (error.code === 'ENOTFOUND')
    return systemError('ENOTFOUND', 'getaddrinfo', host, { hostname: host });
  const address = /\b(\d+\.\d+\.\d+\.\d+):/.exec(error.message)?.[1] ?? host;
  return systemError(error.code, 'connect', `${address}:${port}`, { address, port });
}

function connectArguments(values: readonly unknown[]): {
  readonly options: ConnectOptions;
  readonly callback: Callback | undefined;
} {
  const callback = values.find((value) => typeof value === 'function') as Callback | undefined;
  const [first, second] = values;
  if (typeof first === 'object' && first !== null) return { options: first, callback };
  const host = typeof second === 'string' ? { host: second } : {};
  const port = typeof first === 'function' || first === undefined ? 0 : Number(first);
  return { options: { port, ...host }, callback };
}

export function createServer(options?: ConnectOptions | Callback, listener?: Callback): Server {
  return new Server(options, listener);
}

export function connect(...values: unknown[]): Socket {
  return new Socket(connectArguments(values).options).connect(...values);
}

export const createConnection = connect;
export { Socket as Stream };
export const isIPv4 = (text: string): boolean => /^(\d{1,3}\.){3}\d{1,3}$/.test(text);
export const isIPv6 = (text: string): boolean => text.includes(':') && /^[0-9a-f:]+$/i.test(text);
export function isIP(text: string): number {
  if (isIPv4(text)) return 4;
  return isIPv6(text) ? 6 : 0;
}

function copyOf(chunks: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const chunk of chunks) length += chunk.length;
  const copy = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    copy.set(chunk, at);
    at += chunk.length;
  }
  return copy;
}
