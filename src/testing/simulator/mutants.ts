import { kafkaReplicationRules } from '../../broker/replication-rules.ts';
import { correctRules } from '../../raft/quorum-rules.ts';
import type { ReplicaProgress } from '../../raft/quorum-types.ts';
import type { ClusterDefects } from './cluster/cluster-world.ts';
import { simulateCluster } from './cluster/simulate-cluster.ts';
import type { RaftDefects } from './raft/raft-machine.ts';
import { simulateRaft } from './raft/simulate-raft.ts';
import type { SimulationResult } from './simulation.ts';

/** A rule broken on purpose: a simulator that does not notice would prove nothing. */
interface MutantOf<S, D> {
  readonly name: string;
  readonly scenario: S;
  /** What the broken node does. */
  readonly does: string;
  readonly nodes: number;
  /** A seed below 1,000 that finds it; the nightly search finds others too. */
  readonly seed: number;
  readonly defects: D;
}

export type Mutant = MutantOf<'raft', RaftDefects> | MutantOf<'cluster', ClusterDefects>;

/** Simulates a seed with every node broken in this way. */
export function simulateMutant(mutant: Mutant, seed: number): Promise<SimulationResult> {
  const { nodes } = mutant;
  return mutant.scenario === 'raft'
    ? simulateRaft({ seed, nodes }, mutant.defects)
    : simulateCluster({ seed, nodes }, mutant.defects);
}

export const mutants: readonly Mutant[] = [
  {
    scenario: 'raft',
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
    scenario: 'raft',
    name: 'forget the vote',
    does: 'does not write its vote to the quorum-state file',
    nodes: 3,
    seed: 109,
    defects: { elections: (correct) => ({ read: () => correct.read(), write: async () => {} }) },
  },
  {
    scenario: 'raft',
    name: 'ignore the epoch',
    does: 'takes messages of earlier epochs for messages of this one',
    nodes: 3,
    seed: 0,
    defects: { ignoresEpochs: true },
  },
  {
    scenario: 'raft',
    name: 'elect a shorter log',
    does: 'gives its vote to candidates whose logs are shorter than its own',
    nodes: 3,
    seed: 0,
    defects: { rules: { canGrantVote: ({ role }) => role.kind === 'unattached' } },
  },
  {
    scenario: 'raft',
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
    scenario: 'raft',
    name: 'count a removed voter',
    does: 'counts, as the leader, what voters have that were removed',
    nodes: 5,
    seed: 8,
    defects: {
      rules: {
        // All replicas begin as voters: whoever only observes was removed (KIP-853).
        replicatedOffset: ({ voters }, role) => {
          const replicas = [...role.voters.values(), ...role.observers.values()];
          const ends = replicas.map(({ endOffset = -1 }) => endOffset).sort((a, b) => b - a);
          return ends[Math.floor(voters.length / 2)] ?? -1;
        },
      },
    },
  },
  {
    scenario: 'raft',
    name: 'commit earlier epochs directly',
    does: 'commits records of earlier epochs before one of its own (figure 8 of the Raft paper)',
    nodes: 3,
    seed: 373,
    // Not what nobody has said yet: an offset of -1.
    defects: { rules: { canCommit: (_role, offset) => 0 < offset } },
  },
  {
    scenario: 'raft',
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
    scenario: 'raft',
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
    scenario: 'raft',
    name: 'truncate by high watermark',
    does: 'cuts its log at its high watermark, as Kafka did before KIP-101',
    nodes: 3,
    seed: 80,
    // What is agreed never takes it below its high watermark: so 0 is the high watermark.
    defects: { rules: { truncationOffset: () => 0 } },
  },
  {
    scenario: 'cluster',
    name: 'acknowledge records before replication',
    does: 'answers acks=all as soon as it has the records itself',
    nodes: 3,
    seed: 3,
    defects: { replication: { ...kafkaReplicationRules, isReplicated: () => true } },
  },
  {
    scenario: 'cluster',
    name: 'truncate partitions by high watermark',
    does: 'cuts partitions at their high watermarks, as Kafka did before KIP-101',
    nodes: 3,
    seed: 16,
    defects: { replication: { ...kafkaReplicationRules, truncation: 'by-high-watermark' } },
  },
  {
    scenario: 'cluster',
    name: 'send again without a number',
    does: 'sends batches again that no broker can recognize, as producers did before KIP-98',
    nodes: 3,
    seed: 1,
    defects: { producer: { 'enable.idempotence': 'false' } },
  },
];

function isLogLongEnough(
  log: { readonly lastEpoch: number; readonly logEndOffset: number },
  request: { readonly lastEpoch: number; readonly logEndOffset: number },
): boolean {
  if (request.lastEpoch !== log.lastEpoch) return log.lastEpoch < request.lastEpoch;
  return log.logEndOffset <= request.logEndOffset;
}
