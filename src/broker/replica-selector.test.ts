import { expect, test } from 'vitest';
import { emptyImage } from '../controller/metadata-image.ts';
import { FollowerState } from './follower-state.ts';
import { KafkaConfig } from './kafka-config.ts';
import { replicaSelectorOf, type Selection } from './replica-selector.ts';

const config = KafkaConfig.of({
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.quorum.voters': '1@worker1:9093',
  listeners: 'PLAINTEXT://:9092,CONTROLLER://:9093',
  'controller.listener.names': 'CONTROLLER',
  'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector',
});

/** Broker 1 leads in rack a; 2, 3 and 4 follow in rack b. */
const racks: Readonly<Record<number, string>> = { 1: 'a', 2: 'b', 3: 'b', 4: 'b' };

interface Follower {
  readonly from?: number;
  readonly to: number;
  readonly caughtUpMs?: number;
}

/** Who is to be read from, at offset 5 and time 1,000. */
function select(
  rackId: string,
  followers: Readonly<Record<number, Follower>>,
  fenced: readonly number[] = [],
): number | undefined {
  const brokers = Object.entries(racks).map(([id, rack]) => {
    const state = { fenced: fenced.includes(Number(id)), inControlledShutdown: false };
    return [Number(id), { rack, endPoints: [{ name: 'PLAINTEXT' }], ...state }] as const;
  });
  const states = Object.entries(followers).map(([id, { from = 0, to, caughtUpMs = 1_000 }]) => {
    const follower = new FollowerState(Number(id));
    follower.logStartOffset = from;
    follower.logEndOffset = to;
    follower.lastCaughtUpMs = caughtUpMs;
    return [follower.brokerId, follower] as const;
  });
  return replicaSelectorOf(config)?.({
    image: { ...emptyImage, brokers: new Map(brokers) },
    partition: { leaderId: 1, followers: new Map(states) },
    fetchOffset: 5,
    reader: { rackId, listenerName: 'PLAINTEXT' },
    nowMs: 1_000,
  } as unknown as Selection);
}

test('a reader goes to the replica in its rack that is furthest ahead, then to the one that was caught up last', () => {
  expect(select('b', { 2: { to: 8 }, 3: { to: 9 }, 4: { to: 7 } })).toBe(3);
  const since = (caughtUpMs: number) => ({ to: 9, caughtUpMs });
  expect(select('b', { 2: since(500), 3: since(900), 4: since(800) })).toBe(3);
});

test('a replica that has not got what is asked for, or has deleted it, or is out of service, is passed over', () => {
  expect(select('b', { 2: { to: 8 }, 3: { to: 9 } }, [3])).toBe(2);
  expect(select('b', { 2: { to: 5 }, 3: { from: 6, to: 9 } })).toBe(2);
  expect(select('b', { 2: { to: 4 }, 3: { to: 3 } })).toBe(-1);
});

test('the leader serves who is in its rack, in none that has a replica, or says nothing', () => {
  for (const rackId of ['a', 'c', '']) expect(select(rackId, { 2: { to: 8 } })).toBe(-1);
});
