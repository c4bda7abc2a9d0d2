import { ControllerError, type RequestOrigin } from '../controller/controller.ts';
import type {
  DescribeQuorumRequest,
  DescribeQuorumResponse,
} from '../protocol/schemas/55-describe-quorum.ts';
import type {
  AddRaftVoterRequest,
  AddRaftVoterResponse,
} from '../protocol/schemas/80-add-raft-voter.ts';
import type {
  RemoveRaftVoterRequest,
  RemoveRaftVoterResponse,
} from '../protocol/schemas/81-remove-raft-voter.ts';
import type { RaftNode } from './raft-node.ts';

/** What administrators ask of the metadata quorum; only its leader knows. */
export interface QuorumRequests {
  /** The log names the voters, and they can be changed (KIP-853). */
  readonly hasLoggedVoters: boolean;
  describe(request: DescribeQuorumRequest, origin?: RequestOrigin): Promise<DescribeQuorumResponse>;
  /** Resolves when the new voter is in the committed log, or was refused (KIP-853). */
  addVoter(request: AddRaftVoterRequest, origin?: RequestOrigin): Promise<AddRaftVoterResponse>;
  removeVoter(
    request: RemoveRaftVoterRequest,
    origin?: RequestOrigin,
  ): Promise<RemoveRaftVoterResponse>;
}

/** Answered by this node's own replica, whether or not it leads. */
export function localQuorumRequests({ quorum, describe, apis }: RaftNode): QuorumRequests {
  return {
    get hasLoggedVoters() {
      return quorum.kraftVersion === 1;
    },
    describe: (request) => Promise.resolve(describe(request)),
    addVoter: (request) => apis.addVoter(request),
    removeVoter: (request) => apis.removeVoter(request),
  };
}

/** Answered by this node's own replica; rejects with ControllerError NOT_CONTROLLER unless it leads. */
export function leaderQuorumRequests(raft: RaftNode): QuorumRequests {
  const local = localQuorumRequests(raft);
  const leading = <T>(answer: () => Promise<T>): Promise<T> => {
    if (raft.quorum.role.kind === 'leader') return answer();
    const message = 'This node does not lead the metadata quorum.';
    return Promise.reject(new ControllerError('NOT_CONTROLLER', message));
  };
  return {
    get hasLoggedVoters() {
      return local.hasLoggedVoters;
    },
    describe: (request) => leading(() => local.describe(request)),
    addVoter: (request) => leading(() => local.addVoter(request)),
    removeVoter: (request) => leading(() => local.removeVoter(request)),
  };
}
