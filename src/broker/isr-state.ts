import type { Clock } from '../base/clock.ts';
import type { PartitionRegistration } from '../controller/metadata-image.ts';
import type { FollowerState } from './follower-state.ts';

/** What the controller has said last of a partition's in-sync replicas. */
export interface CommittedIsr {
  readonly isr: readonly number[];
  /** 0 recovered, 1 recovering. */
  readonly leaderRecoveryState: number;
  readonly partitionEpoch: number;
}

/**
 * The in-sync replicas as their leader sees them (Kafka's `PartitionState`). At most one change is asked for at
 * a time; until the controller has answered, both outcomes are possible, so that an expansion counts at once for
 * the high watermark (`maximalIsr`) and a shrink does not count yet.
 */
export type IsrState =
  | { readonly kind: 'committed'; readonly committed: CommittedIsr }
  | {
      readonly kind: 'pending-expand' | 'pending-shrink';
      readonly committed: CommittedIsr;
      readonly proposedIsr: readonly number[];
    };

export function committedIsrOf(registration: PartitionRegistration): IsrState {
  const { isr, leaderRecoveryState, partitionEpoch } = registration;
  return { kind: 'committed', committed: { isr, leaderRecoveryState, partitionEpoch } };
}

/** All replicas that are in the ISR, or will be once the controller agrees: the high watermark waits for them. */
export function maximalIsrOf(state: IsrState): readonly number[] {
  return state.kind === 'pending-expand' ? state.proposedIsr : state.committed.isr;
}

interface ShrinkingLeader {
  readonly isr: readonly number[];
  readonly log: { readonly highWatermark: number; readonly logEndOffset: number };
  readonly followers: ReadonlyMap<number, FollowerState>;
}

/** What the log says of replicas that fall out of the ISR, in Kafka's words. */
export function shrinkMessage(
  { isr, log: { highWatermark, logEndOffset }, followers }: ShrinkingLeader,
  inSync: readonly number[],
  clock: Clock,
): string {
  const toWallClockMs = clock.nowMs() - clock.monotonicMs();
  const outOfSync = isr.filter((id) => !inSync.includes(id));
  const replicas = outOfSync.map((id) => {
    const { logEndOffset: end = -1, lastCaughtUpMs = Number.NEGATIVE_INFINITY } =
      followers.get(id) ?? {};
    const caughtUpMs = Math.max(0, Math.round(lastCaughtUpMs + toWallClockMs));
    return `(brokerId: ${id}, endOffset: ${end}, lastCaughtUpTimeMs: ${caughtUpMs})`;
  });
  return `Shrinking ISR from ${isr.join(',')} to ${inSync.join(',')}. Leader: (highWatermark: ${highWatermark}, endOffset: ${logEndOffset}). Out of sync replicas: ${replicas.join(' ')}.`;
}
