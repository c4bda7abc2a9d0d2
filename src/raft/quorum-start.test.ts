import { expect, test } from 'vitest';
import { SeededRandom } from '../host/virtual/seeded-random.ts';
import type { ElectionState, QuorumState } from './quorum-types.ts';
import { newQuorumState, stepQuorum } from './step-quorum.ts';

const config = {
  electionTimeoutMs: 1000,
  electionBackoffMaxMs: 1000,
  fetchTimeoutMs: 2000,
  retryBackoffMs: 20,
};

/** Voter 1 of three after a restart. */
function restarted(stored: ElectionState | undefined, lastEpoch = 0): QuorumState {
  const log = {
    logStartOffset: 0,
    logEndOffset: 10,
    lastEpoch,
    latestSnapshot: undefined,
    endOffsetForEpoch: () => ({ offset: 10, epoch: lastEpoch }),
  };
  const random = new SeededRandom(1);
  const state = newQuorumState({ nodeId: 1, voters: [1, 2, 3], config, random, log });
  stepQuorum(state, { kind: 'start', stored, nowMs: 0 });
  return state;
}

function votesFor(state: QuorumState, candidateId: number, epoch: number): boolean {
  const log = { lastEpoch: 0, logEndOffset: 10 };
  const request = { api: 'vote', epoch, candidateId, ...log } as const;
  const from = candidateId;
  const effects = stepQuorum(state, { kind: 'request', from, requestId: 7, request, nowMs: 1 });
  const answer = effects.find((effect) => effect.kind === 'respond');
  return answer?.response.result.kind === 'vote' && answer.response.result.isGranted;
}

test.for([
  ['has not voted', { votedId: undefined, leaderId: undefined }, [true, true]],
  ['voted for 2', { votedId: 2, leaderId: undefined }, [true, false]],
  ['stood itself', { votedId: 1, leaderId: undefined }, [false, false]],
  ['led', { votedId: undefined, leaderId: 1 }, [false, false]],
  ['followed 2', { votedId: undefined, leaderId: 2 }, [false, false]],
] as const)(
  'a voter that %s in an epoch is bound by that after a restart',
  ([, election, votes]) => {
    const stored = { epoch: 5, ...election };
    expect([2, 3].map((id) => votesFor(restarted(stored), id, 5))).toEqual(votes);
    // The next epoch is another matter.
    expect([2, 3].map((id) => votesFor(restarted(stored), id, 6))).toEqual([true, true]);
  },
);

test('a voter starts in the latest epoch that its file or its log knows', () => {
  expect(restarted({ epoch: 5, leaderId: undefined, votedId: 2 }, 3).role.epoch).toBe(5);
  expect(restarted({ epoch: 5, leaderId: undefined, votedId: 2 }, 7).role).toMatchObject({
    kind: 'unattached',
    epoch: 7,
  });
  expect(restarted(undefined, 7).role.epoch).toBe(7);
});
