import { type Admin, specialTimestamps } from '../../client/admin.ts';
import type { GroupAdmin, GroupDescription, GroupMember } from '../../client/group-admin.ts';
import { formatTopicPartition, type TopicPartition } from '../../client/topic-partition.ts';
import type { JoptCall } from '../jopt-tool.ts';
import type { ToolOutput } from '../tool.ts';

export interface GroupClients {
  readonly admin: Admin;
  readonly groups: GroupAdmin;
}

const minWidth = 15;

/** `--describe` with --offsets (the default), --members or --state. */
export async function describeGroups(call: JoptCall, clients: GroupClients): Promise<void> {
  const { options, output } = call;
  const { groups } = clients;
  const names = options.has('all-groups')
    ? (await groups.list()).map(({ groupId }) => groupId).toSorted()
    : [...new Set(options.valuesOf('group'))];
  for (const name of names) {
    const group = await groups.describe(name);
    if (!warnOfState(output, group)) continue;
    if (options.has('members')) describeMembers(call, group);
    else if (options.has('state')) describeState(output, group);
    else await describeOffsets(output, group, clients);
  }
}

/** Says what is special about the group's state; false when there is nothing to show. */
function warnOfState(output: ToolOutput, { groupId, state }: GroupDescription): boolean {
  if (state === 'Dead') {
    output.out(`\nError: Consumer group '${groupId}' does not exist.`);
    return false;
  }
  if (state === 'Empty') output.err(`\nConsumer group '${groupId}' has no active members.`);
  if (['PreparingRebalance', 'CompletingRebalance'].includes(state)) {
    output.err(`\nWarning: Consumer group '${groupId}' is rebalancing.`);
  }
  return true;
}

interface OffsetRow extends TopicPartition {
  readonly member: GroupMember | undefined;
}

async function describeOffsets(
  output: ToolOutput,
  group: GroupDescription,
  { admin, groups }: GroupClients,
): Promise<void> {
  const committed = await groups.offsets(group.groupId);
  const offsets = new Map(committed.map((each) => [formatTopicPartition(each), each.offset]));
  const rows = offsetRows(group, committed);
  const ends = await endOffsets(admin, rows);
  const { groupId } = group;
  const widthOf = (texts: readonly string[]) =>
    Math.max(minWidth, ...texts.map((text) => text.length));
  const groupWidth = widthOf([groupId]);
  const topicWidth = widthOf(rows.map(({ topic }) => topic));
  const consumerWidth = widthOf(rows.map(({ member }) => member?.memberId ?? '-'));
  const hostWidth = widthOf(rows.map(({ member }) => member?.host ?? '-'));
  const row = (cells: readonly string[]) => {
    const widths = [groupWidth, topicWidth, 10, 15, 15, 15, consumerWidth, hostWidth, 0];
    output.write(`\n${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' ')}`);
  };
  row([
    'GROUP',
    'TOPIC',
    'PARTITION',
    'CURRENT-OFFSET',
    'LOG-END-OFFSET',
    'LAG',
    'CONSUMER-ID',
    'HOST',
    'CLIENT-ID',
  ]);
  for (const { topic, partition, member } of rows) {
    const name = formatTopicPartition({ topic, partition });
    const offset = offsets.get(name);
    const end = ends.get(name);
    const lag = offset === undefined || end === undefined ? undefined : end - offset;
    const shown = [offset, end, lag].map((value) => String(value ?? '-'));
    const who = [member?.memberId, member?.host, member?.clientId].map((value) => value ?? '-');
    row([groupId, topic, String(partition), ...shown, ...who]);
  }
}

/** The members' partitions, then those that only have a committed offset. */
function offsetRows(
  group: GroupDescription,
  committed: readonly TopicPartition[],
): readonly OffsetRow[] {
  const byAssignments = group.members.toSorted((a, b) => b.assignment.length - a.assignment.length);
  const assigned = byAssignments.flatMap((member) =>
    member.assignment
      .toSorted((a, b) => a.partition - b.partition)
      .map((each): OffsetRow => ({ ...each, member })),
  );
  const names = new Set(assigned.map(formatTopicPartition));
  const unassigned = committed
    .filter((each) => !names.has(formatTopicPartition(each)))
    .toSorted((a, b) => a.partition - b.partition)
    .map(({ topic, partition }): OffsetRow => ({ topic, partition, member: undefined }));
  return [...assigned, ...unassigned];
}

/** Of the partitions that still exist. */
async function endOffsets(
  admin: Admin,
  rows: readonly TopicPartition[],
): Promise<ReadonlyMap<string, number>> {
  const topics = new Map((await admin.listTopics()).map((topic) => [topic.name, topic]));
  const asked = rows
    .filter(({ topic, partition }) => 0 <= (topics.get(topic)?.partitions[partition]?.leader ?? -1))
    .map(({ topic, partition }) => ({ topic, partition, timestamp: specialTimestamps.latest }));
  const listed = asked.length === 0 ? [] : await admin.listOffsets(asked);
  return new Map(listed.map((each) => [formatTopicPartition(each), each.offset]));
}

function describeMembers({ options, output }: JoptCall, group: GroupDescription): void {
  const { members, groupId } = group;
  const isVerbose = options.has('verbose');
  const hasInstances = members.some(({ groupInstanceId }) => groupInstanceId !== null);
  const widthOf = (texts: readonly string[], least = minWidth) =>
    Math.max(least, ...texts.map((text) => text.length));
  const widths = [
    widthOf([groupId]),
    widthOf(members.map(({ memberId }) => memberId)),
    ...(hasInstances
      ? [
          widthOf(
            members.map((each) => each.groupInstanceId ?? ''),
            17,
          ),
        ]
      : []),
    widthOf(members.map(({ host }) => host)),
    widthOf(members.map(({ clientId }) => clientId)),
    15,
    0,
  ];
  const row = (cells: readonly string[]) => {
    output.write(`${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' ')}\n`);
  };
  const instance = (text: string) => (hasInstances ? [text] : []);
  output.out();
  const last = isVerbose ? 'ASSIGNMENT' : '';
  row([
    'GROUP',
    'CONSUMER-ID',
    ...instance('GROUP-INSTANCE-ID'),
    'HOST',
    'CLIENT-ID',
    '#PARTITIONS',
    last,
  ]);
  for (const member of members) {
    const { memberId, groupInstanceId, host, clientId, assignment } = member;
    const shown = isVerbose ? formatAssignment(assignment) : '';
    const count = String(assignment.length);
    row([groupId, memberId, ...instance(groupInstanceId ?? ''), host, clientId, count, shown]);
  }
}

/** As 3.8 prints it: the partitions of each topic in parentheses, without the topic's name. */
function formatAssignment(assignment: readonly TopicPartition[]): string {
  if (assignment.length === 0) return '-';
  const topics = new Map<string, number[]>();
  for (const { topic, partition } of assignment) {
    topics.set(topic, [...(topics.get(topic) ?? []), partition]);
  }
  return [...topics.values()]
    .map((partitions) => `(${partitions.toSorted((a, b) => a - b).join(',')})`)
    .join(', ');
}

function describeState(output: ToolOutput, group: GroupDescription): void {
  const { host, port, nodeId } = group.coordinator;
  const coordinator = `${host}:${port}  (${nodeId})`;
  const width = Math.max(25, coordinator.length);
  const row = (cells: readonly string[]) => {
    const widths = [width, width, 20, 15, 0];
    output.write(`\n${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' ')}`);
  };
  row(['GROUP', 'COORDINATOR (ID)', 'ASSIGNMENT-STRATEGY', 'STATE', '#MEMBERS']);
  row([group.groupId, coordinator, group.protocol, group.state, String(group.members.length)]);
  output.out();
}
