import { expect, test } from 'vitest';
import { SeededRandom } from '../host/virtual/seeded-random.ts';
import type { QuorumEffect, QuorumLogView, QuorumState } from './quorum-types.ts';
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

/** Leads 2 and 3 in epoch 1; its own log ends at 10. */
function leaderOfThree(): QuorumState {
  const own: QuorumLogView = {
    logStartOffset: 0,
    logEndOffset: 10,
    lastEpoch: 1,
    latestSnapshot: undefined,
    endOffsetForEpoch: () => ({ offset: 10, epoch: 1 }),
  };
  const random = new SeededRandom(1);
  const state = newQuorumState({ nodeId: 1, voters: [1, 2, 3], config, random, log: own });
  const stored = { epoch: 1, leaderId: undefined, votedId: 1 };
  stepQuorum(state, { kind: 'start', stored, nowMs: 0 });
  const request = {
    api: 'vote',
    epoch: 1,
    candidateId: 1,
    lastEpoch: 1,
    logEndOffset: 10,
  } as const;
  const result = { kind: 'vote', isGranted: true } as const;
  const response = { errorCode: 'NONE', epoch: 1, leaderId: undefined, result } as const;
  stepQuorum(state, { kind: 'response', from: 2, request, response, nowMs: 1 });
  // The epoch begins at 10; more was appended since.
  stepQuorum(state, { kind: 'flushed', logEndOffset: 20, nowMs: 2 });
  return state;
}

function fetchedBy(
  state: QuorumState,
  replicaDirectoryId: string,
  [fetchOffset, nowMs]: readonly [number, number],
): readonly QuorumEffect[] {
  const place = { replicaId: 2, replicaDirectoryId, fetchOffset, lastFetchedEpoch: 0 };
  const request = { api: 'fetch', epoch: 1, ...place, maxWaitMs: 500 } as const;
  Object.assign(state.log, { endOffsetForEpoch: () => ({ offset: 20, epoch: 0 }) });
  return stepQuorum(state, { kind: 'request', from: 2, requestId: nowMs, request, nowMs });
}

test('of two processes with the id of one voter only the first counts, until it is gone', () => {
  const state = leaderOfThree();
  const [first, second] = ['directory00000000002AA', 'directory00000000012AA'] as const;
  fetchedBy(state, first, [12, 100]);
  expect(state.highWatermark).toBe(12);
  fetchedBy(state, second, [15, 200]);
  expect(state.highWatermark).toBe(12);
  fetchedBy(state, first, [13, 300]);
  expect(state.highWatermark).toBe(13);
  // A voter that has lost its disk.
  fetchedBy(state, second, [15, 300 + config.fetchTimeoutMs]);
  expect(state.highWatermark).toBe(15);
});
