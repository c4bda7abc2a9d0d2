import type { BrokerReport, ClusterChange, ClusterEvent, WritesReport } from './cluster-report.ts';
import type { ClusterSample, DescribedBroker } from './cluster-sample.ts';
import { PartitionTimeline } from './partition-timeline.ts';
import { WriteMeter } from './write-meter.ts';

interface KnownBroker {
  readonly described: DescribedBroker;
  readonly state: BrokerReport['state'];
  readonly sinceMs: number;
}

/** More than this in one sample is left out. */
const changesMax = 40;

/** Compares each sample with what was known before, and says what has happened, with the times between samples. */
export class ClusterTimeline {
  #leader: { readonly nodeId: number; readonly epoch: number } | undefined;
  #leaderLostAtMs: number | undefined;
  #silentSinceMs: number | undefined;
  #rivals = new Set<string>();
  #voters: readonly number[] | undefined;
  #brokers = new Map<number, KnownBroker>();
  readonly #partitions = new PartitionTimeline();
  readonly #writes = new WriteMeter();

  get hasLeader(): boolean {
    return this.#leader !== undefined && this.#leaderLostAtMs === undefined;
  }

  /** Nobody has looked for a while: no time that began before is measured. */
  resume(): void {
    this.#leaderLostAtMs = undefined;
    this.#silentSinceMs = undefined;
  }

  /** Those that the cluster names, and those that it named before. */
  get brokers(): readonly (DescribedBroker & { readonly state: BrokerReport['state'] })[] {
    return [...this.#brokers.values()]
      .map(({ described, state }) => ({ ...described, state }))
      .toSorted((a, b) => a.brokerId - b.brokerId);
  }

  /** After the sample was taken. */
  writes(sample: ClusterSample): WritesReport | undefined {
    return this.#writes.report(sample);
  }

  take(sample: ClusterSample): readonly ClusterEvent[] {
    const changes: ClusterChange[] = [
      ...this.#answering(sample),
      ...this.#leadership(sample),
      ...this.#brokerChanges(sample),
      ...this.#partitions.take(sample),
    ];
    changes.push(...this.#writes.take(sample, changes));
    return changes.slice(0, changesMax).map((change) => ({ ...change, atMs: sample.atMs }));
  }

  #answering({ isAnswered, monotonicMs }: ClusterSample): ClusterChange[] {
    if (!isAnswered) {
      const isNew = this.#silentSinceMs === undefined && this.#leader !== undefined;
      if (isNew) this.#silentSinceMs = monotonicMs;
      return isNew ? [{ kind: 'nobody-answers' }] : [];
    }
    if (this.#silentSinceMs === undefined) return [];
    const afterMs = monotonicMs - this.#silentSinceMs;
    this.#silentSinceMs = undefined;
    return [{ kind: 'answers-again', afterMs }];
  }

  #leadership({ quorum, monotonicMs, leaderGoneAtMs }: ClusterSample): ClusterChange[] {
    const before = this.#leader;
    if (quorum === undefined) {
      if (before === undefined || this.#leaderLostAtMs !== undefined) return [];
      this.#leaderLostAtMs = Math.min(monotonicMs, leaderGoneAtMs ?? monotonicMs);
      return [{ kind: 'leader-lost', ...before }];
    }
    const { leaderId: nodeId, epoch } = quorum;
    const isSame = before?.nodeId === nodeId && before.epoch === epoch;
    const wasLost = this.#leaderLostAtMs !== undefined;
    // The next one may be there before anybody has seen that there is none.
    if (before !== undefined && !isSame) this.#leaderLostAtMs ??= leaderGoneAtMs;
    const lostAtMs = this.#leaderLostAtMs;
    const afterMs = lostAtMs === undefined ? undefined : monotonicMs - lostAtMs;
    this.#leaderLostAtMs = undefined;
    this.#leader = { nodeId, epoch };
    const changes: ClusterChange[] = [];
    if (!isSame || wasLost) changes.push({ kind: 'leader-elected', nodeId, epoch, afterMs });
    const rivals = quorum.rivals.filter(
      (each) => !this.#rivals.has(`${each.nodeId} ${each.epoch}`),
    );
    for (const rival of rivals) changes.push({ kind: 'rival-leader', ...rival });
    this.#rivals = new Set(quorum.rivals.map((each) => `${each.nodeId} ${each.epoch}`));
    const voters = quorum.voters.map((voter) => voter.nodeId).toSorted((a, b) => a - b);
    const isChanged = this.#voters !== undefined && voters.join() !== this.#voters.join();
    if (isChanged) changes.push({ kind: 'voters-changed', voters });
    this.#voters = voters;
    return changes;
  }

  #brokerChanges({ metadata, monotonicMs }: ClusterSample): ClusterChange[] {
    if (metadata === undefined) return [];
    const changes: ClusterChange[] = [];
    const named = new Map(metadata.brokers.map((broker) => [broker.brokerId, broker]));
    const known = this.#brokers;
    const next = new Map<number, KnownBroker>();
    for (const nodeId of new Set([...known.keys(), ...named.keys()])) {
      const before = known.get(nodeId);
      const described = named.get(nodeId) ?? before?.described;
      if (described === undefined) continue;
      const state = stateOf(named.get(nodeId));
      const isSame = before?.state === state;
      const sinceMs = isSame ? before.sinceMs : monotonicMs;
      next.set(nodeId, { described, state, sinceMs });
      if (!isSame) changes.push(brokerChange({ nodeId, before, state, monotonicMs }));
    }
    this.#brokers = next;
    return changes;
  }
}

function stateOf(described: DescribedBroker | undefined): BrokerReport['state'] {
  if (described === undefined) return 'missing';
  return described.isFenced ? 'fenced' : 'active';
}

function brokerChange(change: {
  readonly nodeId: number;
  readonly before: KnownBroker | undefined;
  readonly state: BrokerReport['state'];
  readonly monotonicMs: number;
}): ClusterChange {
  const { nodeId, before, state, monotonicMs } = change;
  if (state !== 'active') return { kind: 'broker-fenced', nodeId };
  if (before === undefined) return { kind: 'broker-registered', nodeId };
  return { kind: 'broker-unfenced', nodeId, afterMs: monotonicMs - before.sinceMs };
}
