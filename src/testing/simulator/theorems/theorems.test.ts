import { expect, test } from 'vitest';
import { InSyncPromise } from '../cluster/in-sync-promise.ts';
import { RecordLedger } from '../cluster/record-ledger.ts';
import { CommittedNeverLost } from './committed-never-lost.ts';
import { CommittedNeverReordered } from './committed-never-reordered.ts';
import { DiskHoldsLog } from './disk-holds-log.ts';
import { MonotonicHighWatermark } from './monotonic-high-watermark.ts';
import { NoStaleRead } from './no-stale-read.ts';
import { SameMetadataAtSameOffset } from './same-metadata-at-same-offset.ts';
import { SingleLeaderPerEpoch } from './single-leader-per-epoch.ts';
import type { Report } from './theorem.ts';

/** What a theorem says to a history: `expected; found` each time. */
function toldOf(history: (report: Report) => void): readonly string[] {
  const told: string[] = [];
  history(({ theorem, expected, found }) => told.push(`${theorem}: ${expected}; ${found}`));
  return told;
}

test('SingleLeaderPerEpoch: an epoch has one leader for ever, each quorum its own', () => {
  const told = toldOf((report) => {
    const theorem = new SingleLeaderPerEpoch(report);
    theorem.leads('orders-0', 4, 1);
    theorem.leads('orders-1', 4, 2);
    theorem.leads('orders-0', 5, 2);
    theorem.leads('orders-0', 4, 1);
    theorem.leads('orders-0', 4, 3);
  });
  expect(told).toEqual([
    'SingleLeaderPerEpoch: worker1 leads epoch 4 of orders-0, and nobody else ever does; worker3 leads epoch 4 too',
  ]);
});

test('MonotonicHighWatermark: a replica knows no lower one later', () => {
  const told = toldOf((report) => {
    const theorem = new MonotonicHighWatermark(report);
    for (const highWatermark of [0, 5, 5, 7]) theorem.knows('worker1', highWatermark);
    theorem.knows('worker2', 3);
    theorem.knows('worker1', 6);
  });
  expect(told).toEqual([
    'MonotonicHighWatermark: the high watermark of worker1 is at least 7, as it was; it is 6',
  ]);
});

test('CommittedNeverLost: leaders of later epochs have what was committed, each record at its place', () => {
  const batch = { baseOffset: 2, lastOffset: 3, epoch: 1, content: 'a' };
  const other = { ...batch, content: 'b' };
  const told = toldOf((report) => {
    const theorem = new CommittedNeverLost(report);
    theorem.isCommitted(batch, 1);
    theorem.holdsAll('worker1', { batches: [batch], startOffset: 0, epoch: 2 });
    // It is in a snapshot, and a leader of the same epoch or an earlier one owes nothing.
    theorem.holdsAll('worker1', { batches: [], startOffset: 4, epoch: 2 });
    theorem.holdsAll('worker1', { batches: [], startOffset: 0, epoch: 1 });
    theorem.holdsAll('worker2', { batches: [], startOffset: 0, epoch: 2 });
    theorem.holdsAll('worker3', { batches: [other], startOffset: 0, epoch: 2 });
  });
  const expected = 'holds what was committed at offset 2–3 of epoch 1 (a)';
  expect(told).toEqual([
    `CommittedNeverLost: the log of worker2 ${expected}; nothing is there`,
    `CommittedNeverLost: the log of worker3 ${expected}; there is 2–3 of epoch 1 (b)`,
  ]);
});

test('CommittedNeverReordered: what a writer wrote is there in its order, once', () => {
  const told = toldOf((report) => {
    const dense = new CommittedNeverReordered(report, { gapsAllowed: false });
    for (const sequence of [0, 1, 3]) dense.follows('a', sequence, `offset ${sequence}`);
    const sparse = new CommittedNeverReordered(report, { gapsAllowed: true });
    for (const sequence of [0, 2, 2]) sparse.follows('b', sequence, `offset ${sequence}`);
  });
  expect(told).toEqual([
    'CommittedNeverReordered: after number 1 of a comes number 2; number 3 at offset 3',
    'CommittedNeverReordered: after number 2 of b comes number 3 or a later one; number 2 at offset 2',
  ]);
});

test('SameMetadataAtSameOffset, DiskHoldsLog, NoStaleRead: what differs is told', () => {
  const told = toldOf((report) => {
    const metadata = new SameMetadataAtSameOffset(report);
    metadata.has('worker1', 7, 'a');
    metadata.has('worker2', 7, 'a');
    metadata.has('worker3', 7, 'b');
    const disk = new DiskHoldsLog(report);
    disk.holds('worker1', '0@1', '0@1');
    disk.holds('worker1', '0@1', '0@1 1@1');
    const read = new NoStaleRead(report);
    read.leaderKnows('worker1', 5, 5);
    read.leaderKnows('worker1', 4, 5);
  });
  expect(told.map((each) => each.split(':')[0])).toEqual([
    'SameMetadataAtSameOffset',
    'DiskHoldsLog',
    'NoStaleRead',
  ]);
});

/** A ledger of records of which `p1/0` was acknowledged at offset 0, and what it says to `records` at the end. */
function ledgerToldOf(records: readonly (readonly [offset: number, value: string])[]) {
  return toldOf((report) => {
    const ledger = new RecordLedger(report, new InSyncPromise([]));
    ledger.acknowledge('p1/0', { partition: 'orders-0', offset: 0, sentAtMs: 0 });
    ledger.show('consumer', { partition: 'orders-0', offset: 0, value: 'p1/0' });
    ledger.readAll(records.map(([offset, value]) => ({ partition: 'orders-0', offset, value })));
  }).map((each) => each.split(':')[0]);
}

test('the ledger of records: what was acknowledged and read is there once, in order, where it was', () => {
  const good = [0, 'p1/0'] as const;
  expect(ledgerToldOf([good, [1, 'p1/1'], [2, 'p2/0']])).toEqual([]);
  expect(ledgerToldOf([])).toEqual(['CommittedNeverLost', 'NoStaleRead']);
  expect(ledgerToldOf([[1, 'p1/0']])).toEqual(['CommittedNeverLost', 'NoStaleRead']);
  expect(ledgerToldOf([good, [1, 'p1/2'], [2, 'p1/1']])).toEqual(['CommittedNeverReordered']);
  expect(ledgerToldOf([good, [1, 'p1/1'], [2, 'p1/1']])).toContain('IdempotentExactlyOnce');
});

test('the ledger of records: a consumer is never shown an offset again, nor a group an older commit', () => {
  const told = toldOf((report) => {
    const ledger = new RecordLedger(report, new InSyncPromise([]));
    ledger.show('consumer', { partition: 'orders-0', offset: 4, value: 'p1/0' });
    ledger.show('consumer', { partition: 'orders-0', offset: 4, value: 'p1/0' });
    ledger.show('another', { partition: 'orders-0', offset: 4, value: 'p1/9' });
    ledger.commitGroup('orders-0', 4);
    ledger.readGroup('orders-0', 4);
    ledger.readGroup('orders-0', 3);
  });
  expect(told).toEqual([
    'NoStaleRead: consumer of orders-0 goes on at offset 5; it is shown offset 4 again',
    'NoStaleRead: orders-0@4 is p1/0, as it was read before; it is p1/9',
    "NoStaleRead: the group's offset of orders-0 is at least 4; it is 3",
  ]);
});
