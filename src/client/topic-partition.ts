export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** As Kafka's TopicPartition prints itself. */
export function formatTopicPartition({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}

/** The partitions by topic, as most requests carry them; in the order of first mention. */
export function groupByTopic<P extends TopicPartition>(
  partitions: Iterable<P>,
): readonly { readonly topic: string; readonly partitions: readonly P[] }[] {
  const topics = new Map<string, P[]>();
  for (const each of partitions) {
    const own = topics.get(each.topic);
    if (own === undefined) topics.set(each.topic, [each]);
    else own.push(each);
  }
  return [...topics].map(([topic, own]) => ({ topic, partitions: own }));
}
