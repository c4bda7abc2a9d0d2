import { ControllerError } from '../controller/controller.ts';
import type {
  DescribeQuorumRequest,
  DescribeQuorumResponse,
} from '../protocol/schemas/55-describe-quorum.ts';
import type { RaftNode } from './raft-node.ts';

/** What administrators ask of the metadata quorum; only its leader knows. */
export interface QuorumRequests {
  describe(request: DescribeQuorumRequest): Promise<DescribeQuorumResponse>;
}

/** Answered by this node's own replica, whether or not it leads. */
export function localQuorumRequests({ describe }: RaftNode): QuorumRequests {
  return { describe: (request) => Promise.resolve(describe(request)) };
}

/** Answered by this node's own replica; rejects with ControllerError NOT_CONTROLLER unless it leads. */
export function leaderQuorumRequests(raft: RaftNode): QuorumRequests {
  const local = localQuorumRequests(raft);
  return {
    describe(request) {
      if (raft.quorum.role.kind === 'leader') return local.describe(request);
      const message = 'This node does not lead the metadata quorum.';
      return Promise.reject(new ControllerError('NOT_CONTROLLER', message));
    },
  };
}
