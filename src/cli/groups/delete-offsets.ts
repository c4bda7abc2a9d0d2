import type { JoptCall } from '../jopt-tool.ts';
import { describeError } from '../tool.ts';
import type { GroupClients } from './describe-groups.ts';
import { partitionsOf } from './topic-arguments.ts';

/** `--delete-offsets --group g --topic t`. */
export async function deleteOffsets(
  { options, output }: JoptCall,
  { admin, groups }: GroupClients,
): Promise<void> {
  const group = options.valueOf('group') ?? '';
  const topics = options.valuesOf('topic');
  const partitions = await partitionsOf(admin, topics);
  const results = await groups.deleteOffsets(group, partitions);
  const hasFailed = results.some(({ error }) => error !== undefined);
  output.out(
    hasFailed
      ? '\nError: Encounter some partition level error, see the follow-up details:'
      : `Request succeed for deleting offsets with topic ${topics.join(', ')} group ${group}`,
  );
  // Kafka 3.8 forgets the ends of these lines.
  const row = (topic: string, partition: string, status: string) =>
    output.write(`${topic.padEnd(30)} ${partition.padEnd(15)} ${status.padEnd(15)}`);
  output.out();
  row('TOPIC', 'PARTITION', 'STATUS');
  for (const { topic, partition, error } of results) {
    const status = error === undefined ? 'Successful' : `Error: :${describeError(error)}`;
    row(topic, String(partition), status);
  }
}
