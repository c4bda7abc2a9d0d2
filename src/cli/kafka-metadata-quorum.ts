import type { ExitCode, Program } from '../base/program.ts';
import { throwIfError } from '../client/admin.ts';
import type { DescribeQuorumResponse } from '../protocol/schemas/55-describe-quorum.ts';
import { type ArgparseCall, argparseProgram, withArgparseAdmin } from './argparse-tool.ts';
import { metadataQuorumSpec } from './options/cluster-options.ts';
import { prettyTable } from './text/pretty-table.ts';

type Quorum = DescribeQuorumResponse['topics'][number]['partitions'][number];

/** `kafka-metadata-quorum.sh`: Kafka's MetadataQuorumCommand. */
export const kafkaMetadataQuorum: Program = argparseProgram(
  'kafka-metadata-quorum.sh',
  metadataQuorumSpec,
  run,
);

const labelWidth = 24;

async function run(call: ArgparseCall): Promise<ExitCode> {
  const { output, parsed } = call;
  const problem = problemWith(parsed.values);
  if (problem !== undefined) {
    output.err(problem);
    return 1;
  }
  await withArgparseAdmin(call, 'command-config', async (admin) => {
    const response = await admin.describeQuorum();
    throwIfError(response.errorCode, response.errorMessage);
    const quorum = response.topics[0]?.partitions[0];
    if (quorum === undefined) return;
    throwIfError(quorum.errorCode, quorum.errorMessage);
    if (parsed.values.has('replication')) {
      printReplication(call, quorum);
      return;
    }
    const { clusterId } = await admin.describeCluster();
    printStatus(call, quorum, clusterId);
  });
  return 0;
}

function problemWith(values: ReadonlyMap<string, unknown>): string | undefined {
  const isStatus = values.has('status');
  const isReplication = values.has('replication');
  if (isStatus && isReplication) {
    return 'Only one of --status or --replication should be specified with describe sub-command';
  }
  if (!isStatus && !isReplication) {
    return 'One of --status or --replication must be specified with describe sub-command';
  }
  if (isStatus && values.has('human-readable')) {
    return 'The option --human-readable is only supported along with --replication';
  }
  return undefined;
}

function printStatus({ ctx, output }: ArgparseCall, quorum: Quorum, clusterId: string): void {
  const { leaderId, leaderEpoch, highWatermark, currentVoters, observers } = quorum;
  const leader = currentVoters.find(({ replicaId }) => replicaId === leaderId);
  const followers = [...currentVoters, ...observers];
  const leaderEnd = leader?.logEndOffset ?? 0;
  const slowest = followers.toSorted((a, b) => a.logEndOffset - b.logEndOffset)[0];
  const maxLag = leaderEnd - (slowest?.logEndOffset ?? leaderEnd);
  const ids = (replicas: Quorum['currentVoters']) =>
    `[${replicas.map(({ replicaId }) => replicaId).join(',')}]`;
  const rows: readonly (readonly [string, string | number])[] = [
    ['ClusterId:', clusterId],
    ['LeaderId:', leaderId],
    ['LeaderEpoch:', leaderEpoch],
    ['HighWatermark:', highWatermark],
    ['MaxFollowerLag:', maxLag],
    ['MaxFollowerLagTimeMs:', lagTimeMs({ maxLag, slowest, leader }, ctx.clock.nowMs())],
    ['CurrentVoters:', ids(currentVoters)],
    ['CurrentObservers:', ids(observers)],
  ];
  for (const [label, value] of rows) output.out(`${label.padEnd(labelWidth)}${value}`);
}

type Replica = Quorum['currentVoters'][number];

/** -1 where it cannot be known. */
function lagTimeMs(
  lag: { maxLag: number; slowest: Replica | undefined; leader: Replica | undefined },
  nowMs: number,
): number {
  if (lag.maxLag === 0) return 0;
  const caughtUpAtMs = lag.slowest?.lastCaughtUpTimestamp ?? -1;
  const leaderAtMs = lag.leader?.lastCaughtUpTimestamp ?? nowMs;
  return caughtUpAtMs < 0 ? -1 : leaderAtMs - caughtUpAtMs;
}

function printReplication({ ctx, output, parsed }: ArgparseCall, quorum: Quorum): void {
  const { leaderId, currentVoters, observers } = quorum;
  const leader = currentVoters.filter(({ replicaId }) => replicaId === leaderId);
  const followers = currentVoters.filter(({ replicaId }) => replicaId !== leaderId);
  const leaderEnd = leader[0]?.logEndOffset ?? 0;
  const isHuman = parsed.values.has('human-readable');
  const nowMs = ctx.clock.nowMs();
  const time = (timestamp: number) =>
    isHuman && 0 <= timestamp ? `${nowMs - timestamp} ms ago` : String(timestamp);
  const rowsOf = (replicas: readonly Replica[], status: string) =>
    replicas.map((each) => [
      String(each.replicaId),
      String(each.logEndOffset),
      String(leaderEnd - each.logEndOffset),
      time(each.lastFetchTimestamp),
      time(each.lastCaughtUpTimestamp),
      status,
    ]);
  const head = [
    'NodeId',
    'LogEndOffset',
    'Lag',
    'LastFetchTimestamp',
    'LastCaughtUpTimestamp',
    'Status',
  ];
  const rows = [
    ...rowsOf(leader, 'Leader'),
    ...rowsOf(followers, 'Follower'),
    ...rowsOf(observers, 'Observer'),
  ];
  for (const line of prettyTable([head, ...rows])) output.out(line);
}
