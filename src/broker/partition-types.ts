import type { Clock } from '../base/clock.ts';
import type { CommittedIsr, IsrState } from './isr-state.ts';
import type { ReplicationRules } from './replication-rules.ts';

/** How far a reader sees: followers and debuggers to the log's end, consumers less. */
export type Isolation = 'log-end' | 'high-watermark' | 'committed';

/** One who waits for a partition to change; told in the turn of the change, after it. */
export interface PartitionWatcher {
  onLogEnd(): void;
  onHighWatermark(): void;
  /** Another leader or epoch, or the partition has left this broker. */
  onState(): void;
}

/** What a change of the ISR says to the controller: `AlterPartition`. */
export interface IsrProposal {
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly leaderRecoveryState: number;
  readonly isr: readonly { readonly brokerId: number; readonly brokerEpoch: number }[];
}

/** A partition, as far as changes of its ISR go. */
export interface IsrOwner {
  readonly topic: string;
  readonly topicId: string;
  readonly partitionIndex: number;
  readonly name: string;
  readonly isLeader: boolean;
  readonly isrState: IsrState;
  onIsrAnswer(proposed: IsrState, answer: IsrAnswer): void;
  retryIsr(): void;
}

/** What a partition must know of its broker and of the cluster. */
export interface PartitionHost {
  readonly localId: number;
  readonly clock: Clock;
  readonly rules: ReplicationRules;
  /** `replica.lag.time.max.ms` */
  readonly lagMaxMs: number;
  minInsyncReplicasOf(topic: string): number;
  /** Of this broker's registration; -1 before it. */
  brokerEpoch(): number;
  /** The epoch of a broker that is alive: neither fenced nor shutting down. */
  aliveBrokerEpoch(brokerId: number): number | undefined;
  /** Says something of a partition at level INFO. */
  log(partition: string, message: string): void;
  /** Asks the controller for another ISR; the answer comes as `onIsrAnswer`. */
  proposeIsr(owner: IsrOwner, proposal: IsrProposal): void;
}

/** What the controller answered to a proposal. */
export type IsrAnswer =
  | { readonly kind: 'changed'; readonly leaderEpoch: number; readonly committed: CommittedIsr }
  /** The controller says that nothing was changed and that what we know is up to date. */
  | { readonly kind: 'refused' }
  /** What we know is out of date: the next image will say more. */
  | { readonly kind: 'outdated' };
