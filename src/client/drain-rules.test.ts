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
  const sent = Array.from({ length: 5 }, (_, order) => batchOf(order));
  const next = batchOf(5);
  queue.batches.push(next);
  for (const batch of sent.slice(0, 4)) queue.sent.add(batch);
  expect(rules.readyInMs(queue, 0)).toBe(0);
  for (const batch of sent) queue.sent.add(batch);
  expect(rules.readyInMs(queue, 0)).toBe(Number.POSITIVE_INFINITY);
  queue.sent.delete(sent[0] ?? next);
  expect(rules.readyInMs(queue, 0)).toBe(0);
});

test('without idempotence only the connection says how many may be on their way', () => {
  const rules = rulesWith({ 'enable.idempotence': 'false' });
  const queue = new PartitionQueue('events', 0);
  for (let order = 0; order < 8; order++) queue.sent.add(batchOf(order));
  queue.batches.push(batchOf(8));
  expect(rules.readyInMs(queue, 0)).toBe(0);
});
