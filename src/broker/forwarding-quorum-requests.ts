import { controllerCalls as calls } from './channel/controller-calls.ts';
import type { ControllerChannel } from './channel/controller-channel.ts';
import { envelopedRequest, originOf } from './forwarding-controller.ts';
import type { QuorumRequests } from './quorum-requests.ts';

export interface QuorumForwardingOptions {
  readonly clientId: string;
  /** Rejects with ControllerError NOT_CONTROLLER unless this node leads. */
  readonly local: QuorumRequests;
  readonly channel: ControllerChannel;
  readonly requestTimeoutMs: number;
}

/** The leader of the metadata quorum, wherever it is (KIP-590). */
export function forwardingQuorumRequests(options: QuorumForwardingOptions): QuorumRequests {
  const { clientId, local, channel, requestTimeoutMs } = options;
  const self = originOf(clientId);
  return {
    get hasLoggedVoters() {
      return local.hasLoggedVoters;
    },
    describe(request, origin = self) {
      const here = () => local.describe(request);
      const passed = envelopedRequest(calls.describeQuorum, request, { here, origin });
      return channel.ask(passed, requestTimeoutMs);
    },
    addVoter(request, origin = self) {
      const here = () => local.addVoter(request);
      const passed = envelopedRequest(calls.addRaftVoter, request, { here, origin });
      return channel.ask(passed, requestTimeoutMs);
    },
    removeVoter(request, origin = self) {
      const here = () => local.removeVoter(request);
      const passed = envelopedRequest(calls.removeRaftVoter, request, { here, origin });
      return channel.ask(passed, requestTimeoutMs);
    },
  };
}
