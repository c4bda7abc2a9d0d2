import { expect, test } from 'vitest';
import { SeededRandom } from '../host/virtual/seeded-random.ts';
import type {
  ElectionState,
  QuorumEffect,
  QuorumState,
  RaftRequest,
  VoteMessage,
} from './quorum-types.ts';
import { newQuorumState, stepQuorum } from './step-quorum.ts';

const config = {
  electionTimeoutMs: 1000,
  electionBackoffMaxMs: 1000,
  fetchTimeoutMs: 2000,
  retryBackoffMs: 20,
};
const folder = 'directory00000000001AA';
const otherFolder = 'directory00000000011AA';

/** Voter 1 of three with an empty log, as its quorum-state file has it. */
function voter(stored: ElectionState): QuorumState {
  const log = {
    logStartOffset: 0,
    logEndOffset: 0,
    lastEpoch: 0,
    latestSnapshot: undefined,
    endOffsetForEpoch: () => ({ offset: 0, epoch: 0 }),
  };
  const random = new SeededRandom(1);
  const quorum = { nodeId: 1, directoryId: folder, voters: [1, 2, 3], config, random, log };
  const state = newQuorumState(quorum);
  stepQuorum(state, { kind: 'start', stored, nowMs: 0 });
  return state;
}

function asked(state: QuorumState, from: number, request: RaftRequest): readonly QuorumEffect[] {
  return stepQuorum(state, { kind: 'request', from, requestId: 7, request, nowMs: 1 });
}

function errorOf(effects: readonly QuorumEffect[]): string | undefined {
  return effects.find((effect) => effect.kind === 'respond')?.response.errorCode;
}

const free = { epoch: 5, leaderId: undefined, votedId: undefined };

test.for([
  ['for this voter', { id: 1, directoryId: folder }, 'NONE'],
  ['for this voter in another folder', { id: 1, directoryId: otherFolder }, 'INVALID_VOTER_KEY'],
  ['for another voter', { id: 3, directoryId: folder }, 'INVALID_VOTER_KEY'],
] as const)('a request %s is answered so (KIP-853)', ([, voterKey, errorCode]) => {
  const vote = { api: 'vote', epoch: 5, candidateId: 2, lastEpoch: 0, logEndOffset: 0 } as const;
  expect(errorOf(asked(voter(free), 2, { ...vote, voter: voterKey }))).toBe(errorCode);
  const begin = { api: 'begin-quorum-epoch', epoch: 5, leaderId: 2, voter: voterKey } as const;
  expect(errorOf(asked(voter(free), 2, begin))).toBe(errorCode);
});

test('an epoch has one leader: whoever says that it is another one is refused', () => {
  const state = voter({ ...free, leaderId: 2 });
  const second = { api: 'begin-quorum-epoch', epoch: 5, leaderId: 3 } as const;
  expect(errorOf(asked(state, 3, second))).toBe('INVALID_REQUEST');
  expect(state.role).toMatchObject({ kind: 'follower', leaderId: 2 });
  expect(errorOf(asked(state, 3, { ...second, epoch: 6 }))).toBe('NONE');
  expect(state.role).toMatchObject({ kind: 'follower', leaderId: 3 });
});

test('a vote of an earlier epoch, and one that was refused, elects nobody', () => {
  const state = voter({ ...free, votedId: 1 });
  const request: VoteMessage = {
    api: 'vote',
    epoch: 5,
    candidateId: 1,
    lastEpoch: 0,
    logEndOffset: 0,
  };
  const result = { kind: 'vote', isGranted: true } as const;
  const answered = (epoch: number, errorCode: 'NONE' | 'INVALID_REQUEST') => {
    const response = { errorCode, epoch, leaderId: undefined, result } as const;
    stepQuorum(state, { kind: 'response', from: 2, request, response, nowMs: 1 });
    return state.role.kind;
  };
  expect(answered(4, 'NONE')).toBe('candidate');
  expect(answered(5, 'INVALID_REQUEST')).toBe('candidate');
  expect(answered(5, 'NONE')).toBe('leader');
});

test('a follower knows as committed only what it has', () => {
  const state = voter({ ...free, leaderId: 2 });
  const place = { replicaId: 1, fetchOffset: 0, lastFetchedEpoch: 0, maxWaitMs: 500 };
  const request = { api: 'fetch', epoch: 5, ...place } as const;
  const result = { kind: 'records', records: new Uint8Array(0), highWatermark: 9 } as const;
  const response = { errorCode: 'NONE', epoch: 5, leaderId: 2, result } as const;
  stepQuorum(state, { kind: 'response', from: 2, request, response, nowMs: 1 });
  expect(state.highWatermark).toBe(0);
});
