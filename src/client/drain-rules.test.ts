import { expect, test } from 'vitest';
import { RecordBatchBuilder } from '../protocol/records/record-batch-builder.ts';
import { DrainRules } from './drain-rules.ts';
import { ProducerBatch } from './producer-batch.ts';
import { readProducerConfig } from './producer-config.ts';
import { PartitionQueue } from './record-accumulator.ts';

function batchOf(order: number): ProducerBatch {
  const builder = new RecordBatchBuilder({ baseOffset: 0, sizeLimitBytes: 1000 });
  const place = { topic: 'events', partition: 0 };
  return new ProducerBatch(place, builder, { heldBytes: 0, createdAtMs: 0, order });
}

/** As the sender does when a batch goes for the first time. */
function sentBatch(queue: PartitionQueue, order: number): ProducerBatch {
  const batch = batchOf(order);
  batch.ordinal = queue.sentCount++;
  queue.sent.add(batch);
  return batch;
}

function rulesWith(properties: Record<string, string>): DrainRules {
  const defaults = { clientId: 'producer' };
  const config = readProducerConfig(
    { 'bootstrap.servers': 'worker1:9092', ...properties },
    defaults,
  );
  return new DrainRules(config, () => false);
}

// Found by the simulator: scenario cluster, 5 nodes, seeds 5231 and 5083. The partition had moved with five requests on the
// connection to its old leader; the new one let more go, and a broker did not know the first of six batches again.
test('an idempotent producer sends no sixth batch of a partition while five are not answered, on whatever connection', () => {
  const rules = rulesWith({ 'enable.idempotence': 'true' });
  const queue = new PartitionQueue('events', 0);
  queue.hasSequenceInLog = true;
  const sent = Array.from({ length: 5 }, (_, order) => sentBatch(queue, order));
  queue.batches.push(batchOf(5));
  expect(rules.readyInMs(queue, 0)).toBe(Number.POSITIVE_INFINITY);
  const [first, ...others] = sent;
  if (first !== undefined) queue.sent.delete(first);
  expect(rules.readyInMs(queue, 0)).toBe(0);
  for (const batch of others) queue.sent.delete(batch);
  expect(rules.readyInMs(queue, 0)).toBe(0);
});

// Found by the simulator: scenario cluster, 5 nodes, seed 3265. The answer to the first batch was held up with its old
// leader while the new one answered five later ones: then no broker knew it again, and it was written twice.
test('batches that are answered count as long as one before them is not', () => {
  const rules = rulesWith({ 'enable.idempotence': 'true' });
  const queue = new PartitionQueue('events', 0);
  queue.hasSequenceInLog = true;
  const first = sentBatch(queue, 0);
  for (let order = 1; order < 5; order++) queue.sent.delete(sentBatch(queue, order));
  queue.batches.push(batchOf(5));
  expect(rules.readyInMs(queue, 0)).toBe(Number.POSITIVE_INFINITY);
  queue.sent.delete(first);
  expect(rules.readyInMs(queue, 0)).toBe(0);
});

test('without idempotence only the connection says how many may be on their way', () => {
  const rules = rulesWith({ 'enable.idempotence': 'false' });
  const queue = new PartitionQueue('events', 0);
  for (let order = 0; order < 8; order++) queue.sent.add(batchOf(order));
  queue.batches.push(batchOf(8));
  expect(rules.readyInMs(queue, 0)).toBe(0);
});
