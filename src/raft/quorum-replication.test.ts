import { expect, test } from 'vitest';
import { SeededRandom } from '../host/virtual/seeded-random.ts';
import type { QuorumLogView } from './quorum-types.ts';
import { newQuorumState, stepQuorum } from './step-quorum.ts';

const config = {
  electionTimeoutMs: 1000,
  electionBackoffMaxMs: 1000,
  fetchTimeoutMs: 2000,
  retryBackoffMs: 20,
};

/** Records 24 to 53, of epochs 3 and 10; a snapshot of all before 42. */
const log: QuorumLogView = {
  logStartOffset: 24,
  logEndOffset: 54,
  lastEpoch: 10,
  latestSnapshot: { offset: 42, epoch: 3 },
  endOffsetForEpoch(epoch) {
    if (10 <= epoch) return { offset: 54, epoch: 10 };
    return 3 <= epoch ? { offset: 44, epoch: 3 } : { offset: 42, epoch: 3 };
  },
};

// Found by the simulator: scenario raft, 3 nodes, seed 164. The follower truncated to its own end for ever.
test('a follower whose last epoch is before all that the leader still has gets the snapshot', () => {
  const state = newQuorumState({
    nodeId: 1,
    voters: [1],
    config,
    random: new SeededRandom(1),
    log,
  });
  stepQuorum(state, { kind: 'start', stored: undefined, nowMs: 0 });
  expect(state.role).toMatchObject({ kind: 'leader', epoch: 11 });
  const effects = stepQuorum(state, {
    kind: 'request',
    from: 2,
    requestId: 7,
    request: {
      api: 'fetch',
      epoch: 11,
      replicaId: 2,
      fetchOffset: 35,
      lastFetchedEpoch: 2,
      maxWaitMs: 500,
    },
    nowMs: 10,
  });
  const result = { kind: 'snapshot', id: { offset: 42, epoch: 3 } };
  expect(effects).toContainEqual(
    expect.objectContaining({ kind: 'respond', response: expect.objectContaining({ result }) }),
  );
});
