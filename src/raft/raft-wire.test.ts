import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { apiOf } from '../protocol/api.ts';
import { decodeMessage, encodeMessage } from '../protocol/codec.ts';
import { batchesOf } from '../protocol/records/record-batch.ts';
import { CorruptRecordError } from '../protocol/records/record-errors.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../protocol/schema.ts';
import { fetchRequest, fetchResponse } from '../protocol/schemas/01-fetch.ts';
import { voteRequest, voteResponse } from '../protocol/schemas/52-vote.ts';
import {
  beginQuorumEpochRequest,
  beginQuorumEpochResponse,
} from '../protocol/schemas/53-begin-quorum-epoch.ts';
import {
  endQuorumEpochRequest,
  endQuorumEpochResponse,
} from '../protocol/schemas/54-end-quorum-epoch.ts';
import {
  addRaftVoterRequest,
  addRaftVoterResponse,
} from '../protocol/schemas/80-add-raft-voter.ts';
import {
  removeRaftVoterRequest,
  removeRaftVoterResponse,
} from '../protocol/schemas/81-remove-raft-voter.ts';
import type { FetchMessage, RaftResponse } from './quorum-types.ts';
import { encodeEpochStart } from './raft-batches.ts';
import * as wire from './raft-wire-client.ts';
import { type ElectedLeader, RaftApis } from './raft-wire-server.ts';
import { VoterHistory } from './voter-history.ts';
import { kraftVersions } from './voter-set.ts';

interface Exchange {
  readonly name: string;
  readonly api: number;
  readonly version: number;
  readonly request: string;
  readonly response: string;
}

const recording = new URL('testdata/kip-853-3.9.1.json', import.meta.url);
const { exchanges, checkpoint } = JSON.parse(readFileSync(recording, 'utf8')) as {
  readonly exchanges: readonly Exchange[];
  readonly checkpoint: string;
};

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function exchangeNamed(name: string): Exchange {
  const found = exchanges.find((exchange) => exchange.name === name);
  if (found === undefined) throw new TypeError(`nothing was recorded of ${name}`);
  return found;
}

function recorded<const S extends MessageSchema>(
  schema: S,
  name: string,
  part: 'request' | 'response',
): MessageOf<S> {
  const exchange = exchangeNamed(name);
  return decodeMessage(schema, exchange.version, bytesOf(exchange[part]));
}

/** Our message is the recorded one, byte for byte. */
function expectRecorded<const S extends MessageSchema>(
  schema: S,
  message: MessageInput<S>,
  [name, part]: readonly [string, 'request' | 'response'],
): void {
  const exchange = exchangeNamed(name);
  expect(hexOf(encodeMessage(schema, exchange.version, message))).toBe(exchange[part]);
}

const clusterId = 'MkU3OEVBNTcwNTJENDM2Qk';
const first = { id: 1, directoryId: '6yF-EXe5RjaxCOrc9fUM2Q' };
const second = { id: 2, directoryId: 'U-hwVoICxkaco8bn4g28sw' };
const third = { id: 3, directoryId: 'VXNyoFA9i2DGQD25XInQxg' };
const moved = { name: 'CONTROLLER', host: 'localhost', port: 29_195 };

test.for(exchanges)(
  '$name: what Apache Kafka 3.9.1 said decodes, and encodes again',
  (exchange) => {
    const { api, version } = exchange;
    const spec = apiOf(api);
    for (const part of ['request', 'response'] as const) {
      const schema = spec?.[part];
      if (schema === undefined) throw new TypeError(`no API ${api}`);
      const message = decodeMessage(schema, version, bytesOf(exchange[part]));
      expect(hexOf(encodeMessage(schema, version, message))).toBe(exchange[part]);
    }
  },
);

test('a vote is asked for in the bytes of Kafka 3.9.1, and granted in them', async () => {
  const name = 'a vote';
  const message = {
    api: 'vote',
    epoch: 2,
    candidateId: second.id,
    candidateDirectoryId: second.directoryId,
    voter: first,
    lastEpoch: 1,
    logEndOffset: 13,
  } as const;
  expectRecorded(voteRequest, wire.voteToWire(message, clusterId), [name, 'request']);
  const answer = wire.voteFromWire(recorded(voteResponse, name, 'response'));
  const result = { kind: 'vote', isGranted: true } as const;
  expect(answer).toEqual({ errorCode: 'NONE', epoch: 2, leaderId: undefined, result });
  const apis = answering(answer, { isPreVote: false, ...message });
  const ours = await apis.vote(recorded(voteRequest, name, 'request'), 1);
  expectRecorded(voteResponse, ours, [name, 'response']);
});

test('an epoch begins in the bytes of Kafka 3.9.1, and the answer says where its leader is', async () => {
  const name = 'the beginning of an epoch';
  const message = { api: 'begin-quorum-epoch', epoch: 2, leaderId: 2, voter: third } as const;
  const ours = wire.beginQuorumEpochToWire(message, clusterId, [moved]);
  expectRecorded(beginQuorumEpochRequest, ours, [name, 'request']);
  const response = recorded(beginQuorumEpochResponse, name, 'response');
  const answer = wire.acknowledgementFromWire(response);
  const { host, port } = moved;
  expect(answer).toMatchObject({ epoch: 2, leaderId: 2, leaderAddress: { host, port } });
  const request = recorded(beginQuorumEpochRequest, name, 'request');
  const answered = await answering(answer, message).beginQuorumEpoch(request, 1);
  expectRecorded(beginQuorumEpochResponse, answered, [name, 'response']);
});

test('an epoch ends in the bytes of Kafka 3.9.1', () => {
  const name = 'the end of an epoch';
  const preferredCandidates = [second, third];
  const message = { api: 'end-quorum-epoch', epoch: 1, leaderId: 1 } as const;
  // Theirs does not say where it is: it goes.
  const ours = wire.endQuorumEpochToWire(
    { ...message, preferredSuccessors: [], preferredCandidates },
    clusterId,
    [],
  );
  expectRecorded(endQuorumEpochRequest, ours, [name, 'request']);
  const response = recorded(endQuorumEpochResponse, name, 'response');
  expect(wire.acknowledgementFromWire(response)).toMatchObject({ epoch: 1, leaderId: 1 });
});

test('a newcomer asks in the bytes of Kafka 3.9.1 who leads, and is told that and where', () => {
  const name = 'a newcomer that asks any voter who leads';
  const message = fetchMessage(third, 0);
  expectRecorded(fetchRequest, wire.fetchToWire(message, clusterId), [name, 'request']);
  expect(wire.fetchFromWire(message, recorded(fetchResponse, name, 'response'))).toEqual({
    errorCode: 'FENCED_LEADER_EPOCH',
    epoch: 1,
    leaderId: 1,
    result: { kind: 'none' },
    leaderAddress: { host: 'localhost', port: 29_191 },
  });
});

test('the log of Kafka 3.9.1 begins with the batch that ours begins with', () => {
  const name = 'a newcomer that asks the leader for the log';
  const message = fetchMessage(second, 1);
  expectRecorded(fetchRequest, wire.fetchToWire(message, clusterId), [name, 'request']);
  const answer = wire.fetchFromWire(message, recorded(fetchResponse, name, 'response'));
  if (answer.result.kind !== 'records') throw new TypeError('records were recorded');
  const { records } = answer.result;
  const [batch] = batchesOf(records);
  if (batch === undefined) throw new TypeError('a batch was recorded');
  const endpoints = [{ name: 'CONTROLLER', host: 'localhost', port: 29_191 }];
  const voters = [{ ...first, endpoints, ...kraftVersions }];
  const place = { baseOffset: 0, partitionLeaderEpoch: 1, timestamp: batch.maxTimestamp };
  const start = { grantingVoters: [1], voters };
  const ours = encodeEpochStart(place, { nodeId: 1, voters: [1] }, start);
  expect(hexOf(ours)).toBe(hexOf(records.subarray(0, batch.sizeBytes)));
});

test.for([
  ['damaged', 1, { flipped: 100 }],
  ['that do not follow', 1, { fetchOffset: 5 }],
  ['of an epoch before the last one', 1, { lastFetchedEpoch: 2 }],
  ['of an epoch to come', 0, {}],
] as const)('records %s are not taken', ([, epoch, fault]) => {
  const response = recorded(
    fetchResponse,
    'a newcomer that asks the leader for the log',
    'response',
  );
  const records = response.responses[0]?.partitions[0]?.records;
  if ('flipped' in fault && records) records[fault.flipped] = (records[fault.flipped] ?? 0) ^ 1;
  const message = { ...fetchMessage(second, epoch), ...fault };
  expect(() => wire.fetchFromWire(message, response)).toThrow(CorruptRecordError);
});

test('where a leader was in an earlier epoch is not learned', async () => {
  const request = recorded(beginQuorumEpochRequest, 'the beginning of an epoch', 'request');
  const learned: number[] = [];
  for (const epoch of [1, 2, 3]) {
    const result = { kind: 'none' } as const;
    const response = { errorCode: 'NONE', epoch, leaderId: 2, result } as const;
    await answering(response, expect.anything(), ({ epoch: of }) => {
      learned.push(of);
    }).beginQuorumEpoch(request, 1);
  }
  // Of epoch 2, to replicas in epochs 1, 2 and 3.
  expect(learned).toEqual([2, 2]);
});

test('the checkpoint of Kafka 3.9.1 names the first voter', () => {
  const history = new VoterHistory([]);
  history.onSnapshot({ offset: 0, epoch: 0 }, bytesOf(checkpoint));
  const endpoints = [{ name: 'CONTROLLER', host: 'localhost', port: 29_191 }];
  expect(history.voters).toEqual([{ ...first, endpoints, ...kraftVersions }]);
  expect([history.kraftVersion, history.votersOffset]).toEqual([1, -1]);
});

test.for([
  ['a voter that is added', undefined],
  ['a voter that is added twice', 'DUPLICATE_VOTER'],
] as const)('%s is answered as by Kafka 3.9.1', async ([name, refused]) => {
  const { errorMessage } = recorded(addRaftVoterResponse, name, 'response');
  const apis = answering(changeResponse(refused, errorMessage));
  const answer = await apis.addVoter(recorded(addRaftVoterRequest, name, 'request'));
  expectRecorded(addRaftVoterResponse, answer, [name, 'response']);
});

test.for([
  ['a voter that is removed', undefined],
  ['a voter with another folder that is removed', 'VOTER_NOT_FOUND'],
] as const)('%s is answered as by Kafka 3.9.1', async ([name, refused]) => {
  const { errorMessage } = recorded(removeRaftVoterResponse, name, 'response');
  const apis = answering(changeResponse(refused, errorMessage));
  const answer = await apis.removeVoter(recorded(removeRaftVoterRequest, name, 'request'));
  expectRecorded(removeRaftVoterResponse, answer, [name, 'response']);
});

test('a voter that has moved is said as Kafka 3.9 reads it, and its answer read', () => {
  const voter = { ...second, endpoints: [moved], ...kraftVersions };
  const message = { api: 'update-voter', epoch: 2, voter } as const;
  expect(wire.updateVoterToWire(message, clusterId)).toEqual({
    clusterId,
    currentLeaderEpoch: 2,
    voterId: 2,
    voterDirectoryId: second.directoryId,
    listeners: [moved],
    kRaftVersionFeature: { minSupportedVersion: 0, maxSupportedVersion: 1 },
  });
  const currentLeader = { leaderId: 1, leaderEpoch: 3, host: 'localhost', port: 29_191 };
  const response = { throttleTimeMs: 0, errorCode: 74, currentLeader };
  expect(wire.updateVoterFromWire(response)).toMatchObject({
    errorCode: 'FENCED_LEADER_EPOCH',
    epoch: 3,
    leaderAddress: { host: 'localhost', port: 29_191 },
  });
});

function fetchMessage(replica: typeof first, epoch: number): FetchMessage {
  return {
    api: 'fetch',
    epoch,
    replicaId: replica.id,
    replicaDirectoryId: replica.directoryId,
    fetchOffset: 0,
    lastFetchedEpoch: 0,
    maxWaitMs: 500,
  };
}

function changeResponse(
  errorCode: 'DUPLICATE_VOTER' | 'VOTER_NOT_FOUND' | undefined,
  errorMessage: string | null,
): RaftResponse {
  const result = { kind: 'none' } as const;
  const message = errorMessage === null ? {} : { errorMessage };
  return { errorCode: errorCode ?? 'NONE', ...message, epoch: 2, leaderId: 2, result };
}

/** The listener of a replica that answers so, and is asked `expected`. */
function answering(
  response: RaftResponse,
  expected?: object,
  learnFrom: (leader: ElectedLeader) => void = () => undefined,
): RaftApis {
  const replica = {
    logStartOffset: 0,
    leaderAndEpoch: { leaderId: response.leaderId, epoch: response.epoch },
    changeVoters: () => Promise.resolve(response),
    handleRequest: (_from: number, request: object) => {
      expect(request).toEqual(expected);
      return Promise.resolve(response);
    },
  };
  return new RaftApis(clusterId, replica, {
    addressOf: () => moved,
    learnFrom,
    problemWith: () => undefined,
  });
}
