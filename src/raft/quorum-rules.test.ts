import { expect, test } from 'vitest';
import { SeededRandom } from '../host/virtual/seeded-random.ts';
import { correctRules } from './quorum-rules.ts';
import type { QuorumRole, QuorumState, VoteMessage } from './quorum-types.ts';
import { newQuorumState } from './step-quorum.ts';

const config = {
  electionTimeoutMs: 1000,
  electionBackoffMaxMs: 1000,
  fetchTimeoutMs: 2000,
  retryBackoffMs: 20,
};
const folder = 'directory00000000002AA';
const otherFolder = 'directory00000000012AA';

/** Voter 1 of three, whose log ends at 10 in epoch 3. */
function voter(role: QuorumRole): QuorumState {
  const log = {
    logStartOffset: 0,
    logEndOffset: 10,
    lastEpoch: 3,
    latestSnapshot: undefined,
    endOffsetForEpoch: () => ({ offset: 10, epoch: 3 }),
  };
  const random = new SeededRandom(1);
  const state = newQuorumState({ nodeId: 1, voters: [1, 2, 3], config, random, log });
  state.role = role;
  return state;
}

function asks(candidate: Partial<VoteMessage>): VoteMessage {
  return { api: 'vote', epoch: 5, candidateId: 2, lastEpoch: 3, logEndOffset: 10, ...candidate };
}

const unattached = { kind: 'unattached', epoch: 5, electionDeadlineMs: 1000 } as const;
const voted = { kind: 'voted', epoch: 5, votedId: 2, electionDeadlineMs: 1000 } as const;
const votedInFolder = { ...voted, votedDirectoryId: folder };

test.for([
  ['a log as long as its own', unattached, {}, true],
  ['a longer log', unattached, { logEndOffset: 11 }, true],
  ['a shorter log', unattached, { logEndOffset: 9 }, false],
  ['a shorter log of a later epoch', unattached, { lastEpoch: 4, logEndOffset: 4 }, true],
  ['a longer log of an earlier epoch', unattached, { lastEpoch: 2, logEndOffset: 99 }, false],
  ['the one it has voted for', voted, {}, true],
  ['another than it has voted for', voted, { candidateId: 3, logEndOffset: 99 }, false],
  ['the same folder', votedInFolder, { candidateDirectoryId: folder }, true],
  ['the same id in another folder', votedInFolder, { candidateDirectoryId: otherFolder }, false],
  ['the same id in a folder that nobody knows', votedInFolder, {}, true],
] as const)(
  'a voter and %s: one vote an epoch, and for no log behind its own',
  ([, role, candidate, isGranted]) => {
    expect(correctRules.canGrantVote(voter(role), asks(candidate))).toBe(isGranted);
  },
);

test('what a majority has counts, be there an odd or an even number of voters', () => {
  const at = (endOffset: number) => ({
    endOffset,
    lastFetchAtMs: 0,
    lastCaughtUpAtMs: 0,
    lastFetchLeaderEndOffset: 0,
    hasAcknowledged: true,
  });
  const replicated = (ends: readonly number[]) => {
    const leader = {
      kind: 'leader',
      epoch: 5,
      epochStartOffset: 0,
      voters: new Map(ends.map((end, index) => [index + 1, at(end)])),
      observers: new Map([[9, at(1000)]]),
      checkQuorumDeadlineMs: 0,
      fetchedSinceCheck: new Set<number>(),
      voterChange: undefined,
    } as const;
    const state = voter(leader);
    const voters = ends.map((_, index) => index + 1);
    const rules = { ...correctRules, countedVoters: () => voters };
    return rules.replicatedOffset({ ...state, rules }, leader);
  };
  expect(replicated([30])).toBe(30);
  expect(replicated([30, 20])).toBe(20);
  expect(replicated([30, 20, 10])).toBe(20);
  expect(replicated([40, 30, 20, 10])).toBe(20);
  expect(replicated([50, 40, 30, 20, 10])).toBe(30);
});

test('a follower cuts its log where it last agrees with the leader’s, by whose epoch is shorter', () => {
  // Epoch 2 ends at 7 here, epoch 3 at 10.
  const log = {
    ...voter(unattached).log,
    endOffsetForEpoch: (epoch: number) =>
      epoch < 3 ? { offset: 7, epoch: 2 } : { offset: 10, epoch: 3 },
  };
  const cut = (offset: number, epoch: number) =>
    correctRules.truncationOffset(log, { offset, epoch });
  expect(cut(5, 2)).toBe(5);
  expect(cut(9, 2)).toBe(7);
  expect(cut(8, 3)).toBe(8);
  expect(cut(99, 3)).toBe(10);
  // Of an epoch between the two this log has nothing.
  expect(cut(9, 1)).toBe(7);
});
