import { expect, onTestFinished, test } from 'vitest';
import type { TestClusterOptions } from '../testing/cluster.ts';
import { startReplicationLab } from '../testing/replication/replication-lab.ts';

async function lab(options: TestClusterOptions = {}) {
  const started = await startReplicationLab(options);
  onTestFinished(() => started.end());
  return started;
}

test('records that are written with acks=all are in every log when they are acknowledged', async () => {
  const it = await lab();
  await it.createTopic('orders');
  expect(await it.produce(1, 'orders', ['a', 'b'])).toEqual({ error: 'NONE', offset: 0 });
  for (const id of [1, 2, 3]) expect(await it.logOf(id, 'orders')).toEqual(['a', 'b']);
  expect(await it.read(1, 'orders')).toEqual(['a', 'b']);
});

test('records that were acknowledged with acks=all survive the death of the leader', async () => {
  const it = await lab();
  const { cluster } = it;
  await it.createTopic('orders', { 'min.insync.replicas': '2' });
  for (const value of ['a', 'b', 'c']) {
    expect((await it.produce(1, 'orders', [value])).error).toBe('NONE');
  }
  await cluster.crash(1);
  await cluster.until(() => [2, 3].some((id) => it.replicaAt(id, 'orders').isLeader));
  const leader = it.replicaAt(2, 'orders').isLeader ? 2 : 3;
  expect(await it.produce(leader, 'orders', ['d'])).toEqual({ error: 'NONE', offset: 3 });
  expect(await it.read(leader, 'orders')).toEqual(['a', 'b', 'c', 'd']);
  await cluster.start(1);
  await cluster.until(() => it.replicaAt(leader, 'orders').isr.length === 3);
  expect(await it.logOf(1, 'orders')).toEqual(['a', 'b', 'c', 'd']);
});

test('the ISR shrinks by a follower that is cut off, and grows again when it is back', async () => {
  const it = await lab({ properties: { 'replica.lag.time.max.ms': '2000' } });
  const { cluster } = it;
  await it.createTopic('orders');
  it.cutOff(3);
  const waiting = it.produceSoon(1, 'orders', ['a']);
  await cluster.until(() => it.replicaAt(1, 'orders').isr.length === 2);
  expect(it.replicaAt(1, 'orders').isr).toEqual([1, 2]);
  expect(await cluster.run(waiting)).toEqual({ error: 'NONE', offset: 0 });
  cluster.network.heal();
  await cluster.until(() => it.replicaAt(1, 'orders').isr.length === 3);
  expect(await it.logOf(3, 'orders')).toEqual(['a']);
});

test('with too few in-sync replicas acks=all is refused, and what was appended is not shown', async () => {
  const it = await lab({ properties: { 'replica.lag.time.max.ms': '2000' } });
  const { cluster } = it;
  await it.createTopic('orders', { 'min.insync.replicas': '2' });
  // One of three brokers goes at a time: the other two keep the quorum of the metadata.
  await it.createTopic('pairs', { 'min.insync.replicas': '2' }, [1, 3]);
  it.cutOff(3);
  const afterAppend = it.produceSoon(1, 'pairs', ['a'], { hasOwnConnection: true });
  await cluster.until(() => it.replicaAt(1, 'pairs').isr.length === 1);
  expect((await it.produce(1, 'pairs', ['b'])).error).toBe('NOT_ENOUGH_REPLICAS');
  expect(await it.read(1, 'pairs')).toEqual([]);
  expect(await it.produce(1, 'pairs', ['c'], { acks: 1 })).toEqual({ error: 'NONE', offset: 1 });
  expect(await it.read(1, 'pairs')).toEqual([]);
  cluster.network.heal();
  await cluster.until(() => it.replicaAt(1, 'pairs').isr.length === 2);
  expect((await cluster.run(afterAppend)).error).toBe('NONE');
  expect(await it.read(1, 'pairs')).toEqual(['a', 'c']);
});

test('acks=all ends with REQUEST_TIMED_OUT when a follower is silent for longer than the request may take', async () => {
  const it = await lab();
  await it.createTopic('orders');
  it.cutOff(3);
  const answer = await it.produce(1, 'orders', ['a'], { timeoutMs: 1_000 });
  expect(answer.error).toBe('REQUEST_TIMED_OUT');
});

test('what a client that has gone would be told is waited for no more', async () => {
  const it = await lab();
  const { cluster } = it;
  await it.createTopic('orders');
  it.cutOff(3);
  const client = await it.client(1);
  const waiting = it.produceSoon(1, 'orders', ['a'], { timeoutMs: 2_147_483_647 });
  await cluster.until(() => it.replicaAt(1, 'orders').pendingAckCount === 1);
  client.close();
  await expect(waiting).rejects.toThrow('closed');
  await cluster.scheduler.settle();
  expect(it.replicaAt(1, 'orders').pendingAckCount).toBe(0);
});

test('a consumer sees nothing that is not in all in-sync replicas', async () => {
  const it = await lab();
  const { cluster } = it;
  await it.createTopic('orders');
  await it.produce(1, 'orders', ['a']);
  it.cutOff(3);
  expect(await it.produce(1, 'orders', ['b'], { acks: 1 })).toEqual({ error: 'NONE', offset: 1 });
  await cluster.scheduler.advance(2_000);
  expect(await it.read(1, 'orders')).toEqual(['a']);
  expect(await it.logOf(2, 'orders')).toEqual(['a', 'b']);
  cluster.network.heal();
  await cluster.until(() => it.replicaAt(1, 'orders').highWatermark === 2);
  expect(await it.read(1, 'orders')).toEqual(['a', 'b']);
});

test("produce requests of one connection do not wait for each other's followers, and are answered in order", async () => {
  const it = await lab();
  const { cluster } = it;
  await it.createTopic('orders');
  await it.createTopic('alone', {}, [1]);
  await it.produce(1, 'orders', ['warm']);
  it.cutOff(3);
  const answered: string[] = [];
  const note = async (topic: string, value: string) => {
    const { error, offset } = await it.produceSoon(1, topic, [value]);
    answered.push(`${topic} ${offset} ${error}`);
  };
  const all = Promise.all([note('orders', 'a'), note('orders', 'b'), note('alone', 'c')]);
  await cluster.until(() => it.replicaAt(1, 'alone').log.logEndOffset === 1);
  expect(it.replicaAt(1, 'orders').log.logEndOffset).toBe(3);
  expect(answered).toEqual([]);
  cluster.network.heal();
  await cluster.run(all);
  expect(answered).toEqual(['orders 1 NONE', 'orders 2 NONE', 'alone 0 NONE']);
});
