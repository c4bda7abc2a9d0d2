import type { Admin } from '../../client/admin.ts';
import { PartitionAdmin } from '../../client/partition-admin.ts';
import { formatTopicPartition } from '../../client/topic-partition.ts';
import type { JoptCall } from '../jopt-tool.ts';
import { byPartition } from './reassignment-json.ts';

/** `--list`: the moves under way. */
export async function listReassignments({ output }: JoptCall, admin: Admin): Promise<void> {
  const ongoing = await new PartitionAdmin(admin).listReassignments();
  if (ongoing.length === 0) {
    output.out('No partition reassignments found.');
    return;
  }
  output.out('Current partition reassignments:');
  for (const each of ongoing.toSorted(byPartition)) {
    const adding = each.adding.length === 0 ? '' : ` adding: ${each.adding.join(',')}.`;
    const removing = each.removing.length === 0 ? '' : ` removing: ${each.removing.join(',')}.`;
    const replicas = each.replicas.join(',');
    output.out(`${formatTopicPartition(each)}: replicas: ${replicas}.${adding}${removing}`);
  }
}
