import type { Logger, LogLevel } from '../base/logger.ts';
import { ZERO_UUID } from '../protocol/uuid.ts';
import { leaderIdOf } from './quorum-transitions.ts';
import type {
  CandidateRole,
  LeaderRole,
  ProspectiveRole,
  QuorumRole,
  QuorumState,
  RaftRequest,
} from './quorum-types.ts';

const stateSource = 'org.apache.kafka.raft.QuorumState';
const clientSource = 'org.apache.kafka.raft.KafkaRaftClient';

interface LinePorts {
  readonly nodeId: number;
  readonly logger: Logger;
  /** Of the metadata log's folder (KIP-858); for people. */
  readonly directoryId?: string;
  /** `host:port` of a voter, for people. */
  readonly endpointOf?: (id: number) => string | undefined;
}

/** What Kafka's raft prints of its elections, word by word: where a learner looks who leads, and why. */
export class RaftLogLines {
  readonly #ports: LinePorts;
  #hasSaidDouble = false;
  #before: { readonly role: QuorumRole; readonly atMs: number } | undefined;

  constructor(ports: LinePorts) {
    this.#ports = ports;
  }

  transition(state: QuorumState, role: QuorumRole, nowMs: number): void {
    const before = this.#before;
    if (role.kind === 'candidate' && role.backoffDeadlineMs !== undefined) {
      this.#sayBackOff(role, nowMs);
      return;
    }
    if (role.kind === 'candidate' && before?.role.kind === 'follower') {
      this.say('INFO', 'Become candidate due to fetch timeout');
    }
    const from = before === undefined ? 'null' : this.#describe(state, before.role, before.atMs);
    const to = this.#describe(state, role, nowMs);
    this.say('INFO', `Completed transition to ${to} from ${from}`, stateSource);
    this.#before = { role, atMs: nowMs };
  }

  truncated(state: QuorumState, offset: number): void {
    const leaderId = leaderIdOf(state) ?? -1;
    this.say('INFO', `Truncated to offset ${offset} from Fetch response from leader ${leaderId}`);
  }

  /** Of Kafka 3.8 the process ends then, whoever said it. */
  double(request: RaftRequest): void {
    if (this.#hasSaidDouble) return;
    this.#hasSaidDouble = true;
    const { nodeId } = this.#ports;
    const api = request.api.toUpperCase().replaceAll('-', '_');
    this.say(
      'ERROR',
      `Refused a ${api} request in the name of this voter itself: does another node have the same node.id=${nodeId}?`,
    );
  }

  say(level: LogLevel, message: string, source = clientSource): void {
    const { logger, nodeId } = this.#ports;
    logger.log(level, source, `[RaftManager id=${nodeId}] ${message}`);
  }

  #sayBackOff(role: CandidateRole, nowMs: number): void {
    const backoffMs = Math.round((role.backoffDeadlineMs ?? nowMs) - nowMs);
    this.say(
      'INFO',
      `Election has ended without a majority, backing off for ${backoffMs}ms before the next one`,
    );
  }

  #describe(state: QuorumState, role: QuorumRole, nowMs: number): string {
    const { epoch } = role;
    const voters = `voters=[${state.voters.join(', ')}]`;
    const highWatermark = `highWatermark=${optionalOffset(state.highWatermark)}`;
    const localId = `localId=${state.nodeId}`;
    switch (role.kind) {
      case 'unattached':
        return `Unattached(epoch=${epoch}, ${voters}, ${timeout(role, nowMs)})`;
      case 'voted':
        return `Voted(epoch=${epoch}, votedKey=ReplicaKey(id=${role.votedId}, directoryId=Optional.empty), ${voters}, ${timeout(role, nowMs)}, ${highWatermark})`;
      case 'prospective': {
        const leader =
          role.leaderId === undefined ? 'OptionalInt.empty' : `OptionalInt[${role.leaderId}]`;
        return `ProspectiveState(epoch=${epoch}, leaderId=${leader}, retries=${role.retries}, voteStates=${votes(state, role)}, ${timeout(role, nowMs)}, ${highWatermark})`;
      }
      case 'candidate': {
        const directory = `localDirectoryId=${this.#ports.directoryId ?? ZERO_UUID}`;
        return `CandidateState(${localId}, ${directory},epoch=${epoch}, retries=${role.retries}, voteStates=${votes(state, role)}, ${highWatermark}, ${timeout(role, nowMs)})`;
      }
      case 'leader':
        return `Leader(${localId}, epoch=${epoch}, epochStartOffset=${role.epochStartOffset}, highWatermark=Optional.empty, voterStates=${voterStates(role)})`;
      case 'follower':
        return `FollowerState(fetchTimeoutMs=${state.config.fetchTimeoutMs}, epoch=${epoch}, leader=${this.#endpoint(role.leaderId)} ${voters}, ${highWatermark}, fetchingSnapshot=Optional.empty)`;
      case 'resigned':
        return `ResignedState(${localId}, epoch=${epoch}, ${voters}, ${timeout(role, nowMs)}, unackedVoters=[${[...role.unacknowledged].join(', ')}], preferredSuccessors=[${role.preferredSuccessors.join(', ')}])`;
    }
  }

  #endpoint(id: number): string {
    return `${this.#ports.endpointOf?.(id) ?? ''} (id: ${id} rack: null)`;
  }
}

function timeout({ electionDeadlineMs }: { electionDeadlineMs: number }, nowMs: number): string {
  // Long.MAX_VALUE: an observer never stands.
  const isNever = electionDeadlineMs === Number.POSITIVE_INFINITY;
  return `electionTimeoutMs=${isNever ? '9223372036854775807' : Math.round(electionDeadlineMs - nowMs)}`;
}

function optionalOffset(offset: number | undefined): string {
  if (offset === undefined) return 'Optional.empty';
  return `Optional[LogOffsetMetadata(offset=${offset}, metadata=Optional.empty)]`;
}

function votes(state: QuorumState, role: CandidateRole | ProspectiveRole): string {
  const each = state.voters.map(
    (id) => `${id}=${(role.votes.get(id) ?? 'unrecorded').toUpperCase()}`,
  );
  return `{${each.join(', ')}}`;
}

function voterStates(role: LeaderRole): string {
  const each = [...role.voters].map(
    ([id, { hasAcknowledged }]) =>
      `${id}=ReplicaState(nodeId=${id}, endOffset=Optional.empty, lastFetchTimestamp=-1, lastCaughtUpTimestamp=-1, hasAcknowledgedLeader=${hasAcknowledged})`,
  );
  return `{${each.join(', ')}}`;
}
