import { correctRules } from '../../raft/quorum-rules.ts';
import type { ReplicaProgress } from '../../raft/quorum-types.ts';
import type { RaftDefects } from './raft/raft-machine.ts';
import { simulateRaft } from './raft/simulate-raft.ts';
import type { SimulationResult } from './simulation.ts';

/** A rule broken on purpose: a simulator that does not notice would prove nothing. */
export interface Mutant {
  readonly name: string;
  /** What the broken node does. */
  readonly does: string;
  readonly nodes: number;
  /** A seed below 1,000 that finds it; the nightly search finds others too. */
  readonly seed: number;
  readonly defects: RaftDefects;
}

/** Simulates a seed with every node broken in this way. */
export function simulateMutant(mutant: Mutant, seed: number): Promise<SimulationResult> {
  return simulateRaft({ seed, nodes: mutant.nodes }, mutant.defects);
}

export const mutants: readonly Mutant[] = [
  {
    name: 'vote twice',
    does: 'gives its vote to everybody who asks, also when it has voted in this epoch',
    nodes: 3,
    seed: 30,
    defects: {
      rules: {
        canGrantVote: (state, request) =>
          state.role.kind === 'voted'
            ? isLogLongEnough(state.log, request)
            : correctRules.canGrantVote(state, request),
      },
    },
  },
  {
    name: 'forget the vote',
    does: 'does not write its vote to the quorum-state file',
    nodes: 3,
    seed: 109,
    defects: { elections: (correct) => ({ read: () => correct.read(), write: async () => {} }) },
  },
  {
    name: 'ignore the epoch',
    does: 'takes messages of earlier epochs for messages of this one',
    nodes: 3,
    seed: 0,
    defects: { ignoresEpochs: true },
  },
  {
    name: 'elect a shorter log',
    does: 'gives its vote to candidates whose logs are shorter than its own',
    nodes: 3,
    seed: 0,
    defects: { rules: { canGrantVote: ({ role }) => role.kind === 'unattached' } },
  },
  {
    name: 'acknowledge before replication',
    does: 'commits, as the leader, what only it has',
    nodes: 3,
    seed: 0,
    defects: {
      rules: {
        replicatedOffset: (state, role) => role.voters.get(state.nodeId)?.endOffset ?? -1,
      },
    },
  },
  {
    name: 'count the unflushed log',
    does: 'counts, as the leader, what its own disk may still lose',
    nodes: 3,
    seed: 136,
    defects: {
      rules: {
        replicatedOffset: (state, role) => {
          const own: ReplicaProgress | undefined = role.voters.get(state.nodeId);
          if (own === undefined) return correctRules.replicatedOffset(state, role);
          const voters = new Map(role.voters);
          voters.set(state.nodeId, { ...own, endOffset: state.log.logEndOffset });
          return correctRules.replicatedOffset(state, { ...role, voters });
        },
      },
    },
  },
  {
    name: 'acknowledge the unflushed log',
    does: 'takes a flush for done when it has only begun',
    nodes: 3,
    seed: 136,
    defects: {
      log: (log) => {
        const flush = log.flush.bind(log);
        log.flush = async () => {
          flush().catch(() => undefined);
        };
      },
    },
  },
  {
    name: 'commit earlier epochs',
    does: 'commits, as the leader, records of earlier epochs as soon as a majority has them',
    nodes: 5,
    seed: 263,
    defects: { rules: { canCommit: (_role, offset) => 0 < offset } },
  },
  {
    name: 'truncate by high watermark',
    does: 'cuts its log at its high watermark, as Kafka did before KIP-101',
    nodes: 3,
    seed: 22,
    // What is agreed never takes it below its high watermark: so 0 is the high watermark.
    defects: { rules: { truncationOffset: () => 0 } },
  },
];

function isLogLongEnough(
  log: { readonly lastEpoch: number; readonly logEndOffset: number },
  request: { readonly lastEpoch: number; readonly logEndOffset: number },
): boolean {
  if (request.lastEpoch !== log.lastEpoch) return log.lastEpoch < request.lastEpoch;
  return log.logEndOffset <= request.logEndOffset;
}
