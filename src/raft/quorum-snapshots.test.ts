import { expect, test } from 'vitest';
import { SeededRandom } from '../host/virtual/seeded-random.ts';
import { MemoryRaftLog } from '../testing/raft/memory-raft-log.ts';
import type {
  FetchSnapshotMessage,
  QuorumEffect,
  RaftResponse,
  RaftResult,
} from './quorum-types.ts';
import { newQuorumState, stepQuorum } from './step-quorum.ts';

const id = { offset: 10, epoch: 2 };

/** A follower of leader 1 in epoch 3 that has been told to take the snapshot 10-2. */
class Follower {
  readonly state = newQuorumState({
    nodeId: 2,
    voters: [1, 2, 3],
    config: {
      electionTimeoutMs: 1000,
      electionBackoffMaxMs: 1000,
      fetchTimeoutMs: 2000,
      retryBackoffMs: 20,
      snapshotPartBytes: 4,
    },
    random: new SeededRandom(1),
    log: new MemoryRaftLog(),
  });
  nowMs = 0;

  constructor() {
    const stored = { epoch: 3, leaderId: 1, votedId: undefined };
    const [, fetch] = stepQuorum(this.state, { kind: 'start', stored, nowMs: 0 });
    if (fetch?.kind !== 'send' || fetch.request.api !== 'fetch') throw new TypeError('no fetch');
    const response = answer({ kind: 'snapshot', id });
    this.asked = this.#step({ kind: 'response', from: 1, request: fetch.request, response });
  }

  asked: readonly QuorumEffect[];

  get request(): FetchSnapshotMessage {
    const request = this.asked.flatMap((effect) => (effect.kind === 'send' ? effect.request : []));
    if (request[0]?.api !== 'fetch-snapshot') throw new TypeError('no part is asked for');
    return request[0];
  }

  answer(response: RaftResponse): readonly QuorumEffect[] {
    this.asked = this.#step({ kind: 'response', from: 1, request: this.request, response });
    return this.asked;
  }

  fail(): void {
    this.#step({ kind: 'request-failed', to: 1, request: this.request });
    this.nowMs += 20;
    this.asked = this.#step({ kind: 'tick' });
  }

  refuse(): void {
    this.#step({ kind: 'snapshot-refused' });
    this.nowMs += 500;
    this.asked = this.#step({ kind: 'tick' });
  }

  #step(event: object): readonly QuorumEffect[] {
    return stepQuorum(this.state, { ...event, nowMs: this.nowMs } as Parameters<
      typeof stepQuorum
    >[1]);
  }
}

function answer(result: RaftResult, errorCode: RaftResponse['errorCode'] = 'NONE'): RaftResponse {
  return { errorCode, epoch: 3, leaderId: 1, result };
}

function part(position: number, length: number, sizeBytes = 10): RaftResponse {
  return answer({ kind: 'snapshot-part', id, sizeBytes, position, bytes: new Uint8Array(length) });
}

test('a snapshot is fetched part by part and installed when the last one is there', () => {
  const follower = new Follower();
  expect(follower.request).toMatchObject({ id, position: 0, maxBytes: 4 });
  expect(follower.answer(part(0, 4))).toMatchObject([
    { kind: 'append-snapshot' },
    { kind: 'send' },
  ]);
  expect(follower.request.position).toBe(4);
  follower.answer(part(4, 4));
  const last = follower.answer(part(8, 2));
  expect(last).toMatchObject([
    { kind: 'append-snapshot', position: 8 },
    { kind: 'install-snapshot', id },
  ]);
});

test('a part that did not come is asked for again, and those that came are kept', () => {
  const follower = new Follower();
  follower.answer(part(0, 4));
  follower.fail();
  expect(follower.request.position).toBe(4);
});

const lies: readonly (readonly [string, RaftResponse])[] = [
  ['is gone at the leader', answer({ kind: 'none' }, 'SNAPSHOT_NOT_FOUND')],
  ['changes its size', part(4, 4, 12)],
  ['has another position', part(5, 4)],
  ['goes beyond its end', part(4, 8)],
  ['is empty', part(4, 0)],
  ['is larger than any metadata', part(4, 4, 2 ** 40)],
];

test.for(lies)(
  'a snapshot that %s is given up, nothing is installed, and the log is asked for again',
  ([, lie]) => {
    const follower = new Follower();
    follower.answer(part(0, 4));
    expect(follower.answer(lie)).toEqual([]);
    follower.nowMs += 20;
    const again = stepQuorum(follower.state, { kind: 'tick', nowMs: follower.nowMs });
    expect(again).toMatchObject([{ kind: 'send', request: { api: 'fetch', fetchOffset: 0 } }]);
  },
);

test('a snapshot that does not decode is fetched anew', () => {
  const follower = new Follower();
  follower.answer(part(0, 10));
  follower.refuse();
  expect(follower.asked).toMatchObject([{ kind: 'send', request: { api: 'fetch' } }]);
  expect(follower.state.highWatermark).toBeUndefined();
});

test('while parts come the follower does not stand for election', () => {
  const follower = new Follower();
  for (let position = 0; position < 9; position++) {
    follower.nowMs += 1_500;
    follower.answer(part(position, 1));
  }
  expect(follower.state.role.kind).toBe('follower');
});
