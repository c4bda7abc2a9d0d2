import type { NodeServices } from './node-services.ts';
import type { RaftNode } from './raft-node.ts';
import type { ClientInfo } from './request-context.ts';
import type { Reply } from './request-router.ts';
import type { Awaitable } from './route.ts';

/** What the handlers of a controller's listener work with. */
export interface ControllerServices extends NodeServices {
  /** This node's replica of the metadata log. */
  readonly raft: RaftNode;
  /**
   * Answers a request that a broker passed on (KIP-590), as if `client` had sent it here. Rejects with
   * DecodeError, and with ControllerError while another controller is active.
   */
  forwarded(frame: Uint8Array, client: ClientInfo): Awaitable<Reply>;
}
