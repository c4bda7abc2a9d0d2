import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { QuorumDescription } from '../../client/quorum-admin.ts';
import { decodeMessage } from '../../protocol/codec.ts';
import { describeQuorumResponse } from '../../protocol/schemas/55-describe-quorum.ts';
import { ZERO_UUID } from '../../protocol/uuid.ts';
import { replicationLines, statusLines } from './describe-quorum.ts';

const first = 'Z1Sgi-IKTie3v2urd4xwFw';
const second = 'nRLjdoh5GpiH0DR9SLHetQ';

function replica(replicaId: number, logEndOffset: number, timestamp = -1, directory = ZERO_UUID) {
  return {
    replicaId,
    replicaDirectoryId: directory,
    logEndOffset,
    lastFetchTimestamp: timestamp,
    lastCaughtUpTimestamp: timestamp,
  };
}

function quorum(part: Partial<QuorumDescription>): QuorumDescription {
  return {
    partitionIndex: 0,
    errorCode: 0,
    errorMessage: null,
    leaderId: 1,
    leaderEpoch: 1,
    highWatermark: 23,
    currentVoters: [],
    observers: [],
    nodes: [],
    ...part,
  };
}

// As Kafka 3.9.1 said it of such a quorum.
test('a quorum whose voters may change is shown with directories and endpoints', () => {
  const node = (nodeId: number, port: number) => ({
    nodeId,
    listeners: [{ name: 'CONTROLLER', host: 'localhost', port }],
  });
  const described = quorum({
    currentVoters: [replica(1, 28, 1_795_354_314_426, first)],
    observers: [replica(2, 27, 1_795_354_314_387, second)],
    nodes: [node(1, 39_093)],
  });
  expect(statusLines(described, 'MkU3OEVBNTcwNTJENDM2Qk')).toEqual([
    'ClusterId:              MkU3OEVBNTcwNTJENDM2Qk',
    'LeaderId:               1',
    'LeaderEpoch:            1',
    'HighWatermark:          23',
    'MaxFollowerLag:         0',
    'MaxFollowerLagTimeMs:   0',
    'CurrentVoters:          [{"id": 1, "directoryId": "Z1Sgi-IKTie3v2urd4xwFw", "endpoints": ["CONTROLLER://localhost:39093"]}]',
    'CurrentObservers:       [{"id": 2, "directoryId": "nRLjdoh5GpiH0DR9SLHetQ"}]',
  ]);
  expect(replicationLines(described, 1_795_354_314_434)).toEqual([
    'NodeId\tDirectoryId           \tLogEndOffset\tLag\tLastFetchTimestamp\tLastCaughtUpTimestamp\tStatus  \t',
    '1     \tZ1Sgi-IKTie3v2urd4xwFw\t28          \t0  \t8 ms ago          \t8 ms ago             \tLeader  \t',
    '2     \tnRLjdoh5GpiH0DR9SLHetQ\t27          \t1  \t47 ms ago         \t47 ms ago            \tObserver\t',
  ]);
});

test('a quorum of static voters is shown as 3.8 shows it, the lag of the slowest voter first', () => {
  const described = quorum({
    leaderId: 2,
    currentVoters: [replica(1, 90, 1000), replica(2, 100, 5000), replica(3, 70, 2000)],
    observers: [replica(4, 10)],
  });
  expect(statusLines(described, 'c').slice(4)).toEqual([
    'MaxFollowerLag:         30',
    'MaxFollowerLagTimeMs:   3000',
    'CurrentVoters:          [1,2,3]',
    'CurrentObservers:       [4]',
  ]);
  expect(replicationLines(described, undefined)).toEqual([
    'NodeId\tLogEndOffset\tLag\tLastFetchTimestamp\tLastCaughtUpTimestamp\tStatus  \t',
    '2     \t100         \t0  \t5000              \t5000                 \tLeader  \t',
    '1     \t90          \t10 \t1000              \t1000                 \tFollower\t',
    '3     \t70          \t30 \t2000              \t2000                 \tFollower\t',
    '4     \t10          \t90 \t-1                \t-1                   \tObserver\t',
  ]);
});

test('a voter that never fetched has no lag in time', () => {
  const described = quorum({ currentVoters: [replica(1, 5, 10), replica(2, 0)] });
  expect(statusLines(described, 'c')[5]).toBe('MaxFollowerLagTimeMs:   -1');
});

const recording = new URL('../../raft/testdata/kip-853-3.9.1.json', import.meta.url);
const { tools } = JSON.parse(readFileSync(recording, 'utf8')) as {
  readonly tools: readonly {
    readonly args: string;
    readonly stdout: string;
    readonly response: string;
  }[];
};

// Recorded while a quorum of Apache Kafka 3.9.1 grew from one voter to three and lost one again.
test.for(tools)('$args: what the tool of Kafka 3.9.1 made of the same answer', (tool) => {
  const bytes = Uint8Array.from(tool.response.match(/../g) ?? [], (byte) =>
    Number.parseInt(byte, 16),
  );
  const { topics, nodes } = decodeMessage(describeQuorumResponse, 2, bytes);
  const [partition] = topics[0]?.partitions ?? [];
  const described = quorum({ ...partition, nodes });
  const lines = tool.args.includes('--status')
    ? statusLines(described, 'MkU3OEVBNTcwNTJENDM2Qk')
    : replicationLines(described, undefined);
  expect(`${lines.join('\n')}\n`).toBe(tool.stdout);
});
