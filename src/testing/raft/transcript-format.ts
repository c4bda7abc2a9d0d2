import { controlRecordTypeOf } from '../../protocol/records/control-records.ts';
import type { RecordBatch } from '../../protocol/records/record-batch.ts';
import type { ElectionState, RaftRequest } from '../../raft/quorum-types.ts';
import type { Voter } from '../../raft/voter-set.ts';

/** What a control batch holds. */
export function controlNames(batch: RecordBatch): string {
  const names = {
    LEADER_CHANGE: 'LeaderChange',
    KRAFT_VERSION: 'KRaftVersion',
    KRAFT_VOTERS: 'Voters',
  };
  const types = [...batch.records()].map((record) => controlRecordTypeOf(record) ?? '');
  return types.map((type) => names[type as keyof typeof names] ?? type).join('+');
}

/** By its id, and by its port where it has moved. */
export function formatVoter({ id, endpoints: [endpoint] }: Voter): string {
  return endpoint === undefined || endpoint.port === 9093 ? `${id}` : `${id}:${endpoint.port}`;
}

export function formatElection({ epoch, leaderId, votedId }: ElectionState): string {
  return `epoch ${epoch}, leader ${leaderId ?? '-'}, voted ${votedId ?? '-'}`;
}

export function formatRequest(request: RaftRequest): string {
  switch (request.api) {
    case 'vote':
      return `${request.isPreVote === true ? 'PreVote' : 'Vote'}(epoch ${request.epoch}, log ${request.lastEpoch}/${request.logEndOffset})`;
    case 'begin-quorum-epoch':
      return `BeginQuorumEpoch(epoch ${request.epoch})`;
    case 'end-quorum-epoch':
      return `EndQuorumEpoch(epoch ${request.epoch}, successors ${request.preferredSuccessors})`;
    case 'fetch':
      return `Fetch(epoch ${request.epoch}, offset ${request.fetchOffset}, last epoch ${request.lastFetchedEpoch})`;
    case 'fetch-snapshot':
      return `FetchSnapshot(epoch ${request.epoch}, position ${request.position})`;
    case 'update-voter':
      return `UpdateVoter(epoch ${request.epoch}, ${formatVoter(request.voter)})`;
  }
}
