import type { Admin } from '../../client/admin.ts';
import { PartitionAdmin } from '../../client/partition-admin.ts';
import { formatTopicPartition } from '../../client/topic-partition.ts';
import type { JoptCall } from '../jopt-tool.ts';
import { describeDirectoryState, findDirectoryStates } from './log-dir-moves.ts';
import { byPartition, parseReassignment, type TargetPartition } from './reassignment-json.ts';
import { clearThrottles } from './throttles.ts';

/** `--verify`: says how far the moves are, and takes the throttles away when all are over. */
export async function verifyReassignment(
  call: JoptCall,
  admin: Admin,
  text: string,
): Promise<void> {
  const { output, options } = call;
  const { partitions, directories } = parseReassignment(text);
  const ongoing = await new PartitionAdmin(admin).listReassignments();
  output.out('Status of partition reassignment:');
  const moving = new Set(ongoing.map(formatTopicPartition));
  for (const line of await describeStates(admin, partitions, moving)) output.out(line);
  const states = await findDirectoryStates(admin, directories);
  output.out(states.map(describeDirectoryState).join('\n'));
  const isCopying = states.some(
    ({ current, future }) => current === undefined || future !== undefined,
  );
  if (0 < ongoing.length || isCopying || options.has('preserve-throttles')) return;
  await clearThrottles({ admin, output }, partitions);
}

async function describeStates(
  admin: Admin,
  targets: readonly TargetPartition[],
  moving: ReadonlySet<string>,
): Promise<readonly string[]> {
  const atRest = targets.filter((each) => !moving.has(formatTopicPartition(each)));
  const topics = await admin.describeTopics([...new Set(atRest.map(({ topic }) => topic))]);
  return targets.toSorted(byPartition).map((target) => {
    const name = formatTopicPartition(target);
    if (moving.has(name)) return `Reassignment of partition ${name} is still in progress.`;
    const described = topics.find((topic) => topic.name === target.topic);
    const replicas = described?.partitions[target.partition]?.replicas ?? [];
    const [now, wanted] = [replicas.join(','), target.replicas.join(',')];
    return now === wanted
      ? `Reassignment of partition ${name} is completed.`
      : `There is no active reassignment of partition ${name}, but replica set is ${now} rather than ${wanted}.`;
  });
}
