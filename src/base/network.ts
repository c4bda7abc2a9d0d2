import type { Disposable } from './disposable.ts';

/** Port: byte streams between machines. TCP on Node, message ports in a tab, virtual in the simulator. */
export interface Network {
  /** Rejects with NetworkError (EADDRINUSE, EADDRNOTAVAIL). Host '' or '0.0.0.0' listens on every address of this machine; port 0 picks a free one. */
  listen(address: SocketAddress, onConnection: (connection: Connection) => void): Promise<Listener>;
  /** Rejects with NetworkError (ECONNREFUSED, ENOTFOUND, ETIMEDOUT, EHOSTUNREACH). */
  connect(address: SocketAddress, options?: ConnectOptions): Promise<Connection>;
}

export interface SocketAddress {
  readonly host: string;
  readonly port: number;
}

export interface ConnectOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Disposing stops accepting; connections already accepted live on. */
export interface Listener extends Disposable {
  /** With the port that was really taken. */
  readonly address: SocketAddress;
}

/** One connection. Disposing closes it at once, both ways (the peer sees a reset or an end). */
export interface Connection extends Disposable {
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
  /** Sets the receiver of events; called exactly once, in the turn in which the connection was handed over. No event comes before. */
  start(handler: ConnectionHandler): void;
  /**
   * Sends chunks in order. The bytes are given away: the caller neither changes nor reads them
   * afterwards (a host may transfer a chunk that spans its whole buffer; a view is copied or sent as it is,
   * so that a part of a larger buffer may be read again, and written again once the peer has answered to it).
   * Answers false when more than the high-water mark waits: stop until `onDrain`. Silent after close.
   */
  write(chunks: readonly Uint8Array[]): boolean;
  /** Bytes written that the host has not passed on yet. */
  readonly bufferedBytes: number;
  /** Stops `onData` until `resume`; the peer feels it as back-pressure. */
  pause(): void;
  resume(): void;
  /** Half-close: no more writes from here; what was written is still delivered. */
  end(): void;
}

export interface ConnectionHandler {
  /** A chunk of any size; it belongs to the receiver from now on. */
  onData(chunk: Uint8Array): void;
  onDrain?(): void;
  /** The peer has ended its direction. */
  onEnd?(): void;
  /** The last event, exactly once; with an error when the connection broke. */
  onClose(error?: NetworkError): void;
}

export type NetworkErrorCode =
  | 'EADDRINUSE'
  | 'EADDRNOTAVAIL'
  | 'ECONNREFUSED'
  | 'ECONNRESET'
  | 'EHOSTUNREACH'
  | 'ENOTFOUND'
  | 'EPIPE'
  | 'ETIMEDOUT'
  | 'EACCES'
  | 'ABORTED'
  | 'UNKNOWN';

export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  readonly code: NetworkErrorCode;
  constructor(code: NetworkErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
