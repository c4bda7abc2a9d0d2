import type { Socket } from 'node:net';
import { assert } from '../../base/assert.ts';
import type { Connection, ConnectionHandler, SocketAddress } from '../../base/network.ts';
import { toNetworkError } from './internal/errors.ts';

/** One TCP socket as the Network port's connection. Node hands every chunk in a buffer of its own. */
export class NodeConnection implements Connection {
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
  readonly #socket: Socket;
  #error: Error | undefined;
  #isStarted = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.local = { host: socket.localAddress ?? '', port: socket.localPort ?? 0 };
    this.remote = { host: plainAddress(socket.remoteAddress), port: socket.remotePort ?? 0 };
    socket.on('error', (error) => {
      this.#error = error;
    });
  }

  start(handler: ConnectionHandler): void {
    assert(!this.#isStarted, 'a connection is started once');
    this.#isStarted = true;
    const socket = this.#socket;
    socket.on('data', (chunk: Buffer) => handler.onData(chunk));
    socket.on('drain', () => handler.onDrain?.());
    socket.on('end', () => handler.onEnd?.());
    socket.on('close', () => handler.onClose(this.#error && toNetworkError(this.#error)));
    socket.resume();
  }

  write(chunks: readonly Uint8Array[]): boolean {
    const socket = this.#socket;
    if (!socket.writable) return true;
    if (chunks.length === 1 && chunks[0] !== undefined) return socket.write(chunks[0]);
    socket.cork();
    for (const chunk of chunks) socket.write(chunk);
    socket.uncork();
    return !socket.writableNeedDrain;
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(): void {
    this.#socket.end();
  }

  dispose(): void {
    this.#socket.destroy();
  }
}

/** Dual-stack sockets report IPv4 peers as `::ffff:127.0.0.1`; Kafka's tools print the plain form. */
function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:/, '');
}
