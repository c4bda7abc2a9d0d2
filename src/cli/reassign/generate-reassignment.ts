import type { Admin } from '../../client/admin.ts';
import { groupByTopic } from '../../client/topic-partition.ts';
import { commandFailed, operationFailed } from '../command-errors.ts';
import type { JoptCall } from '../jopt-tool.ts';
import { duplicates } from '../text/duplicates.ts';
import { JavaError } from '../tool.ts';
import { assignReplicas, type BrokerRack } from './assign-replicas.ts';
import { assignmentOfTopics } from './current-assignment.ts';
import { formatReassignment, parseTopicsToMove } from './reassignment-json.ts';

/** `--generate`: proposes where partitions of some topics could be, and starts nothing. */
export async function generateReassignment(
  { ctx, options, output }: JoptCall,
  admin: Admin,
  text: string,
): Promise<void> {
  const ids = parseBrokerList(options.valueOf('broker-list') ?? '');
  const topics = parseTopicsToMove(text);
  const current = await assignmentOfTopics(admin, topics);
  const brokers = await racksOf(admin, ids, !options.has('disable-rack-aware'));
  const proposed = groupByTopic(current).flatMap(({ topic, partitions }) => {
    const replicationFactor = partitions[0]?.replicas.length ?? 0;
    const replicas = assignReplicas(brokers, partitions.length, replicationFactor, ctx.random);
    return replicas.map((own, partition) => ({ topic, partition, replicas: own }));
  });
  output.out(`Current partition replica assignment\n${formatReassignment(current)}\n`);
  output.out(`Proposed partition reassignment configuration\n${formatReassignment(proposed)}`);
}

function parseBrokerList(text: string): readonly number[] {
  const ids = text.split(',').map((word) => {
    if (/^[+-]?\d{1,10}$/.test(word)) return Number(word);
    throw new JavaError('java.lang.NumberFormatException', `For input string: "${word}"`);
  });
  const twice = duplicates(ids);
  if (twice.length === 0) return ids;
  throw commandFailed(`Broker list contains duplicate entries: [${twice.join(', ')}]`);
}

async function racksOf(
  admin: Admin,
  ids: readonly number[],
  isRackAware: boolean,
): Promise<readonly BrokerRack[]> {
  const { brokers } = await admin.describeCluster();
  const wanted = brokers
    .filter(({ brokerId }) => ids.includes(brokerId))
    .map(({ brokerId, rack }) => ({ id: brokerId, rack: isRackAware ? rack : null }));
  const rackless = wanted.filter(({ rack }) => rack === null).length;
  if (0 < rackless && rackless < wanted.length) {
    throw operationFailed(
      'Not all brokers have rack information. Add --disable-rack-aware in command line to make replica assignment without rack information.',
    );
  }
  return wanted;
}
