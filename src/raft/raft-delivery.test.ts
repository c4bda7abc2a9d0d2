import { expect, test } from 'vitest';
import { MemoryRaftLog } from '../testing/raft/memory-raft-log.ts';
import { encodeDataBatch, encodeSnapshot } from './raft-batches.ts';
import { RaftDelivery } from './raft-delivery.ts';
import type { CommittedBatch, RaftListener } from './raft-listener.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function batchAt(offset: number, epoch: number, text: string): CommittedBatch {
  const place = { baseOffset: offset, lastOffset: offset, epoch, appendedAtMs: 0 };
  return { ...place, values: [bytes(text)] };
}

function recordAt(baseOffset: number, epoch: number, text: string): Uint8Array {
  return encodeDataBatch({ baseOffset, epoch, timestampMs: 0 }, [bytes(text)]);
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

// Found by the simulator: scenario raft, 3 nodes, seed 125.
test('what a deposed leader had appended is forgotten when a snapshot replaces its log', async () => {
  const log = new MemoryRaftLog();
  const fault = (error: unknown) => expect.unreachable(String(error));
  const delivery = new RaftDelivery(log, fault);
  const heard: string[] = [];
  const listener: RaftListener = {
    handleCommit: ({ values }) =>
      heard.push(...values.map((value) => new TextDecoder().decode(value))),
    handleLoadSnapshot: () => heard.push('snapshot'),
    handleLeaderChange: () => undefined,
  };
  delivery.register(listener);
  log.append(recordAt(0, 1, 'never committed'));
  log.append(recordAt(1, 1, 'never committed either'));
  delivery.remember(batchAt(0, 1, 'never committed'));
  delivery.remember(batchAt(1, 1, 'never committed either'));

  const id = { offset: 1, epoch: 2 };
  const content = encodeSnapshot(id, { lastContainedLogTimestampMs: 0, values: [] }, 0);
  log.writeSnapshotPart(id, 0, content);
  await log.installSnapshotPart(id);
  delivery.restart();
  await turn();
  log.append(recordAt(1, 2, 'committed'));
  delivery.commit(2);
  await turn();
  expect(heard).toEqual(['snapshot', 'committed']);
});
