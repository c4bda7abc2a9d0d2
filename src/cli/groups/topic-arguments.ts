import type { Admin } from '../../client/admin.ts';
import { BrokerError } from '../../client/client-errors.ts';
import type { TopicPartition } from '../../client/topic-partition.ts';

/** `--topic t` is all its partitions, `--topic t:0,2` these. Rejects with BrokerError for a topic that is not there. */
export async function partitionsOf(
  admin: Admin,
  words: readonly string[],
): Promise<readonly TopicPartition[]> {
  const topics = new Map((await admin.listTopics()).map((topic) => [topic.name, topic]));
  return words.flatMap((word) => {
    const [, topic = word, ids] = /^(.+):([\d,]+)$/.exec(word) ?? [];
    if (ids !== undefined) {
      return ids.split(',').map((id) => ({ topic, partition: Number(id) }));
    }
    const known = topics.get(topic);
    if (known === undefined) throw new BrokerError('UNKNOWN_TOPIC_OR_PARTITION');
    return known.partitions.map(({ partition }) => ({ topic, partition }));
  });
}
