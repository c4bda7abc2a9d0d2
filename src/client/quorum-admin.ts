import type {
  DescribeQuorumResponse,
  DescribeQuorumResponsePartitionData,
} from '../protocol/schemas/55-describe-quorum.ts';
import type { AddRaftVoterListener } from '../protocol/schemas/80-add-raft-voter.ts';
import { type Admin, throwIfError } from './admin.ts';
import { addRaftVoterCall, describeQuorumCall, removeRaftVoterCall } from './api-calls.ts';
import { BrokerError } from './client-errors.ts';

export interface QuorumDescription extends DescribeQuorumResponsePartitionData {
  /** Where the voters listen; empty where the server does not say (before KIP-853). */
  readonly nodes: DescribeQuorumResponse['nodes'];
}

/** A voter of the metadata quorum (KIP-853). */
export interface RaftVoter {
  readonly voterId: number;
  readonly voterDirectoryId: string;
}

/** The metadata quorum as its leader sees it. Rejects with a ClientError; waits for a leader. */
export async function describeQuorum(admin: Admin): Promise<QuorumDescription> {
  const topics = [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }];
  return await admin.retry('describeMetadataQuorum', async () => {
    const response = await admin.call('describeMetadataQuorum', describeQuorumCall, { topics });
    throwIfError(response.errorCode, response.errorMessage);
    const quorum = response.topics[0]?.partitions[0];
    if (quorum === undefined) throw new BrokerError('UNKNOWN_SERVER_ERROR');
    throwIfError(quorum.errorCode, quorum.errorMessage);
    return { ...quorum, nodes: response.nodes };
  });
}

/** Makes an observer a voter; it must have caught up. Rejects with a ClientError. */
export async function addRaftVoter(
  admin: Admin,
  voter: RaftVoter & { readonly listeners: readonly AddRaftVoterListener[] },
): Promise<void> {
  const { errorCode, errorMessage } = await admin.call('addRaftVoter', addRaftVoterCall, {
    clusterId: null,
    timeoutMs: admin.client.config.requestTimeoutMs,
    ...voter,
  });
  throwIfError(errorCode, errorMessage);
}

/** Rejects with a ClientError. */
export async function removeRaftVoter(admin: Admin, voter: RaftVoter): Promise<void> {
  const message = { clusterId: null, ...voter };
  const response = await admin.call('removeRaftVoter', removeRaftVoterCall, message);
  throwIfError(response.errorCode, response.errorMessage);
}
