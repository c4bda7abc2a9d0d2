import { type Admin, specialTimestamps } from '../../client/admin.ts';
import type { CommittedOffset } from '../../client/group-coordinator-client.ts';
import { formatTopicPartition, type TopicPartition } from '../../client/topic-partition.ts';
import type { JoptCall } from '../jopt-tool.ts';
import type { JoptOptionSet } from '../parsers/jopt-parser.ts';
import { readTextFile } from '../tool.ts';
import type { GroupClients } from './describe-groups.ts';
import { parseDateTime, parseDuration } from './iso-time.ts';
import { partitionsOf } from './topic-arguments.ts';

type NewOffset = TopicPartition & { readonly offset: number };

/** `--reset-offsets`: plans new offsets, and with --execute commits them. */
export async function resetOffsets(call: JoptCall, clients: GroupClients): Promise<void> {
  const { options, output } = call;
  const { groups } = clients;
  const names = options.has('all-groups')
    ? (await groups.list()).map(({ groupId }) => groupId)
    : [...new Set(options.valuesOf('group'))];
  const planned: (readonly [group: string, offsets: readonly NewOffset[]])[] = [];
  for (const name of names) {
    const { state } = await groups.describe(name);
    if (state !== 'Empty' && state !== 'Dead') {
      output.out(
        `\nError: Assignments can only be reset if the group '${name}' is inactive, but the current state is ${state}.`,
      );
      continue;
    }
    const offsets = await planOffsets(call, clients, name);
    if (options.has('execute')) await groups.alterOffsets(name, offsets);
    planned.push([name, offsets]);
  }
  if (options.has('export')) printCsv(call, planned);
  else printTable(call, planned);
}

function printTable(
  { output }: JoptCall,
  planned: readonly (readonly [string, readonly NewOffset[]])[],
): void {
  // Kafka 3.8 forgets the ends of these lines.
  const row = (group: string, topic: string, partition: string, offset: string) =>
    output.write(
      `${group.padEnd(30)} ${topic.padEnd(30)} ${partition.padEnd(10)} ${offset.padEnd(15)}`,
    );
  output.out();
  row('GROUP', 'TOPIC', 'PARTITION', 'NEW-OFFSET');
  for (const [group, offsets] of planned) {
    for (const { topic, partition, offset } of offsets) {
      row(group, topic, String(partition), String(offset));
    }
  }
}

/** One group: `topic,partition,offset`; several: the group first. */
function printCsv(
  { output }: JoptCall,
  planned: readonly (readonly [string, readonly NewOffset[]])[],
): void {
  const hasGroups = 1 < planned.length;
  for (const [group, offsets] of planned) {
    for (const { topic, partition, offset } of offsets) {
      output.out([...(hasGroups ? [group] : []), topic, partition, offset].join(','));
    }
  }
  output.out();
}

async function planOffsets(
  call: JoptCall,
  { admin, groups }: GroupClients,
  group: string,
): Promise<readonly NewOffset[]> {
  const { options } = call;
  const committed = await groups.offsets(group);
  const fromFile = options.valueOf('from-file');
  if (fromFile !== undefined) {
    const wanted = parseCsv(await readTextFile(call.ctx, fromFile), group);
    return await withinLog(call, admin, wanted);
  }
  const partitions = await choosePartitions(call, admin, committed);
  const plan = { call, admin, partitions, committed };
  return await planScenario(options, plan);
}

async function choosePartitions(
  { options, usage }: JoptCall,
  admin: Admin,
  committed: readonly CommittedOffset[],
): Promise<readonly TopicPartition[]> {
  if (options.has('all-topics')) {
    return committed.map(({ topic, partition }) => ({ topic, partition }));
  }
  if (options.has('topic')) return await partitionsOf(admin, options.valuesOf('topic'));
  return usage.exit('One of the reset scopes should be defined: --all-topics, --topic.');
}

interface Plan {
  readonly call: JoptCall;
  readonly admin: Admin;
  readonly partitions: readonly TopicPartition[];
  readonly committed: readonly CommittedOffset[];
}

async function planScenario(options: JoptOptionSet, plan: Plan): Promise<readonly NewOffset[]> {
  const { call, admin, partitions, committed } = plan;
  const current = new Map(committed.map((each) => [formatTopicPartition(each), each.offset]));
  if (options.has('to-offset')) {
    const offset = options.numberOf('to-offset') ?? 0;
    return await withinLog(
      call,
      admin,
      partitions.map((each) => ({ ...each, offset })),
    );
  }
  if (options.has('to-earliest')) return await offsetsAt(plan, specialTimestamps.earliest);
  if (options.has('to-latest')) return await offsetsAt(plan, specialTimestamps.latest);
  if (options.has('shift-by')) {
    const shift = options.numberOf('shift-by') ?? 0;
    const shifted = partitions.map((each) => {
      const offset = current.get(formatTopicPartition(each));
      if (offset !== undefined) return { ...each, offset: offset + shift };
      return call.usage.exit(
        `Cannot shift offset for partition ${formatTopicPartition(each)} since there is no current committed offset`,
      );
    });
    return await withinLog(call, admin, shifted);
  }
  if (options.has('to-datetime')) {
    return await offsetsFrom(plan, parseDateTime(options.valueOf('to-datetime') ?? ''));
  }
  if (options.has('by-duration')) {
    const durationMs = parseDuration(options.valueOf('by-duration') ?? '');
    return await offsetsFrom(plan, call.ctx.clock.nowMs() - durationMs);
  }
  if (options.has('to-current')) return await currentOrLatest(plan, current);
  return call.usage.exit(
    "Option '[reset-offsets]' requires one of the following scenarios: [to-offset], [to-datetime], [by-duration], [to-earliest], [to-latest], [shift-by], [from-file], [to-current]",
  );
}

async function offsetsAt({ admin, partitions }: Plan, timestamp: number) {
  return await admin.listOffsets(partitions.map((each) => ({ ...each, timestamp })));
}

/** The first record at or after a time, else the end. */
async function offsetsFrom(plan: Plan, timestamp: number): Promise<readonly NewOffset[]> {
  const found = await offsetsAt(plan, timestamp);
  const ends = await offsetsAt(plan, specialTimestamps.latest);
  return found.map((each) => {
    if (0 <= each.offset) return each;
    const name = formatTopicPartition(each);
    return ends.find((end) => formatTopicPartition(end) === name) ?? each;
  });
}

async function currentOrLatest(
  plan: Plan,
  current: ReadonlyMap<string, number>,
): Promise<readonly NewOffset[]> {
  const ends = await offsetsAt(plan, specialTimestamps.latest);
  return ends.map(({ topic, partition, offset }) => ({
    topic,
    partition,
    offset: current.get(formatTopicPartition({ topic, partition })) ?? offset,
  }));
}

/** What lies outside the log becomes its nearer end, with a warning. */
async function withinLog(
  { output }: JoptCall,
  admin: Admin,
  wanted: readonly NewOffset[],
): Promise<readonly NewOffset[]> {
  const at = (timestamp: number) =>
    admin.listOffsets(wanted.map(({ topic, partition }) => ({ topic, partition, timestamp })));
  const [starts, ends] = await Promise.all([
    at(specialTimestamps.earliest),
    at(specialTimestamps.latest),
  ]);
  const byName = (listed: readonly NewOffset[]) =>
    new Map(listed.map((each) => [formatTopicPartition(each), each.offset]));
  const first = byName(starts);
  const end = byName(ends);
  return wanted.map((each) => {
    const name = formatTopicPartition(each);
    const last = end.get(name) ?? each.offset;
    const least = first.get(name) ?? each.offset;
    if (last < each.offset) {
      output.err(
        `New offset (${each.offset}) is higher than latest offset for topic partition ${name}. Value will be set to ${last}`,
      );
      return { ...each, offset: last };
    }
    if (each.offset < least) {
      output.err(
        `New offset (${each.offset}) is lower than earliest offset for topic partition ${name}. Value will be set to ${least}`,
      );
      return { ...each, offset: least };
    }
    return each;
  });
}

function parseCsv(text: string, group: string): readonly NewOffset[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.split(',').map((cell) => cell.trim()))
    .filter((cells) => 3 <= cells.length)
    .filter((cells) => cells.length === 3 || cells[0] === group)
    .map((cells) => {
      const [topic = '', partition = '', offset = ''] = cells.slice(-3);
      return { topic, partition: Number(partition), offset: Number(offset) };
    });
}
