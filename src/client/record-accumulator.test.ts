import { expect, test } from 'vitest';
import { RecordBatchBuilder } from '../protocol/records/record-batch-builder.ts';
import { ProducerBatch } from './producer-batch.ts';
import { PartitionQueue } from './record-accumulator.ts';

const place = { topic: 'events', partition: 0 };

function sentBatch(order: number): ProducerBatch {
  const builder = new RecordBatchBuilder({ baseOffset: 0, sizeLimitBytes: 1000 });
  const batch = new ProducerBatch(place, builder, { heldBytes: 0, createdAtMs: 0, order });
  batch.setSequence(7, 0, order);
  batch.attempts = 1;
  return batch;
}

// Found by the simulator: scenario cluster, 3 nodes, seed 20. The later batch failed for good, and with
// the new epoch that followed, the earlier one was written a second time.
test('a batch that is out of order waits for an earlier one that is still on its way', () => {
  const queue = new PartitionQueue('events', 0);
  const [earlier, later] = [sentBatch(0), sentBatch(1)];
  queue.sent.add(earlier);
  expect(queue.hasEarlierUnderWay(later)).toBe(true);
  expect(queue.hasEarlierUnderWay(earlier)).toBe(false);
  queue.sent.delete(earlier);
  queue.reenqueue(earlier);
  expect(queue.hasEarlierUnderWay(later)).toBe(true);
  earlier.baseSequence = -1;
  expect(queue.hasEarlierUnderWay(later)).toBe(false);
});
