import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { batchesOf } from '../../protocol/records/record-batch.ts';
import { projectRoot } from '../../testing/project-root.ts';
import { bootstrapCheckpoint } from './bootstrap-checkpoint.ts';

const recorded = join(
  projectRoot,
  '..',
  'shared',
  'facts',
  'vectors',
  'ondisk',
  '38',
  'bootstrap.checkpoint',
);

/** The records' bytes and the header's fields but those that tell the time. */
function timeless(bytes: Uint8Array) {
  return [...batchesOf(bytes)].map((batch) => ({
    offset: batch.baseOffset,
    attributes: batch.attributes,
    epoch: batch.partitionLeaderEpoch,
    producer: [batch.producerId, batch.producerEpoch, batch.baseSequence],
    records: Buffer.from(batch.bytes.subarray(61)).toString('hex'),
    isValid: batch.hasValidCrc(),
  }));
}

test.skipIf(!existsSync(recorded))(
  'bootstrap.checkpoint is what Kafka 3.8.0 writes, but for the time',
  () => {
    const kafkas = new Uint8Array(readFileSync(recorded));
    const ours = bootstrapCheckpoint(20, 1_700_000_000_000);
    expect(ours.length).toBe(kafkas.length);
    expect(timeless(ours)).toEqual(timeless(kafkas));
  },
);
