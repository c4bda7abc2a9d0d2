import { batchesOf } from '../../../protocol/records/record-batch.ts';
import type {
  QuorumEffect,
  QuorumRole,
  RaftRequest,
  RaftResponse,
} from '../../../raft/quorum-types.ts';
import { listed, type Story, workerName } from '../story.ts';
import type { RaftLife } from './raft-machine.ts';

/** Tells in sentences what replicas do. */
export class RaftTeller {
  readonly #story: Story;
  readonly #isDetailed: boolean;
  readonly #roles = new WeakMap<RaftLife, QuorumRole['kind']>();

  /** In detail: with votes and replication, for readers who learn; else only what changes the world. */
  constructor(story: Story, options: { readonly isDetailed: boolean }) {
    this.#story = story;
    this.#isDetailed = options.isDetailed;
  }

  effect(life: RaftLife, effect: QuorumEffect): void {
    const { name } = life;
    switch (effect.kind) {
      case 'become':
        this.#becomes(life, effect.role);
        break;
      case 'truncate':
        this.#story.tell(
          `${name} removes its records from offset ${effect.offset} on: its leader's log is another one there`,
        );
        break;
      case 'install-snapshot':
        this.#story.tell(
          `${name} has fetched the snapshot of all before offset ${effect.id.offset}`,
        );
        break;
      case 'commit':
        this.#commits(life, effect.highWatermark);
        break;
      case 'append-voters': {
        const voters = effect.voters.map(({ id }) => workerName(id));
        this.#story.tell(`${name} writes who the voters are from now on: ${listed(voters)}`);
        break;
      }
      case 'append':
        if (this.#isDetailed) this.#copies(life, effect.records);
        break;
      default:
    }
  }

  /** An answer to a request for a vote is on its way back. */
  answered(from: RaftLife, to: number, request: RaftRequest, response: RaftResponse): void {
    if (request.api !== 'vote' || response.result.kind !== 'vote') return;
    if (response.result.isGranted || !this.#isDetailed) return;
    const why = whyRefused(from, request, response);
    this.#story.tell(
      `${from.name} refuses ${workerName(to)} its vote in epoch ${request.epoch}: ${why}`,
    );
  }

  #becomes(life: RaftLife, role: QuorumRole): void {
    const { name } = life;
    const before = this.#roles.get(life);
    this.#roles.set(life, role.kind);
    // Between two roles, a replica that hears of a larger epoch is unattached for an instant.
    const isPassing = role.kind === 'unattached' && before !== undefined && before !== 'leader';
    if (isPassing) return;
    this.#story.tell(
      before === undefined
        ? `${name} starts in epoch ${role.epoch}${remembered(role)}`
        : `${name} ${sentenceOf(role)}`,
    );
  }

  #copies({ name, raft, log }: RaftLife, records: Uint8Array): void {
    const last = [...batchesOf(records)].at(-1)?.lastOffset ?? 0;
    const from = workerName(raft.leaderAndEpoch.leaderId ?? 0);
    const first = log.endOffset;
    const what = first === last ? `offset ${first}` : `offsets ${first} to ${last}`;
    this.#story.tell(`${name} copies ${what} from ${from}`);
  }

  #commits(life: RaftLife, highWatermark: number): void {
    if (!this.#isDetailed) return;
    const isLeader = life.raft.role.kind === 'leader';
    const upTo = `up to offset ${highWatermark - 1}`;
    this.#story.tell(
      isLeader
        ? `${life.name} commits ${upTo}: a majority has it`
        : `${life.name} hears that all ${upTo} is committed`,
    );
  }
}

function sentenceOf(role: QuorumRole): string {
  switch (role.kind) {
    case 'unattached':
      return `knows no leader in epoch ${role.epoch}`;
    case 'voted':
      return `votes for ${workerName(role.votedId)} in epoch ${role.epoch}`;
    case 'prospective':
      return `asks the others whether they would vote for it, in epoch ${role.epoch}`;
    case 'candidate':
      return role.backoffDeadlineMs === undefined
        ? `becomes candidate of epoch ${role.epoch}, votes for itself and asks the others`
        : `has not been elected in epoch ${role.epoch} and waits a random time`;
    case 'leader':
      return `becomes leader of epoch ${role.epoch} with the votes of a majority`;
    case 'follower':
      return `follows ${workerName(role.leaderId)} in epoch ${role.epoch}`;
    case 'resigned':
      return `steps down as the leader of epoch ${role.epoch}`;
  }
}

/** What the `quorum-state` file has kept. */
function remembered(role: QuorumRole): string {
  switch (role.kind) {
    case 'resigned':
      return ', which it led before and will not lead again';
    case 'follower':
      return `, and looks for its leader ${workerName(role.leaderId)}`;
    case 'voted':
      return `, in which it has voted for ${workerName(role.votedId)}`;
    case 'candidate':
      return ', in which it has voted for itself';
    default:
      return ' and knows no leader';
  }
}

function whyRefused(
  { raft, log }: RaftLife,
  request: Extract<RaftRequest, { api: 'vote' }>,
  response: RaftResponse,
): string {
  if (request.epoch < response.epoch) return `it is in epoch ${response.epoch} already`;
  const { role } = raft;
  if (role.kind === 'voted') return `it has voted for ${workerName(role.votedId)}`;
  if (role.kind === 'candidate') return 'it has voted for itself';
  if (request.lastEpoch < log.lastEpoch || request.logEndOffset < log.endOffset) {
    return `its own log is longer, up to offset ${log.endOffset} of epoch ${log.lastEpoch}`;
  }
  return `it is ${role.kind} in this epoch`;
}
