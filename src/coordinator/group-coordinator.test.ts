import { expect, test } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { SeededRandom } from '../host/virtual/seeded-random.ts';
import { VirtualClock } from '../host/virtual/virtual-clock.ts';
import { VirtualScheduler } from '../host/virtual/virtual-scheduler.ts';
import { type ErrorCode, errorNameOf } from '../protocol/error-codes.ts';
import type { JoinGroupRequest } from '../protocol/schemas/11-join-group.ts';
import { defaultGroupConfig, type GroupConfig } from './group-config.ts';
import { GroupCoordinator } from './group-coordinator.ts';
import { type CoordinatorRecord, decodeGroupRecord } from './group-record.ts';
import { coordinatorPartitionFor, javaStringHash } from './java-string-hash.ts';

const caller = { clientId: 'app', clientHost: '/127.0.0.1', apiVersion: 9 };
const bytes = (...values: number[]) => new Uint8Array(values);

/** A coordinator that leads all partitions, over logs that a test can see and hand to a successor. */
class Lab {
  readonly clock = new VirtualClock();
  readonly scheduler = new VirtualScheduler(this.clock);
  readonly logs: Map<number, CoordinatorRecord[]>;
  readonly coordinator: GroupCoordinator;
  appendError: ErrorCode = 'NONE';

  constructor(config: Partial<GroupConfig> = {}, logs = new Map<number, CoordinatorRecord[]>()) {
    this.logs = logs;
    this.coordinator = new GroupCoordinator(
      {
        clock: this.clock,
        scheduler: this.scheduler,
        random: new SeededRandom(1),
        logger: silentLogger,
        log: {
          append: (partition, records) => {
            if (this.appendError !== 'NONE') {
              return { errorCode: this.appendError, committed: Promise.resolve(this.appendError) };
            }
            logs.set(partition, [...(logs.get(partition) ?? []), ...records]);
            return { errorCode: 'NONE', committed: Promise.resolve('NONE') };
          },
          read: async function* (partition) {
            await undefined;
            yield* logs.get(partition) ?? [];
          },
        },
      },
      { ...defaultGroupConfig, ...config },
      1,
    );
  }

  static async start(config: Partial<GroupConfig> = {}, logs?: Map<number, CoordinatorRecord[]>) {
    const lab = new Lab(config, logs);
    await lab.elect();
    return lab;
  }

  async elect() {
    for (let partition = 0; partition < 50; partition++) {
      await this.coordinator.onElection(partition);
    }
  }

  join(memberId: string, more: Partial<JoinGroupRequest> = {}, apiVersion = 9) {
    return this.coordinator.joinGroup(
      {
        groupId: 'g',
        sessionTimeoutMs: 10_000,
        rebalanceTimeoutMs: 30_000,
        memberId,
        groupInstanceId: null,
        protocolType: 'consumer',
        protocols: [{ name: 'range', metadata: subscription('orders') }],
        reason: null,
        ...more,
      },
      { ...caller, apiVersion },
    );
  }

  /** Both steps of KIP-394. */
  async joinFresh(more: Partial<JoinGroupRequest> = {}) {
    const { memberId = '' } = await this.join('', more);
    return { memberId, joined: this.join(memberId, more) };
  }

  async sync(memberId: string, generationId: number, assignments: Record<string, Uint8Array> = {}) {
    const response = await this.coordinator.syncGroup({
      groupId: 'g',
      generationId,
      memberId,
      groupInstanceId: null,
      protocolType: null,
      protocolName: null,
      assignments: Object.entries(assignments).map(([id, assignment]) => ({
        memberId: id,
        assignment,
      })),
    });
    return { ...response, error: errorNameOf(response.errorCode ?? 0) };
  }

  heartbeat(memberId: string, generationId: number): ErrorCode {
    const request = { groupId: 'g', generationId, memberId, groupInstanceId: null };
    return errorNameOf(this.coordinator.heartbeat(request).errorCode ?? 0);
  }

  async commit(offset: number, memberId = '', generationId = -1): Promise<ErrorCode> {
    const response = await this.coordinator.offsets.commit(
      {
        groupId: 'g',
        generationIdOrMemberEpoch: generationId,
        memberId,
        groupInstanceId: null,
        retentionTimeMs: -1,
        topics: [
          {
            name: 'orders',
            topicId: 'AAAAAAAAAAAAAAAAAAAAAA',
            partitions: [
              {
                partitionIndex: 0,
                committedOffset: offset,
                committedLeaderEpoch: -1,
                commitTimestamp: -1,
                committedMetadata: 'note',
              },
            ],
          },
        ],
      },
      (topic) => topic === 'orders',
    );
    return errorNameOf(response.topics?.[0]?.partitions?.[0]?.errorCode ?? -1);
  }

  committed(): number | undefined {
    const { topics } = this.coordinator.offsets.fetch('g', null);
    return topics[0]?.partitions[0]?.committedOffset;
  }

  state(): string | undefined {
    return this.coordinator.queries.describe(['g'])[0]?.groupState;
  }

  advance(ms: number) {
    return this.scheduler.advance(ms);
  }
}

function subscription(topic: string): Uint8Array {
  const name = new TextEncoder().encode(topic);
  return bytes(0, 0, 0, 0, 0, 1, 0, name.length, ...name, 255, 255, 255, 255);
}

/** One member, joined and synced. */
async function stableGroup(lab: Lab) {
  const { memberId, joined } = await lab.joinFresh();
  await lab.advance(3_000);
  const { generationId = -1 } = await joined;
  await lab.sync(memberId, generationId, { [memberId]: bytes(1) });
  return { memberId, generationId };
}

test('a group lives in the partition that Java’s String.hashCode says', () => {
  expect(javaStringHash('hello')).toBe(99162322);
  expect(javaStringHash('polygenelubricants')).toBe(-2147483648);
  expect(coordinatorPartitionFor('polygenelubricants', 50)).toBe(0);
});

test('a dynamic member is given an id first and joins with it (KIP-394)', async () => {
  const lab = await Lab.start();
  const first = await lab.join('');
  expect(errorNameOf(first.errorCode ?? 0)).toBe('MEMBER_ID_REQUIRED');
  expect(first.memberId).toMatch(/^app-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
  const joined = lab.join(first.memberId ?? '');
  await lab.advance(3_000);
  expect(await joined).toMatchObject({
    errorCode: 0,
    generationId: 1,
    leader: first.memberId,
    protocolName: 'range',
    protocolType: 'consumer',
    members: [{ memberId: first.memberId }],
  });
});

test('before v4 a member joins in one step', async () => {
  const lab = await Lab.start();
  const joined = lab.join('', {}, 3);
  await lab.advance(3_000);
  expect(await joined).toMatchObject({ errorCode: 0, generationId: 1 });
});

test('the first rebalance waits for more members, each newcomer prolongs it', async () => {
  const lab = await Lab.start();
  const one = await lab.joinFresh();
  await lab.advance(2_000);
  const two = await lab.joinFresh();
  await lab.advance(1_000);
  let isDone = false;
  void one.joined.then(() => {
    isDone = true;
  });
  await lab.advance(0);
  expect(isDone).toBe(false);
  await lab.advance(2_999);
  expect(isDone).toBe(false);
  await lab.advance(1);
  const [a, b] = [await one.joined, await two.joined];
  expect([a.generationId, b.generationId]).toEqual([1, 1]);
  expect(a.members).toHaveLength(2);
  expect(b.members).toHaveLength(0);
});

test('the leader’s assignment reaches every member', async () => {
  const lab = await Lab.start();
  const one = await lab.joinFresh();
  const two = await lab.joinFresh();
  await lab.advance(6_000);
  await one.joined;
  const follower = lab.sync(two.memberId, 1);
  const leader = lab.sync(one.memberId, 1, { [one.memberId]: bytes(1), [two.memberId]: bytes(2) });
  expect((await leader).assignment).toEqual(bytes(1));
  expect((await follower).assignment).toEqual(bytes(2));
  expect(lab.state()).toBe('Stable');
  expect(lab.heartbeat(two.memberId, 1)).toBe('NONE');
});

test('a third member makes the others rejoin', async () => {
  const lab = await Lab.start();
  const { memberId } = await stableGroup(lab);
  const newcomer = await lab.joinFresh();
  expect(lab.state()).toBe('PreparingRebalance');
  expect(lab.heartbeat(memberId, 1)).toBe('REBALANCE_IN_PROGRESS');
  const rejoined = lab.join(memberId);
  expect((await rejoined).generationId).toBe(2);
  expect((await newcomer.joined).generationId).toBe(2);
  expect(lab.heartbeat(memberId, 1)).toBe('ILLEGAL_GENERATION');
});

test('who does not rejoin within the rebalance timeout is out', async () => {
  const lab = await Lab.start();
  const { memberId } = await stableGroup(lab);
  const newcomer = await lab.joinFresh({ rebalanceTimeoutMs: 30_000 });
  for (let second = 0; second < 29; second += 1) {
    await lab.advance(1_000);
    lab.heartbeat(memberId, 1);
  }
  await lab.advance(1_000);
  expect(await newcomer.joined).toMatchObject({ errorCode: 0, leader: newcomer.memberId });
  expect(lab.heartbeat(memberId, 2)).toBe('UNKNOWN_MEMBER_ID');
});

test('a silent member is removed after its session timeout and the group gets empty', async () => {
  const lab = await Lab.start();
  const { memberId } = await stableGroup(lab);
  await lab.advance(9_999);
  expect(lab.heartbeat(memberId, 1)).toBe('NONE');
  await lab.advance(10_000);
  expect(lab.state()).toBe('Empty');
  expect(lab.heartbeat(memberId, 1)).toBe('UNKNOWN_MEMBER_ID');
});

test('leaving empties the group at once, with its generation raised', async () => {
  const lab = await Lab.start();
  const { memberId } = await stableGroup(lab);
  const response = lab.coordinator.leaveGroup(
    {
      groupId: 'g',
      memberId: '',
      members: [
        { memberId, groupInstanceId: null, reason: null },
        { memberId: 'stranger', groupInstanceId: null, reason: null },
      ],
    },
    { ...caller, apiVersion: 5 },
  );
  expect(response.members?.map(({ errorCode }) => errorNameOf(errorCode ?? 0))).toEqual([
    'NONE',
    'UNKNOWN_MEMBER_ID',
  ]);
  expect(lab.state()).toBe('Empty');
});

test('a restarted static member keeps its generation and its assignment (KIP-345)', async () => {
  const lab = await Lab.start({ groupInitialRebalanceDelayMs: 0 });
  const joining = lab.join('', { groupInstanceId: 'one' });
  await lab.advance(0);
  const first = await joining;
  const memberId = first.memberId ?? '';
  await lab.sync(memberId, 1, { [memberId]: bytes(7) });
  const again = await lab.join('', { groupInstanceId: 'one' });
  expect(again).toMatchObject({ errorCode: 0, generationId: 1, skipAssignment: true });
  expect(again.memberId).not.toBe(memberId);
  expect((await lab.sync(again.memberId ?? '', 1)).assignment).toEqual(bytes(7));
  const fenced = lab.coordinator.heartbeat({
    groupId: 'g',
    generationId: 1,
    memberId,
    groupInstanceId: 'one',
  });
  expect(errorNameOf(fenced.errorCode ?? 0)).toBe('FENCED_INSTANCE_ID');
});

test('sync answers what is wrong with it', async () => {
  const lab = await Lab.start();
  const { memberId } = await stableGroup(lab);
  expect((await lab.sync('stranger', 1)).error).toBe('UNKNOWN_MEMBER_ID');
  expect((await lab.sync(memberId, 9)).error).toBe('ILLEGAL_GENERATION');
  await lab.joinFresh();
  expect((await lab.sync(memberId, 1)).error).toBe('REBALANCE_IN_PROGRESS');
});

test('a session timeout out of bounds and foreign protocols are refused', async () => {
  const lab = await Lab.start();
  await stableGroup(lab);
  const short = await lab.join('', { sessionTimeoutMs: 5_999 });
  expect(errorNameOf(short.errorCode ?? 0)).toBe('INVALID_SESSION_TIMEOUT');
  const protocols = [{ name: 'sticky', metadata: bytes() }];
  const foreign = await lab.join('', { protocols });
  expect(errorNameOf(foreign.errorCode ?? 0)).toBe('INCONSISTENT_GROUP_PROTOCOL');
  const none = await lab.join('', { groupId: '' });
  expect(errorNameOf(none.errorCode ?? 0)).toBe('INVALID_GROUP_ID');
});

test('members of the present generation commit, others do not', async () => {
  const lab = await Lab.start();
  const { memberId } = await stableGroup(lab);
  expect(await lab.commit(5, memberId, 1)).toBe('NONE');
  expect(lab.committed()).toBe(5);
  expect(await lab.commit(6, memberId, 0)).toBe('ILLEGAL_GENERATION');
  expect(await lab.commit(6, 'stranger', 1)).toBe('UNKNOWN_MEMBER_ID');
  expect(await lab.commit(6)).toBe('UNKNOWN_MEMBER_ID');
  expect(lab.committed()).toBe(5);
});

test('a simple consumer commits without a group, and offsets survive a restart', async () => {
  const lab = await Lab.start();
  expect(await lab.commit(42)).toBe('NONE');
  const successor = await Lab.start({}, lab.logs);
  expect(successor.committed()).toBe(42);
  expect(successor.state()).toBe('Empty');
});

test('a restart keeps the members, who go on with heartbeats', async () => {
  const lab = await Lab.start();
  const { memberId } = await stableGroup(lab);
  const successor = await Lab.start({}, lab.logs);
  expect(successor.state()).toBe('Stable');
  expect(successor.heartbeat(memberId, 1)).toBe('NONE');
  expect((await successor.sync(memberId, 1)).assignment).toEqual(bytes(1));
  await successor.advance(10_001);
  expect(successor.state()).toBe('Empty');
});

test('requests during loading and for partitions elsewhere say so', async () => {
  const lab = new Lab();
  expect(errorNameOf((await lab.join('')).errorCode ?? 0)).toBe('NOT_COORDINATOR');
  const loading = lab.elect();
  const partition = lab.coordinator.partitionFor('g');
  void lab.coordinator.onElection(partition);
  expect(errorNameOf((await lab.join('')).errorCode ?? 0)).toBe('COORDINATOR_LOAD_IN_PROGRESS');
  expect(lab.heartbeat('m', 1)).toBe('NONE');
  await loading;
});

test('an append that fails sends the members back to the start', async () => {
  const lab = await Lab.start();
  const { memberId, joined } = await lab.joinFresh();
  await lab.advance(3_000);
  await joined;
  lab.appendError = 'NOT_LEADER_OR_FOLLOWER';
  expect((await lab.sync(memberId, 1, { [memberId]: bytes(1) })).error).toBe('NOT_COORDINATOR');
  expect(await lab.commit(1, memberId, 1)).not.toBe('NONE');
});

test('only empty groups are deleted, with tombstones for all they had', async () => {
  const lab = await Lab.start();
  const { memberId } = await stableGroup(lab);
  await lab.commit(5, memberId, 1);
  const remove = async () =>
    errorNameOf((await lab.coordinator.queries.delete(['g']))[0]?.errorCode ?? 0);
  expect(await remove()).toBe('NON_EMPTY_GROUP');
  await lab.advance(10_001);
  expect(await remove()).toBe('NONE');
  expect(await remove()).toBe('GROUP_ID_NOT_FOUND');
  expect(lab.state()).toBe('Dead');
  expect((await Lab.start({}, lab.logs)).committed()).toBeUndefined();
});

test('offsets go a retention time after the group got empty', async () => {
  const lab = await Lab.start({ offsetsRetentionMs: 3_600_000 });
  const { memberId } = await stableGroup(lab);
  await lab.commit(5, memberId, 1);
  await lab.advance(20_000);
  await lab.advance(3_500_000);
  expect(lab.committed()).toBe(5);
  await lab.advance(1_200_000);
  expect(lab.committed()).toBeUndefined();
  expect(lab.state()).toBe('Dead');
});

test('offset metadata has a limit and unknown partitions fail alone', async () => {
  const lab = await Lab.start({ offsetMetadataMaxBytes: 3 });
  expect(await lab.commit(1)).toBe('OFFSET_METADATA_TOO_LARGE');
});

test('offsets of a topic that is read are not deleted', async () => {
  const lab = await Lab.start();
  const { memberId } = await stableGroup(lab);
  await lab.commit(5, memberId, 1);
  const request = {
    groupId: 'g',
    topics: [{ name: 'orders', partitions: [{ partitionIndex: 0 }] }],
  };
  const busy = await lab.coordinator.offsets.delete(request, () => true);
  expect(errorNameOf(busy.topics?.[0]?.partitions?.[0]?.errorCode ?? 0)).toBe(
    'GROUP_SUBSCRIBED_TO_TOPIC',
  );
  await lab.advance(10_001);
  expect((await lab.coordinator.offsets.delete(request, () => true)).errorCode).toBe(0);
  expect(lab.committed()).toBeUndefined();
  expect(lab.state()).toBe('Dead');
});

test('a deleted topic takes its offsets along, and groups that had no others', async () => {
  const lab = await Lab.start();
  await lab.commit(42);
  lab.coordinator.onTopicDeleted('orders');
  expect(lab.committed()).toBeUndefined();
  expect((await Lab.start({}, lab.logs)).state()).toBe('Dead');
});

test('groups are listed by state and type', async () => {
  const lab = await Lab.start();
  await stableGroup(lab);
  const list = (statesFilter: string[], typesFilter: string[] = []) =>
    lab.coordinator.queries
      .list({ statesFilter, typesFilter })
      .groups?.map(({ groupId }) => groupId);
  expect(list([])).toEqual(['g']);
  expect(list(['stable'])).toEqual(['g']);
  expect(list(['Empty'])).toEqual([]);
  expect(list([], ['consumer'])).toEqual([]);
});

test('records have the versions that Kafka 3.8 writes', async () => {
  const lab = await Lab.start();
  await lab.commit(42);
  const [record] = lab.logs.get(lab.coordinator.partitionFor('g')) ?? [];
  expect(Buffer.from(record?.key ?? []).toString('hex')).toBe(
    '00010001670006' + '6f7264657273' + '00000000',
  );
  expect(
    Buffer.from(record?.value ?? [])
      .toString('hex')
      .slice(0, 24),
  ).toBe('0003000000000000002affff');
  expect(record && decodeGroupRecord(record).kind).toBe('offset-commit');
});
