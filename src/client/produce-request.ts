import type { ProducerBatch } from './producer-batch.ts';

export interface TopicBatches {
  readonly name: string;
  readonly partitionData: readonly { readonly index: number; readonly records: Uint8Array }[];
}

/** The batches as a ProduceRequest carries them: by topic, each partition once. */
export function topicDataOf(batches: readonly ProducerBatch[]): readonly TopicBatches[] {
  const [first] = batches;
  if (first !== undefined && batches.length === 1) {
    const partitionData = [{ index: first.partition, records: first.bytes() }];
    return [{ name: first.topic, partitionData }];
  }
  const topics = new Map<string, { index: number; records: Uint8Array }[]>();
  for (const batch of batches) {
    const partitions = topics.get(batch.topic) ?? [];
    topics.set(batch.topic, partitions);
    partitions.push({ index: batch.partition, records: batch.bytes() });
  }
  return [...topics].map(([name, partitionData]) => ({ name, partitionData }));
}
