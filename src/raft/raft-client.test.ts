import { expect, test } from 'vitest';
import { SeededRandom } from '../host/virtual/seeded-random.ts';
import { VirtualClock } from '../host/virtual/virtual-clock.ts';
import { VirtualScheduler } from '../host/virtual/virtual-scheduler.ts';
import { MemoryRaftLog } from '../testing/raft/memory-raft-log.ts';
import type { ElectionState } from './quorum-types.ts';
import { RaftClient } from './raft-client.ts';
import { type LeaderAndEpoch, NotLeaderError } from './raft-listener.ts';

const text = (value: Uint8Array) => new TextDecoder().decode(value);
const values = (...texts: readonly string[]) => texts.map((each) => new TextEncoder().encode(each));

/** What a listener heard, as text. */
class Ear {
  readonly heard: string[] = [];
  readonly listener = {
    handleCommit: (batch: {
      readonly baseOffset: number;
      readonly values: readonly Uint8Array[];
    }) => {
      this.heard.push(`${batch.baseOffset}:${batch.values.map(text)}`);
    },
    handleLoadSnapshot: (snapshot: { readonly values: readonly Uint8Array[] }) => {
      this.heard.push(`snapshot:${snapshot.values.map(text)}`);
    },
    handleLeaderChange: ({ leaderId, epoch }: LeaderAndEpoch) => {
      if (leaderId !== undefined) this.heard.push(`leader ${leaderId} in epoch ${epoch}`);
    },
  };
}

/** Replicas that talk to each other in virtual time, 5 ms each way. */
class Cluster {
  readonly clock = new VirtualClock();
  readonly scheduler = new VirtualScheduler(this.clock);
  readonly faults: unknown[] = [];
  readonly lines: string[] = [];
  readonly clients = new Map<number, RaftClient>();
  readonly ears = new Map<number, Ear>();
  readonly #logs = new Map<number, MemoryRaftLog>();
  readonly #elections = new Map<number, ElectionState>();
  readonly #voters: readonly number[];

  constructor(voters: readonly number[]) {
    this.#voters = voters;
  }

  log(id: number): MemoryRaftLog {
    const known = this.#logs.get(id) ?? new MemoryRaftLog();
    this.#logs.set(id, known);
    return known;
  }

  async start(id: number): Promise<RaftClient> {
    const client = new RaftClient({
      nodeId: id,
      voters: this.#voters,
      config: {
        electionTimeoutMs: 1000,
        electionBackoffMaxMs: 1000,
        fetchTimeoutMs: 2000,
        retryBackoffMs: 20,
      },
      log: this.log(id),
      elections: {
        read: () => Promise.resolve(this.#elections.get(id)),
        write: (election) => {
          this.#elections.set(id, election);
          return Promise.resolve();
        },
      },
      transport: {
        send: async (to, request) => {
          await this.#travel(id, to);
          const response = await this.#peer(to).handleRequest(id, request);
          await this.#travel(id, to);
          return response;
        },
      },
      clock: this.clock,
      scheduler: this.scheduler,
      random: new SeededRandom(id),
      logger: { log: (level, _source, message) => this.lines.push(`${level} ${message}`) },
      onFault: (error) => this.faults.push(error),
    });
    const ear = new Ear();
    client.register(ear.listener);
    this.ears.set(id, ear);
    this.clients.set(id, client);
    await client.start();
    return client;
  }

  /** Nobody hears of this replica, nor it of them, until `heal`. */
  readonly isolated = new Set<number>();

  crash(id: number): void {
    this.clients.get(id)?.dispose();
    this.clients.delete(id);
  }

  get leader(): RaftClient {
    const leader = [...this.clients.values()].find(({ role }) => role.kind === 'leader');
    if (leader === undefined) throw new TypeError('nobody leads');
    return leader;
  }

  heard(id: number): readonly string[] {
    return this.ears.get(id)?.heard ?? [];
  }

  #peer(id: number): RaftClient {
    const client = this.clients.get(id);
    if (client === undefined) throw new TypeError(`${id} is down`);
    return client;
  }

  async #travel(a: number, b: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.scheduler.after(5, resolve);
    });
    if (this.isolated.has(a) || this.isolated.has(b)) throw new TypeError('no way through');
  }
}

test('a lone voter leads, commits what it appends, and tells its leadership last', async () => {
  const cluster = new Cluster([1]);
  const client = await cluster.start(1);
  await cluster.scheduler.settle();
  expect(cluster.heard(1)).toEqual(['0:', 'leader 1 in epoch 1']);
  const appended = client.append(1, values('a', 'b'));
  expect(appended).toMatchObject({ baseOffset: 1, lastOffset: 2 });
  expect(cluster.heard(1)).toHaveLength(2);
  await cluster.scheduler.settle();
  expect(cluster.heard(1).at(-1)).toBe('1:a,b');
  expect(client.highWatermark).toBe(3);
});

test('after a restart everything committed is heard again before the new leadership', async () => {
  const cluster = new Cluster([1]);
  const first = await cluster.start(1);
  await cluster.scheduler.settle();
  first.append(1, values('a'));
  await cluster.scheduler.settle();
  cluster.crash(1);
  await cluster.start(1);
  await cluster.scheduler.settle();
  expect(cluster.heard(1)).toEqual(['0:', '1:a', '2:', 'leader 1 in epoch 2']);
});

test('only the leader of the epoch appends', async () => {
  const cluster = new Cluster([1]);
  const client = await cluster.start(1);
  await cluster.scheduler.settle();
  expect(() => client.append(7, values('a'))).toThrow(NotLeaderError);
});

test('a snapshot takes the place of the log before it', async () => {
  const cluster = new Cluster([1]);
  const client = await cluster.start(1);
  await cluster.scheduler.settle();
  client.append(1, values('a', 'b'));
  await cluster.scheduler.settle();
  await client.createSnapshot(3, { lastContainedLogTimestampMs: 0, values: values('a+b') });
  client.append(1, values('c'));
  await cluster.scheduler.settle();
  cluster.crash(1);
  await cluster.start(1);
  await cluster.scheduler.settle();
  expect(cluster.heard(1)).toEqual(['snapshot:a+b', '3:c', '4:', 'leader 1 in epoch 2']);
});

test('three voters elect one, replicate, and elect another when it dies', async () => {
  const cluster = new Cluster([1, 2, 3]);
  for (const id of [1, 2, 3]) await cluster.start(id);
  await cluster.scheduler.advance(4_000);
  const first = cluster.leader;
  const { epoch } = first.leaderAndEpoch;
  first.append(epoch, values('a'));
  await cluster.scheduler.advance(600);
  for (const id of [1, 2, 3]) expect(cluster.heard(id).join(' ')).toContain('1:a');

  cluster.crash(first.nodeId);
  await cluster.scheduler.advance(8_000);
  const second = cluster.leader;
  expect(second.leaderAndEpoch.epoch).toBeGreaterThan(epoch);
  second.append(second.leaderAndEpoch.epoch, values('b'));
  await cluster.scheduler.advance(600);

  await cluster.start(first.nodeId);
  await cluster.scheduler.advance(3_000);
  const all = cluster.heard(first.nodeId).join(' ');
  expect(all).toMatch(/1:a .*:b/);
  expect(cluster.faults).toEqual([]);
});

test('a leader that was cut off loses what nobody else had, and takes what the others have committed', async () => {
  const cluster = new Cluster([1, 2, 3]);
  for (const id of [1, 2, 3]) await cluster.start(id);
  await cluster.scheduler.advance(4_000);
  const old = cluster.leader;
  const { epoch } = old.leaderAndEpoch;
  cluster.isolated.add(old.nodeId);
  old.append(epoch, values('lost'));
  await cluster.scheduler.advance(8_000);
  expect(old.role.kind).not.toBe('leader');
  expect(() => old.append(epoch, values('too late'))).toThrow(NotLeaderError);
  const next = cluster.leader;
  next.append(next.leaderAndEpoch.epoch, values('kept'));
  await cluster.scheduler.advance(600);
  cluster.isolated.clear();
  await cluster.scheduler.advance(5_000);
  for (const id of [1, 2, 3]) {
    expect(cluster.heard(id).join(' ')).toContain(':kept');
    expect(cluster.heard(id).join(' ')).not.toContain('lost');
    expect(cluster.log(id).batches.map(({ crc }) => crc)).toEqual(
      cluster.log(next.nodeId).batches.map(({ crc }) => crc),
    );
  }
  expect(cluster.faults).toEqual([]);
});

test('a write that fails ends the replica: nobody knows what is on the disk', async () => {
  const cluster = new Cluster([1]);
  const client = await cluster.start(1);
  await cluster.scheduler.settle();
  const failure = new TypeError('disk full');
  cluster.log(1).append = () => {
    throw failure;
  };
  expect(() => client.append(1, values('a'))).toThrow(failure);
  expect(cluster.faults).toEqual([failure]);
  const answer = await client.handleRequest(2, {
    api: 'begin-quorum-epoch',
    epoch: 9,
    leaderId: 2,
  });
  expect(answer.errorCode).toBe('BROKER_NOT_AVAILABLE');
});

test('a graceful leader hands over at once', async () => {
  const cluster = new Cluster([1, 2, 3]);
  for (const id of [1, 2, 3]) await cluster.start(id);
  await cluster.scheduler.advance(4_000);
  const first = cluster.leader;
  const done = first.shutdown(1_000);
  await cluster.scheduler.advance(200);
  await done;
  cluster.clients.delete(first.nodeId);
  await cluster.scheduler.advance(100);
  expect(cluster.leader.nodeId).not.toBe(first.nodeId);
});

test('an observer that is behind the log takes the snapshot and then the log', async () => {
  const cluster = new Cluster([1]);
  const client = await cluster.start(1);
  await cluster.scheduler.settle();
  client.append(1, values('a', 'b'));
  await cluster.scheduler.settle();
  await client.createSnapshot(3, { lastContainedLogTimestampMs: 0, values: values('a+b') });
  client.append(1, values('c'));
  await cluster.start(9);
  await cluster.scheduler.advance(2_000);
  expect(cluster.heard(9)).toEqual(['leader 1 in epoch 1', 'snapshot:a+b', '3:c']);
  const { topics } = client.describe({
    topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
  });
  expect(topics[0]?.partitions[0]).toMatchObject({
    errorCode: 0,
    leaderId: 1,
    highWatermark: 4,
    currentVoters: [{ replicaId: 1, logEndOffset: 4, lastFetchTimestamp: cluster.clock.nowMs() }],
    observers: [{ replicaId: 9, logEndOffset: 4 }],
  });
});

// Apache Kafka 3.8.0 ends itself then, whoever asked; three nodes with one id doubled were two after 5 s.
test('a request in its own name is refused, and said once', async () => {
  const cluster = new Cluster([1, 2, 3]);
  const client = await cluster.start(1);
  const vote = { api: 'vote', epoch: 9, candidateId: 1, lastEpoch: 0, logEndOffset: 0 } as const;
  for (let i = 0; i < 2; i++) {
    const { errorCode, result } = await client.handleRequest(1, vote);
    expect([errorCode, result]).toEqual(['INVALID_REQUEST', { kind: 'vote', isGranted: false }]);
  }
  // As a newcomer does whose own address is among the bootstrap servers.
  const fetch = { api: 'fetch', epoch: 0, fetchOffset: 0, lastFetchedEpoch: 0 } as const;
  const newcomer = await cluster.start(2);
  await newcomer.handleRequest(2, { ...fetch, replicaId: 2, maxWaitMs: 0 });
  const said = cluster.lines.filter((line) => line.startsWith('ERROR'));
  expect(said).toEqual([
    'ERROR [RaftManager id=1] Refused a VOTE request in the name of this voter itself: does another node have the same node.id=1?',
  ]);
  expect(cluster.faults).toEqual([]);
});
