import type { BrokerServices } from './broker-services.ts';
import type { NodeServices } from './node-services.ts';

/** The connection that a request came over. */
export interface ClientInfo {
  /** `localHost:localPort-remoteHost:remotePort-index`, as in Kafka's log. */
  readonly connectionId: string;
  /** `/` and the address, as Kafka shows it in descriptions of groups. */
  readonly clientHost: string;
  readonly listenerName: string;
  /** From ApiVersions v3 (KIP-511); for people, never for decisions. */
  softwareName: string;
  softwareVersion: string;
  /** Runs `callback` when the connection is gone, at once if it is; answers how to take it back. */
  onClose(callback: () => void): () => void;
}

/** What a handler may use, on a broker's listener. */
export type RequestContext = RequestContextOf<BrokerServices>;

/** What a handler may use that answers on brokers' and controllers' listeners. */
export type NodeRequestContext = RequestContextOf<NodeServices>;

export interface RequestContextOf<Services> {
  readonly apiVersion: number;
  /** '' when the client sent none. */
  readonly clientId: string;
  readonly correlationId: number;
  readonly client: ClientInfo;
  /** It came in an envelope from a broker. */
  readonly isForwarded: boolean;
  readonly broker: Services;
}

/** What becomes of a request. */
export type Outcome<T> =
  | { readonly kind: 'response'; readonly message: T }
  /** Produce with acks=0 is not answered. */
  | { readonly kind: 'no-response' }
  /** The client cannot be told in any other way. */
  | { readonly kind: 'close'; readonly reason: string };

export function respond<T>(message: T): Outcome<T> {
  return { kind: 'response', message };
}
