import type { PartitionRegistration } from './metadata-image.ts';

/** Who joins and who leaves a partition, and all who hold it meanwhile (`PartitionReassignmentReplicas`). */
export interface Reassignment {
  /** The target's replicas, then those that leave. */
  readonly replicas: readonly number[];
  /** In the order of their ids. */
  readonly adding: readonly number[];
  readonly removing: readonly number[];
}

export function isReassigning({ adding, removing }: Pick<Reassignment, 'adding' | 'removing'>) {
  return 0 < adding.length + removing.length;
}

export function reassignmentOf(partition: PartitionRegistration): Reassignment {
  const { replicas, addingReplicas: adding, removingReplicas: removing } = partition;
  return { replicas, adding, removing };
}

/** The move from the present replicas to the target's. */
export function planReassignment(
  current: readonly number[],
  target: readonly number[],
): Reassignment {
  const removing = difference(current, target);
  return { replicas: [...target, ...removing], adding: difference(target, current), removing };
}

export interface ReplicasAndIsr {
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
}

/**
 * What is left when the move is over, or undefined while it is not: all that stay must be in sync,
 * so that a completed move never has fewer copies than were asked for.
 */
export function completeReassignment(
  { replicas, adding, removing }: Reassignment,
  isr: readonly number[],
): ReplicasAndIsr | undefined {
  if (!isReassigning({ adding, removing })) return undefined;
  const staying = without(replicas, removing);
  const stayingIsr = without(isr, removing);
  if (staying.length === 0 || stayingIsr.length === 0) return undefined;
  if (!staying.every((id) => stayingIsr.includes(id))) return undefined;
  return { replicas: staying, isr: stayingIsr };
}

/** A move that is taken back; unclean where nobody of before it is in sync (`PartitionReassignmentRevert`). */
export function revertReassignment(
  partition: PartitionRegistration,
): ReplicasAndIsr & { readonly isUnclean: boolean } {
  const replicas = without(partition.replicas, partition.addingReplicas);
  const isr = without(partition.isr, partition.addingReplicas);
  if (0 < isr.length) return { replicas, isr, isUnclean: false };
  return { replicas, isr: replicas.slice(0, 1), isUnclean: true };
}

function without(ids: readonly number[], removed: readonly number[]): readonly number[] {
  return ids.filter((id) => !removed.includes(id));
}

function difference(ids: readonly number[], others: readonly number[]): readonly number[] {
  return [...new Set(without(ids, others))].sort((a, b) => a - b);
}
