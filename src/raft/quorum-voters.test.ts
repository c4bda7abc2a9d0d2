import { expect, test } from 'vitest';
import { SeededRandom } from '../host/virtual/seeded-random.ts';
import type {
  QuorumEffect,
  QuorumLogView,
  QuorumState,
  RaftRequest,
  VoterChangeMessage,
} from './quorum-types.ts';
import { newQuorumState, stepQuorum } from './step-quorum.ts';
import { type KraftVersion, kraftVersions, type Voter, type VoterSet } from './voter-set.ts';

const config = {
  electionTimeoutMs: 1000,
  electionBackoffMaxMs: 1000,
  fetchTimeoutMs: 2000,
  retryBackoffMs: 20,
};

function voterAt(id: number, port: number): Voter {
  const endpoints = [{ name: 'CONTROLLER', host: `worker${id}`, port }];
  return { id, directoryId: `directory0000000000${id}AA`, endpoints, ...kraftVersions };
}

/** What a log says of itself; a test changes it as the effects would. */
class TestLog implements QuorumLogView {
  readonly logStartOffset = 0;
  readonly latestSnapshot = undefined;
  logEndOffset = 0;
  lastEpoch = 0;
  voters: VoterSet;
  votersOffset = -1;
  kraftVersion: KraftVersion = 1;

  constructor(voters: VoterSet) {
    this.voters = voters;
  }

  endOffsetForEpoch() {
    return { offset: this.logEndOffset, epoch: this.lastEpoch };
  }
}

interface Replica {
  readonly log: TestLog;
  readonly state: QuorumState;
}

function replicaOf(voters: VoterSet, own: Voter): Replica {
  const log = new TestLog(voters);
  const { id: nodeId, directoryId, endpoints } = own;
  const random = new SeededRandom(1);
  const state = newQuorumState({
    nodeId,
    directoryId,
    endpoints,
    voters: [],
    config,
    random,
    log,
  });
  return { log, state };
}

/** The only voter, which has committed the beginning of its epoch 1. */
function loneLeader(): Replica {
  const replica = replicaOf([voterAt(1, 9093)], voterAt(1, 9093));
  const { log, state } = replica;
  stepQuorum(state, { kind: 'start', stored: undefined, nowMs: 0 });
  Object.assign(log, { logEndOffset: 3, lastEpoch: 1, votersOffset: 2 });
  stepQuorum(state, { kind: 'flushed', logEndOffset: 3, nowMs: 0 });
  return replica;
}

function askedToUpdate(
  { state }: Replica,
  voter: Voter,
  epoch = state.role.epoch,
): readonly QuorumEffect[] {
  const request = { api: 'update-voter', epoch, voter } as const;
  return stepQuorum(state, { kind: 'request', from: voter.id, requestId: 7, request, nowMs: 1 });
}

function answerOf(effects: readonly QuorumEffect[]): string | undefined {
  return effects.find((effect) => effect.kind === 'respond')?.response.errorCode;
}

test('a voter that says where it is stands so in the log, and is answered before that is committed', () => {
  const leader = loneLeader();
  const effects = askedToUpdate(leader, voterAt(1, 9193));
  expect(effects[0]).toEqual({ kind: 'append-voters', epoch: 1, voters: [voterAt(1, 9193)] });
  expect(answerOf(effects)).toBe('NONE');
});

const refusals: readonly (readonly [
  string,
  string,
  (leader: Replica) => readonly QuorumEffect[],
])[] = [
  [
    'FENCED_LEADER_EPOCH',
    'an epoch that is over',
    (leader) => askedToUpdate(leader, voterAt(1, 1), 0),
  ],
  [
    'UNKNOWN_LEADER_EPOCH',
    'an epoch that has not begun',
    (leader) => askedToUpdate(leader, voterAt(1, 1), 2),
  ],
  [
    'VOTER_NOT_FOUND',
    'somebody who does not vote',
    (leader) => askedToUpdate(leader, voterAt(2, 1)),
  ],
  [
    'VOTER_NOT_FOUND',
    'another folder',
    (leader) => askedToUpdate(leader, { ...voterAt(1, 1), directoryId: voterAt(2, 1).directoryId }),
  ],
  [
    'INVALID_REQUEST',
    'a voter that does not speak the version of the log',
    (leader) => askedToUpdate(leader, { ...voterAt(1, 1), maxVersion: 0 }),
  ],
  [
    'REQUEST_TIMED_OUT',
    'a change before the last one is committed',
    (leader) => {
      leader.log.votersOffset = 3;
      return askedToUpdate(leader, voterAt(1, 1));
    },
  ],
  [
    'UNSUPPORTED_VERSION',
    'a log that does not name the voters',
    (leader) => {
      leader.log.kraftVersion = 0;
      return askedToUpdate(leader, voterAt(1, 1));
    },
  ],
];

test.for(refusals)('%s: %s changes nothing', ([errorCode, , ask]) => {
  const effects = ask(loneLeader());
  expect(answerOf(effects)).toBe(errorCode);
  expect(effects).toHaveLength(1);
});

test('whoever does not lead says so', () => {
  const follower = replicaOf([voterAt(1, 9093), voterAt(2, 9093)], voterAt(1, 9093));
  stepQuorum(follower.state, { kind: 'start', stored: undefined, nowMs: 0 });
  expect(answerOf(askedToUpdate(follower, voterAt(2, 1)))).toBe('NOT_LEADER_OR_FOLLOWER');
});

/** What a follower of 2 asks its leader, each time at once answered with nothing new. */
function askedOf(voters: VoterSet, own: Voter, untilMs: number): readonly string[] {
  const { log, state } = replicaOf(voters, own);
  const election = { epoch: 1, leaderId: 2, votedId: undefined };
  Object.assign(log, { logEndOffset: 3, lastEpoch: 1, votersOffset: 2 });
  const apis: string[] = [];
  const take = (effects: readonly QuorumEffect[]): RaftRequest | undefined => {
    const sent = effects.find((effect) => effect.kind === 'send');
    if (sent !== undefined) apis.push(sent.request.api);
    return sent?.request;
  };
  let request = take(stepQuorum(state, { kind: 'start', stored: election, nowMs: 0 }));
  for (let nowMs = 500; nowMs <= untilMs && request !== undefined; nowMs += 500) {
    const isFetch = request.api === 'fetch';
    const records = { kind: 'records', records: new Uint8Array(0), highWatermark: 3 } as const;
    const result = isFetch ? records : ({ kind: 'none' } as const);
    const response = { errorCode: 'NONE', epoch: 1, leaderId: 2, result } as const;
    request = take(stepQuorum(state, { kind: 'response', from: 2, request, response, nowMs }));
  }
  return apis;
}

const two = [voterAt(1, 9093), voterAt(2, 9093)];

test('a voter that the log has elsewhere says so every three fetch timeouts, and fetches between', () => {
  const apis = askedOf(two, voterAt(1, 9193), 12_500);
  expect(apis.flatMap((api, index) => (api === 'update-voter' ? [index * 500] : []))).toEqual([
    6_000, 12_000,
  ]);
  expect(new Set(apis)).toEqual(new Set(['fetch', 'update-voter']));
});

test.for([
  ['that is where the log has it', two, voterAt(1, 9093)],
  [
    'that listens everywhere',
    two,
    { ...voterAt(1, 0), endpoints: [{ name: 'CONTROLLER', host: '', port: 0 }] },
  ],
  ['that is no voter', two, voterAt(3, 9193)],
  [
    'that has another folder than the voter',
    two,
    { ...voterAt(1, 9193), directoryId: voterAt(3, 1).directoryId },
  ],
] as const)('a replica %s says nothing', ([, voters, own]) => {
  expect(askedOf(voters, own, 12_500)).not.toContain('update-voter');
});

function change(
  { state }: Replica,
  message: VoterChangeMessage,
  nowMs = 200,
): readonly QuorumEffect[] {
  return stepQuorum(state, { kind: 'change-voters', requestId: 8, change: message, nowMs });
}

function fetchFrom({ state }: Replica, { id, directoryId }: Voter, nowMs: number): void {
  const place = { replicaId: id, replicaDirectoryId: directoryId, fetchOffset: 3 };
  const request = {
    api: 'fetch',
    epoch: 1,
    ...place,
    lastFetchedEpoch: 1,
    maxWaitMs: 500,
  } as const;
  stepQuorum(state, { kind: 'request', from: id, requestId: nowMs, request, nowMs });
}

test('nothing changes before the leader has committed something of its own epoch', () => {
  const replica = replicaOf([voterAt(1, 9093)], voterAt(1, 9093));
  const { state } = replica;
  stepQuorum(state, { kind: 'start', stored: undefined, nowMs: 0 });
  // It knew from an earlier epoch how far all is committed.
  state.highWatermark = 0;
  expect(answerOf(askedToUpdate(replica, voterAt(1, 1)))).toBe('REQUEST_TIMED_OUT');
});

test('who is added is the replica that fetches, in the folder in which it does', () => {
  const leader = loneLeader();
  fetchFrom(leader, voterAt(2, 9093), 100);
  const otherFolder = { ...voterAt(2, 9093), directoryId: voterAt(3, 1).directoryId };
  const add = (voter: Voter) => change(leader, { kind: 'add', voter, timeoutMs: 1_000 });
  expect(answerOf(add(otherFolder))).toBe('REQUEST_TIMED_OUT');
  expect(add(voterAt(2, 9093))).toContainEqual(expect.objectContaining({ kind: 'append-voters' }));
});

test('the last voter stays', () => {
  const key = voterAt(1, 9093);
  const effects = change(loneLeader(), { kind: 'remove', key, timeoutMs: 1_000 });
  expect(answerOf(effects)).toBe('VOTER_NOT_FOUND');
});

test('a leader that is removed is none of the majority that must ask it', () => {
  const leader = loneLeader();
  const [second, third] = [voterAt(2, 9093), voterAt(3, 9093)];
  Object.assign(leader.log, { voters: [second, third], votersOffset: 3 });
  for (let nowMs = 500; nowMs <= 3_000; nowMs += 500) fetchFrom(leader, second, nowMs);
  expect(leader.state.role.kind).toBe('resigned');
});

/** A replica of this id asks for records, as of an epoch of which nobody has told. */
function fetchInEpoch({ state }: Replica, replicaId: number, epoch: number): string | undefined {
  const place = { replicaId, fetchOffset: 3, lastFetchedEpoch: 1, maxWaitMs: 500 };
  const request = { api: 'fetch', epoch, ...place } as const;
  return answerOf(
    stepQuorum(state, { kind: 'request', from: replicaId, requestId: 7, request, nowMs: 300 }),
  );
}

// Found by the simulator: scenario cluster, 3 nodes, seed 1868. A voter that was removed while it was away stood
// among the voters of old, and took them along to epochs in which they could follow nobody.
test('a leader hears of a later epoch from whoever fetches, and is elected after it', () => {
  const { state, log } = loneLeader();
  expect(fetchInEpoch({ state, log }, 3, 7)).toBe('UNKNOWN_LEADER_EPOCH');
  expect(state.role).toMatchObject({ kind: 'unattached', epoch: 7 });
  // Epochs that go on rising do not put its election off.
  fetchInEpoch({ state, log }, 3, 9);
  const electionTimeoutMsMax = 2 * config.electionTimeoutMs;
  stepQuorum(state, { kind: 'tick', nowMs: 300 + electionTimeoutMsMax });
  expect(state.role).toMatchObject({ kind: 'leader', epoch: 10 });
});

test.for([
  ['a leader of configured voters, who ask each other', 3, 0],
  ['a leader that is asked by no replica', -1, 1],
  ['a leader that is asked in its own name', 1, 1],
] as const)('%s keeps its epoch, whatever is fetched', ([, replicaId, kraftVersion]) => {
  const leader = loneLeader();
  leader.log.kraftVersion = kraftVersion;
  expect(fetchInEpoch(leader, replicaId, 7)).toBe('UNKNOWN_LEADER_EPOCH');
  expect(leader.state.role).toMatchObject({ kind: 'leader', epoch: 1 });
});
