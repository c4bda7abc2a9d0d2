import { Buffer } from 'buffer/';
import EventEmitter from 'events/';
import { Readable, Writable } from 'readable-stream';
import { HttpParser } from './http-parser.ts';
import { connect, Server as NetServer, type Socket } from './net.ts';

type Done = (error?: Error | null) => void;
type HeaderValue = string | number | readonly string[];
type Callback = (...values: never[]) => void;

/** A request as a server sees it, or an answer as a client does. */
export class IncomingMessage extends Readable {
  readonly socket: Socket;
  readonly headers: Record<string, string>;
  readonly httpVersion = '1.1';
  method: string | undefined;
  url: string | undefined;
  statusCode: number | undefined;
  statusMessage: string | undefined;

  constructor(socket: Socket, headers: Record<string, string>) {
    super();
    this.socket = socket;
    this.headers = headers;
  }

  override _read(): void {}
}

/** What both kinds of outgoing message share: headers, then a body of known length or in chunks. */
class OutgoingMessage extends Writable {
  headersSent = false;
  readonly #headers = new Map<string, [name: string, value: HeaderValue]>();
  #isChunked = false;

  constructor() {
    // What is sent is not yet over: the answer is still to come.
    super({ autoDestroy: false });
  }

  setHeader(name: string, value: HeaderValue): this {
    this.#headers.set(name.toLowerCase(), [name, value]);
    return this;
  }

  getHeader(name: string): HeaderValue | undefined {
    return this.#headers.get(name.toLowerCase())?.[1];
  }

  hasHeader(name: string): boolean {
    return this.#headers.has(name.toLowerCase());
  }

  removeHeader(name: string): void {
    this.#headers.delete(name.toLowerCase());
  }

  setHeaders(headers: Readonly<Record<string, HeaderValue>>): void {
    for (const [name, value] of Object.entries(headers)) this.setHeader(name, value);
  }

  /** The first line; the kinds of message differ in it. */
  firstLine(): string {
    return '';
  }

  transmit(_bytes: Buffer | string): boolean {
    return true;
  }

  override end(chunk?: unknown, encoding?: unknown, done?: unknown): this {
    // A body that comes in one piece needs no chunks.
    if (!this.headersSent && !this.hasHeader('content-length') && typeof chunk !== 'function') {
      const length =
        chunk === undefined || chunk === null ? 0 : Buffer.from(chunk as string).length;
      this.setHeader('Content-Length', length);
    }
    return super.end(chunk, encoding, done);
  }

  override _write(chunk: Buffer, _encoding: string, done: Done): void {
    this.sendHead();
    if (this.#isChunked) {
      this.transmit(`${chunk.length.toString(16)}\r\n`);
      this.transmit(chunk);
      this.transmit('\r\n');
    } else this.transmit(chunk);
    done();
  }

  override _final(done: Done): void {
    this.sendHead();
    if (this.#isChunked) this.transmit('0\r\n\r\n');
    done();
  }

  flushHeaders(): void {
    this.sendHead();
  }

  sendHead(): void {
    if (this.headersSent) return;
    this.headersSent = true;
    if (!this.hasHeader('content-length') && !this.hasHeader('transfer-encoding')) {
      this.setHeader('Transfer-Encoding', 'chunked');
    }
    this.#isChunked = this.getHeader('transfer-encoding') === 'chunked';
    const lines = [...this.#headers.values()].flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((one) => `${name}: ${one}\r\n`),
    );
    this.transmit(`${this.firstLine()}\r\n${lines.join('')}\r\n`);
  }
}

export class ServerResponse extends OutgoingMessage {
  statusCode = 200;
  statusMessage: string | undefined;
  readonly socket: Socket;

  constructor(socket: Socket) {
    super();
    this.socket = socket;
  }

  writeHead(statusCode: number, ...rest: unknown[]): this {
    this.statusCode = statusCode;
    for (const value of rest) {
      if (typeof value === 'string') this.statusMessage = value;
      else if (value) this.setHeaders(value as Record<string, HeaderValue>);
    }
    return this;
  }

  override firstLine(): string {
    const message = this.statusMessage ?? STATUS_CODES[this.statusCode] ?? 'Unknown';
    return `HTTP/1.1 ${this.statusCode} ${message}`;
  }

  override transmit(bytes: Buffer | string): boolean {
    return this.socket.write(bytes);
  }
}

/** `http.Server`: one request after the other on each connection. */
export class Server extends EventEmitter {
  readonly #net = new NetServer();

  constructor(options?: object | Callback, onRequest?: Callback) {
    super();
    const listener = typeof options === 'function' ? (options as Callback) : onRequest;
    if (listener) this.on('request', listener);
    this.#net.on('connection', (socket: Socket) => this.#serve(socket));
    for (const name of ['listening', 'error', 'close']) {
      this.#net.on(name, (...values: unknown[]) => this.emit(name, ...values));
    }
  }

  get listening(): boolean {
    return this.#net.listening;
  }

  listen(...values: unknown[]): this {
    this.#net.listen(...values);
    return this;
  }

  address(): object | null {
    return this.#net.address();
  }

  close(done?: Callback): this {
    this.#net.close(done);
    return this;
  }

  ref(): this {
    this.#net.ref();
    return this;
  }

  unref(): this {
    this.#net.unref();
    return this;
  }

  #serve(socket: Socket): void {
    let request: IncomingMessage | undefined;
    socket.on('error', () => socket.destroy());
    const parser = new HttpParser({
      onHead: (first, headers) => {
        const [method, url] = first.split(' ');
        request = new IncomingMessage(socket, headers);
        request.method = method;
        request.url = url;
        const response = new ServerResponse(socket);
        const keepsAlive = headers['connection']?.toLowerCase() !== 'close';
        response.setHeader('Date', new Date().toUTCString());
        response.setHeader('Connection', keepsAlive ? 'keep-alive' : 'close');
        response.once('finish', () => {
          if (!keepsAlive) socket.end();
        });
        this.emit('request', request, response);
      },
      onBody: (bytes) => request?.push(Buffer.from(bytes)),
      onEnd: () => request?.push(null),
    });
    socket.on('data', (chunk: Uint8Array) => {
      if (!parser.take(chunk)) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    });
    socket.once('close', () => request?.destroy());
  }
}

interface RequestOptions {
  hostname?: string;
  host?: string;
  port?: number | string;
  path?: string;
  method?: string;
  headers?: Readonly<Record<string, HeaderValue>>;
  timeout?: number;
}

export class ClientRequest extends OutgoingMessage {
  readonly #options: RequestOptions;
  readonly #socket: Socket;
  readonly method: string;

  constructor(options: RequestOptions, onResponse?: Callback) {
    super();
    this.#options = options;
    this.method = options.method ?? 'GET';
    if (onResponse) this.once('response', onResponse);
    const host = options.hostname ?? options.host ?? 'localhost';
    const port = Number(options.port ?? 80);
    this.setHeader('Host', `${host}:${port}`);
    this.setHeader('Connection', 'close');
    this.setHeaders(options.headers ?? {});
    this.#socket = connect({ host, port });
    this.#socket.on('error', (error: Error) => this.emit('error', error));
    if (options.timeout) this.#socket.setTimeout(options.timeout, () => this.emit('timeout'));
    this.#receive();
  }

  override firstLine(): string {
    return `${this.method} ${this.#options.path ?? '/'} HTTP/1.1`;
  }

  override transmit(bytes: Buffer | string): boolean {
    return this.#socket.write(bytes);
  }

  setTimeout(delayMs: number, done?: Callback): this {
    this.#socket.setTimeout(delayMs, () => this.emit('timeout'));
    if (done) this.once('timeout', done);
    return this;
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#socket.destroy();
    done(error);
  }

  #receive(): void {
    let response: IncomingMessage | undefined;
    const parser = new HttpParser({
      onHead: (first, headers) => {
        const [, code = '0', ...words] = first.split(' ');
        response = new IncomingMessage(this.#socket, headers);
        response.statusCode = Number(code);
        response.statusMessage = words.join(' ');
        this.emit('response', response);
      },
      onBody: (bytes) => response?.push(Buffer.from(bytes)),
      onEnd: () => {
        response?.push(null);
        this.#socket.end();
      },
    });
    parser.bodyMayLackLength = true;
    this.#socket.on('data', (chunk: Uint8Array) => parser.take(chunk));
    this.#socket.on('end', () => {
      if (!parser.finish())
        this.emit('error', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
    });
  }
}

export function createServer(options?: object | Callback, onRequest?: Callback): Server {
  return new Server(options, onRequest);
}

export function request(...values: unknown[]): ClientRequest {
  const onResponse = values.find((value) => typeof value === 'function') as Callback | undefined;
  const options: RequestOptions = {};
  for (const value of values) {
    if (typeof value === 'string' || value instanceof URL) Object.assign(options, fromUrl(value));
    else if (typeof value === 'object') Object.assign(options, value);
  }
  return new ClientRequest(options, onResponse);
}

export function get(...values: unknown[]): ClientRequest {
  return request(...values).end();
}

function fromUrl(value: string | URL): RequestOptions {
  const { hostname, port, pathname, search } = new URL(value);
  return { hostname, port: port === '' ? 80 : port, path: pathname + search };
}

export const METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];
export const STATUS_CODES: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  304: 'Not Modified',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};
