import type { ClusterChange, PartitionChange, PartitionReport } from './cluster-report.ts';
import type { ClusterSample } from './cluster-sample.ts';

/** What has happened to partitions from one sample to the next: leaders, replicas in sync. */
export class PartitionTimeline {
  #known: ReadonlyMap<string, PartitionReport> | undefined;
  readonly #offlineSinceMs = new Map<string, number>();

  take({ metadata, monotonicMs }: ClusterSample): readonly ClusterChange[] {
    if (metadata === undefined) return [];
    const before = this.#known;
    this.#known = new Map(metadata.partitions.map((each) => [keyOf(each), each]));
    if (before === undefined) return [];
    const moved = new Grouped();
    let longestMs = 0;
    for (const [key, partition] of this.#known) {
      const former = before.get(key);
      if (former === undefined) continue;
      addIsrChanges(moved, key, { former, partition });
      longestMs = Math.max(
        longestMs,
        this.#takeLeader(moved, key, { former, partition, monotonicMs }),
      );
    }
    for (const key of this.#offlineSinceMs.keys()) {
      if (!this.#known.has(key)) this.#offlineSinceMs.delete(key);
    }
    return moved.changes(longestMs);
  }

  /** How long the partition had no leader, where it has one again. */
  #takeLeader(moved: Grouped, key: string, change: Change & { monotonicMs: number }): number {
    const { former, partition, monotonicMs } = change;
    if (former.leader === partition.leader) return 0;
    if (partition.leader < 0) {
      moved.add('partitions-offline', key);
      this.#offlineSinceMs.set(key, monotonicMs);
      return 0;
    }
    if (0 <= former.leader) {
      moved.add(`leaders-moved ${former.leader} ${partition.leader}`, key);
      return 0;
    }
    moved.add('partitions-online', key);
    const sinceMs = this.#offlineSinceMs.get(key) ?? monotonicMs;
    this.#offlineSinceMs.delete(key);
    return monotonicMs - sinceMs;
  }
}

interface Change {
  readonly former: PartitionReport;
  readonly partition: PartitionReport;
}

function addIsrChanges(moved: Grouped, key: string, { former, partition }: Change): void {
  for (const nodeId of missing(former.isr, partition.isr)) moved.add(`isr-shrunk ${nodeId}`, key);
  for (const nodeId of missing(partition.isr, former.isr)) moved.add(`isr-grown ${nodeId}`, key);
}

/** Equal changes of many partitions, counted. */
class Grouped {
  readonly #groups = new Map<string, { partitions: number; readonly example: string }>();

  add(group: string, partition: string): void {
    const known = this.#groups.get(group);
    if (known === undefined) this.#groups.set(group, { partitions: 1, example: partition });
    else known.partitions += 1;
  }

  changes(longestOfflineMs: number): ClusterChange[] {
    return [...this.#groups].map(([group, counted]) => toChange(group, counted, longestOfflineMs));
  }
}

function toChange(group: string, counted: PartitionChange, afterMs: number): ClusterChange {
  const [kind, first = '', second = ''] = group.split(' ');
  switch (kind) {
    case 'isr-shrunk':
    case 'isr-grown':
      return { kind, nodeId: Number(first), ...counted };
    case 'leaders-moved':
      return { kind, from: Number(first), to: Number(second), ...counted };
    case 'partitions-online':
      return { kind, afterMs, ...counted };
    default:
      return { kind: 'partitions-offline', ...counted };
  }
}

function keyOf({ topic, partition }: PartitionReport): string {
  return `${topic}-${partition}`;
}

function missing(from: readonly number[], others: readonly number[]): readonly number[] {
  return from.filter((each) => !others.includes(each));
}
