import type { QuorumDescription } from '../../client/quorum-admin.ts';
import { ZERO_UUID } from '../../protocol/uuid.ts';
import { prettyTable } from '../text/pretty-table.ts';

type Replica = QuorumDescription['currentVoters'][number];

const labelWidth = 24;

/** `describe --status`, line by line. */
export function statusLines(quorum: QuorumDescription, clusterId: string): readonly string[] {
  const { leaderId, leaderEpoch, highWatermark, currentVoters, observers } = quorum;
  const shown = isDynamic(quorum) ? replicasText : idsText;
  const rows: readonly (readonly [string, string | number])[] = [
    ['ClusterId:', clusterId],
    ['LeaderId:', leaderId],
    ['LeaderEpoch:', leaderEpoch],
    ['HighWatermark:', highWatermark],
    ...lagRows(quorum),
    ['CurrentVoters:', shown(currentVoters, quorum)],
    ['CurrentObservers:', shown(observers, quorum)],
  ];
  return rows.map(([label, value]) => `${label.padEnd(labelWidth)}${value}`);
}

/** `describe --replication`, line by line; `nowMs` makes times readable for people. */
export function replicationLines(
  quorum: QuorumDescription,
  nowMs: number | undefined,
): readonly string[] {
  const { leaderId, currentVoters, observers } = quorum;
  const leader = currentVoters.filter(({ replicaId }) => replicaId === leaderId);
  const followers = currentVoters.filter(({ replicaId }) => replicaId !== leaderId);
  const leaderEnd = leader[0]?.logEndOffset ?? 0;
  const isShownDynamic = isDynamic(quorum);
  const rowsOf = (replicas: readonly Replica[], status: string) =>
    replicas.map((each) => [
      String(each.replicaId),
      ...(isShownDynamic ? [each.replicaDirectoryId] : []),
      String(each.logEndOffset),
      String(leaderEnd - each.logEndOffset),
      timeText(each.lastFetchTimestamp, nowMs),
      timeText(each.lastCaughtUpTimestamp, nowMs),
      status,
    ]);
  const head = [
    'NodeId',
    ...(isShownDynamic ? ['DirectoryId'] : []),
    ...['LogEndOffset', 'Lag', 'LastFetchTimestamp', 'LastCaughtUpTimestamp', 'Status'],
  ];
  const rows = [
    ...rowsOf(leader, 'Leader'),
    ...rowsOf(followers, 'Follower'),
    ...rowsOf(observers, 'Observer'),
  ];
  return prettyTable([head, ...rows]);
}

/** Directory ids are there where voters may change (kraft.version 1): then all is shown as 3.9 shows it, else as 3.8. */
function isDynamic({ currentVoters }: QuorumDescription): boolean {
  return currentVoters.some(({ replicaDirectoryId }) => replicaDirectoryId !== ZERO_UUID);
}

/** How far the slowest voter is behind; -1 where its time cannot be known. */
function lagRows({ leaderId, currentVoters }: QuorumDescription) {
  const leader = currentVoters.find(({ replicaId }) => replicaId === leaderId);
  const slowest = currentVoters.toSorted((a, b) => a.logEndOffset - b.logEndOffset)[0];
  const lag = (leader?.logEndOffset ?? 0) - (slowest?.logEndOffset ?? 0);
  return [
    ['MaxFollowerLag:', lag],
    ['MaxFollowerLagTimeMs:', lagTimeMs(leader, slowest)],
  ] as const;
}

function lagTimeMs(leader: Replica | undefined, slowest: Replica | undefined): number {
  if (leader === slowest || leader === undefined || slowest === undefined) return 0;
  const isKnown = 0 <= leader.lastCaughtUpTimestamp && 0 <= slowest.lastCaughtUpTimestamp;
  return isKnown ? leader.lastCaughtUpTimestamp - slowest.lastCaughtUpTimestamp : -1;
}

function timeText(timestamp: number, nowMs: number | undefined): string {
  return nowMs === undefined || timestamp < 0 ? String(timestamp) : `${nowMs - timestamp} ms ago`;
}

function idsText(replicas: readonly Replica[]): string {
  return `[${replicas.map(({ replicaId }) => replicaId).join(',')}]`;
}

/** `[{"id": 1, "directoryId": "…", "endpoints": ["CONTROLLER://worker1:9093"]}]` */
function replicasText(replicas: readonly Replica[], { nodes }: QuorumDescription): string {
  const texts = replicas.map(({ replicaId, replicaDirectoryId }) => {
    const listeners = nodes.find(({ nodeId }) => nodeId === replicaId)?.listeners ?? [];
    const directory = replicaDirectoryId === ZERO_UUID ? 'null' : `"${replicaDirectoryId}"`;
    const endpoints = listeners.map(
      ({ name, host, port }) => `"${endpointText(name, host, port)}"`,
    );
    const shown = endpoints.length === 0 ? '' : `, "endpoints": [${endpoints.join(', ')}]`;
    return `{"id": ${replicaId}, "directoryId": ${directory}${shown}}`;
  });
  return `[${texts.join(', ')}]`;
}

/** An IPv6 address stands in brackets. */
export function endpointText(name: string, host: string, port: number): string {
  return `${name}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
