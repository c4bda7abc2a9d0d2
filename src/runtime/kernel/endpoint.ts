import type { Port } from '../port.ts';
import type { LinkState, OpenConnection } from '../system-calls.ts';

/** The end of a connection or listener: a process, or the page. */
export interface Endpoint {
  readonly machine: string;
  accept(listener: number, opened: OpenConnection): void;
  /** The peer's process is gone. */
  reset(connection: number): void;
  linkChanged(connection: number, link: LinkState): void;
  /** Copies of what it sends are wanted over this port; without one, no more. */
  tap?(port: Port | undefined): void;
  /** Who it is, for the frame inspector. */
  readonly identity?: EndpointIdentity;
}

export interface EndpointIdentity {
  readonly pid: number;
  readonly command: readonly string[];
}
