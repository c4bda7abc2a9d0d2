/** A MessagePort as far as we need one: the same in a page, in a worker and on Node. */
export interface Port {
  /** The host's port, for transfer lists. */
  readonly raw: object;
  post(message: unknown, transfer?: readonly object[]): void;
  /** Sets the one receiver; messages wait until there is one. */
  onMessage(handler: (message: unknown) => void): void;
  close(): void;
}

interface HostPort {
  postMessage(message: unknown, transfer?: readonly object[]): void;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  close?(): void;
}

/** Wraps a MessagePort (or a Worker, or a worker's own scope, which have no `close` that we may call). */
export function wrapPort(raw: object): Port {
  const host = raw as HostPort;
  return {
    raw,
    post(message, transfer) {
      if (transfer === undefined) host.postMessage(message);
      else host.postMessage(message, transfer);
    },
    onMessage(handler) {
      host.onmessage = (event) => handler(event.data);
    },
    close() {
      host.onmessage = null;
      host.close?.();
    },
  };
}

/** Two entangled ports. */
export function openChannel(): readonly [Port, Port] {
  const channel = new MessageChannel();
  return [wrapPort(channel.port1), wrapPort(channel.port2)];
}
