import { expect, test } from 'vitest';
import { encodeVotersBatch } from './raft-batches.ts';
import { VoterHistory } from './voter-history.ts';
import { kraftVersions, type Voter } from './voter-set.ts';

function voter(id: number): Voter {
  return { id, directoryId: `directory0000000000${id}AA`, endpoints: [], ...kraftVersions };
}

function votersAt(baseOffset: number, ids: readonly number[]): Uint8Array {
  const place = { baseOffset, partitionLeaderEpoch: 1, timestamp: 0 };
  return encodeVotersBatch(place, ids.map(voter));
}

test('voters count from when they are in the log, and go back when it is cut', () => {
  const history = new VoterHistory([voter(9)]);
  const ids = () => history.voters.map(({ id }) => id);
  history.onAppended(votersAt(3, [1, 2]));
  history.onAppended(votersAt(7, [1, 2, 3]));
  expect([ids(), history.votersOffset]).toEqual([[1, 2, 3], 7]);
  expect(history.at(7).voters.map(({ id }) => id)).toEqual([1, 2]);
  history.onTruncated(7);
  expect([ids(), history.votersOffset]).toEqual([[1, 2], 3]);
  history.onTruncated(3);
  expect([ids(), history.votersOffset]).toEqual([[9], -1]);
});
