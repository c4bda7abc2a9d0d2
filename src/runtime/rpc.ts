import { FileError, type FileErrorCode } from '../base/file-system.ts';
import { NetworkError, type NetworkErrorCode } from '../base/network.ts';
import { BrokenPipeError, ProcessError } from '../base/program.ts';
import type { Port } from './port.ts';

/** Remote calls over a port: `Calls` is an interface of methods with one argument each. */
export type ArgumentOf<Calls, K extends keyof Calls> = Calls[K] extends (
  argument: infer A,
) => unknown
  ? A
  : never;
export type ResultOf<Calls, K extends keyof Calls> = Calls[K] extends (argument: never) => infer R
  ? R
  : never;

/** A result whose buffers or ports move to the caller. */
export class Transferred<T> {
  readonly value: T;
  readonly transfer: readonly object[];
  constructor(value: T, transfer: readonly object[]) {
    this.value = value;
    this.transfer = transfer;
  }
}

export type Handlers<Calls> = {
  [K in keyof Calls]: (
    argument: ArgumentOf<Calls, K>,
  ) =>
    | ResultOf<Calls, K>
    | Transferred<ResultOf<Calls, K>>
    | Promise<ResultOf<Calls, K> | Transferred<ResultOf<Calls, K>>>;
};

interface Request {
  /** 0: no answer wanted. */
  readonly id: number;
  readonly call: string;
  readonly argument: unknown;
}
interface Reply {
  readonly reply: number;
  readonly value?: unknown;
  readonly error?: WireError;
}
interface WireError {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly path: string;
}

/** The calling side; the other side may also send events. */
export class RpcClient<Calls, Event> {
  readonly #port: Port;
  readonly #pending = new Map<number, PendingCall>();
  #lastId = 0;
  #onEvent: (event: Event) => void = () => {};
  /** Told when the number of unanswered calls changes; a Node program lives while there are some. */
  onPendingChange: ((count: number) => void) | undefined;
  /** Called before anything is sent. */
  onBeforeSend: (() => void) | undefined;

  constructor(port: Port) {
    this.#port = port;
    port.onMessage((message) => this.#receive(message));
  }

  onEvent(handler: (event: Event) => void): void {
    this.#onEvent = handler;
  }

  call<K extends keyof Calls & string>(
    call: K,
    argument: ArgumentOf<Calls, K>,
    transfer?: readonly object[],
  ): Promise<Awaited<ResultOf<Calls, K>>> {
    this.onBeforeSend?.();
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.onPendingChange?.(this.#pending.size);
      this.#port.post({ id, call, argument } satisfies Request, transfer);
    });
  }

  /** Calls without an answer; kept in order with the other calls. */
  post<K extends keyof Calls & string>(
    call: K,
    argument: ArgumentOf<Calls, K>,
    transfer?: readonly object[],
  ): void {
    this.onBeforeSend?.();
    this.#port.post({ id: 0, call, argument } satisfies Request, transfer);
  }

  #receive(message: unknown): void {
    const reply = message as Reply;
    if (typeof reply.reply !== 'number') {
      this.#onEvent(message as Event);
      return;
    }
    const pending = this.#pending.get(reply.reply);
    if (!pending) return;
    this.#pending.delete(reply.reply);
    this.onPendingChange?.(this.#pending.size);
    if (reply.error) pending.reject(fromWire(reply.error));
    else pending.resolve(reply.value);
  }
}

interface PendingCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The answering side. A handler that answers at once is answered in the same turn, so order is kept. */
export function serveCalls<Calls>(port: Port, handlers: Handlers<Calls>): void {
  const table = handlers as Record<string, (argument: unknown) => unknown>;
  port.onMessage((message) => {
    const { id, call, argument } = message as Request;
    const handler = Object.hasOwn(table, call) ? table[call] : undefined;
    try {
      if (!handler) throw new Error(`no call is named ${call}`);
      const result = handler(argument);
      if (result instanceof Promise) {
        result.then(
          (value) => answer(port, id, value),
          (error: unknown) => answerError(port, id, error),
        );
      } else answer(port, id, result);
    } catch (error) {
      answerError(port, id, error);
    }
  });
}

function answer(port: Port, id: number, result: unknown): void {
  if (id === 0) return;
  if (result instanceof Transferred) {
    port.post({ reply: id, value: result.value } satisfies Reply, result.transfer);
  } else port.post({ reply: id, value: result } satisfies Reply);
}

function answerError(port: Port, id: number, error: unknown): void {
  if (id !== 0) port.post({ reply: id, error: toWire(error) } satisfies Reply);
}

function toWire(error: unknown): WireError {
  if (!(error instanceof Error))
    return { name: 'Error', code: '', message: String(error), path: '' };
  const { code = '', path = '' } = error as { code?: string; path?: string };
  return { name: error.name, code, message: error.message, path };
}

function fromWire(error: WireError): Error {
  switch (error.name) {
    case 'FileError':
      return new FileError(error.code as FileErrorCode, error.path, error.message);
    case 'NetworkError':
      return new NetworkError(error.code as NetworkErrorCode, error.message);
    case 'ProcessError':
      return new ProcessError(error.message);
    case 'BrokenPipeError':
      return new BrokenPipeError(error.message);
    default:
      return new Error(error.message);
  }
}
