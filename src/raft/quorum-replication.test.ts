import { expect, test } from 'vitest';
import { SeededRandom } from '../host/virtual/seeded-random.ts';
import { ZERO_UUID } from '../protocol/uuid.ts';
import type { QuorumEffect, QuorumLogView, QuorumState, RaftResult } from './quorum-types.ts';
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

/** Leads 2 and 3 in epoch 1, which begins at 10; as much of its log is flushed. */
function leaderOfThree(flushedTo = 20): QuorumState {
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
  if (10 < flushedTo) stepQuorum(state, { kind: 'flushed', logEndOffset: flushedTo, nowMs: 2 });
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

test('a leader counts its own log only as far as it is flushed', () => {
  const state = leaderOfThree(10);
  fetchedBy(state, ZERO_UUID, [12, 100]);
  expect(state.highWatermark).toBeUndefined();
  stepQuorum(state, { kind: 'flushed', logEndOffset: 11, nowMs: 200 });
  expect(state.highWatermark).toBe(11);
});

test('a leader whom observers alone ask is cut off from its voters', () => {
  const state = leaderOfThree();
  const place = { replicaId: 9, fetchOffset: 12, lastFetchedEpoch: 0, maxWaitMs: 500 };
  const request = { api: 'fetch', epoch: 1, ...place } as const;
  Object.assign(state.log, { endOffsetForEpoch: () => ({ offset: 20, epoch: 0 }) });
  for (let nowMs = 500; nowMs <= 3_500; nowMs += 500) {
    stepQuorum(state, { kind: 'request', from: 9, requestId: nowMs, request, nowMs });
  }
  expect(state.role.kind).toBe('resigned');
});

/** Follows 2 in epoch 3; its log ends at 10, in epoch 2, and 8 of it are committed. */
function follower(): QuorumState {
  const own: QuorumLogView = {
    logStartOffset: 0,
    logEndOffset: 10,
    lastEpoch: 2,
    latestSnapshot: undefined,
    endOffsetForEpoch: () => ({ offset: 4, epoch: 1 }),
  };
  const random = new SeededRandom(1);
  const state = newQuorumState({ nodeId: 1, voters: [1, 2, 3], config, random, log: own });
  const stored = { epoch: 3, leaderId: 2, votedId: undefined };
  stepQuorum(state, { kind: 'start', stored, nowMs: 0 });
  state.highWatermark = 8;
  return state;
}

function answeredWith(
  state: QuorumState,
  result: RaftResult,
  fetchOffset = 10,
): readonly QuorumEffect[] {
  const place = { replicaId: 1, fetchOffset, lastFetchedEpoch: 2, maxWaitMs: 500 };
  const request = { api: 'fetch', epoch: 3, ...place } as const;
  const response = { errorCode: 'NONE', epoch: 3, leaderId: 2, result } as const;
  return stepQuorum(state, { kind: 'response', from: 2, request, response, nowMs: 100 });
}

test('a follower cuts nothing that is committed, whatever its leader says', () => {
  const effects = answeredWith(follower(), { kind: 'diverging', end: { offset: 3, epoch: 1 } });
  expect(effects).toEqual([{ kind: 'truncate', offset: 8 }]);
});

test('an answer to an earlier fetch is no news', () => {
  const records = { kind: 'records', records: new Uint8Array(9), highWatermark: 9 } as const;
  expect(answeredWith(follower(), records).map(({ kind }) => kind)).toContain('append');
  const effects = answeredWith(follower(), records, 6);
  expect(effects.map(({ kind }) => kind)).toEqual(['send']);
});

test('a snapshot that would take back what is committed is not fetched', () => {
  const state = follower();
  answeredWith(state, { kind: 'snapshot', id: { offset: 5, epoch: 1 } });
  expect(state.role).toMatchObject({ kind: 'follower', snapshot: undefined });
  answeredWith(state, { kind: 'snapshot', id: { offset: 9, epoch: 3 } });
  expect(state.role).toMatchObject({ snapshot: { id: { offset: 9, epoch: 3 } } });
});

test('snapshots are the leader’s to give', () => {
  const id = { offset: 5, epoch: 1 };
  const place = { replicaId: 3, id, position: 0, maxBytes: 100 };
  const request = { api: 'fetch-snapshot', epoch: 3, ...place } as const;
  const effects = stepQuorum(follower(), {
    kind: 'request',
    from: 3,
    requestId: 7,
    request,
    nowMs: 1,
  });
  expect(effects[0]).toMatchObject({ response: { errorCode: 'NOT_LEADER_OR_FOLLOWER' } });
});
