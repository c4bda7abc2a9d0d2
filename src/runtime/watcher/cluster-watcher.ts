import { type Disposable, DisposableStore } from '../../base/disposable.ts';
import type { ClientPorts } from '../../client/client-ports.ts';
import { ClusterReader } from './cluster-reader.ts';
import {
  type BrokerReport,
  type ClusterEvent,
  type ClusterReport,
  nodeRowsMax,
  type PartitionReport,
  type PartitionsReport,
  type PartitionView,
  partitionRowsMax,
  type WatcherOrder,
} from './cluster-report.ts';
import type { ClusterSample, MetadataSample } from './cluster-sample.ts';
import { ClusterTimeline } from './cluster-timeline.ts';

const sampleEveryMs = 500;
/** While there is no leader: how exactly the time of an election is seen. */
const quickSampleEveryMs = 100;
/** Of the time: brokers and partitions are read less often where that takes long, as with ten thousand partitions. */
const busyShareMax = 0.2;

/** Reads a cluster over the wire protocol twice a second and tells what it sees; nothing while it is paused. */
export class ClusterWatcher implements Disposable {
  readonly #ports: ClientPorts;
  readonly #onReport: (report: ClusterReport) => void;
  readonly #reader: ClusterReader;
  readonly #timeline = new ClusterTimeline();
  readonly #disposables = new DisposableStore();
  #view: PartitionView = { filter: '', onlyProblems: false, first: 0 };
  /** What a broker said last. */
  #metadata: MetadataSample | undefined;
  #isMetadataStale = false;
  #sampledAtMs = Number.NEGATIVE_INFINITY;
  /** Before that only the quorum is asked, and what is written. */
  #nextFullMs = Number.NEGATIVE_INFINITY;
  #timer: Disposable | undefined;
  #isPaused = true;
  #isSampling = false;
  #isHurried = false;

  constructor(ports: ClientPorts, onReport: (report: ClusterReport) => void) {
    this.#ports = ports;
    this.#onReport = onReport;
    this.#reader = this.#disposables.add(new ClusterReader(ports, () => this.#hurry()));
  }

  order({ targets, view, isPaused }: WatcherOrder): void {
    if (this.#disposables.isDisposed) return;
    if (targets !== undefined) {
      this.#reader.setTargets(targets);
      this.#nextFullMs = Number.NEGATIVE_INFINITY;
    }
    if (view !== undefined) this.#view = view;
    if (isPaused === false && this.#isPaused) this.#resume();
    this.#isPaused = isPaused ?? this.#isPaused;
    if (this.#isPaused) this.#timer?.dispose();
    else this.#hurry();
  }

  dispose(): void {
    this.#isPaused = true;
    this.#timer?.dispose();
    this.#disposables.dispose();
  }

  #resume(): void {
    this.#reader.resume();
    this.#timeline.resume();
  }

  /** Something has happened: the next sample is taken at once. */
  #hurry(): void {
    if (this.#isPaused) return;
    this.#isHurried = true;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isPaused || this.#isSampling) return;
    this.#timer?.dispose();
    const everyMs = this.#timeline.hasLeader ? sampleEveryMs : quickSampleEveryMs;
    const dueMs = this.#sampledAtMs + (this.#isHurried ? 0 : everyMs);
    const delayMs = Math.max(0, dueMs - this.#ports.clock.monotonicMs());
    this.#timer = this.#ports.scheduler.after(delayMs, () => void this.#sample());
  }

  async #sample(): Promise<void> {
    const { clock } = this.#ports;
    this.#isSampling = true;
    this.#isHurried = false;
    const startMs = clock.monotonicMs();
    this.#sampledAtMs = startMs;
    const isQuick = startMs < this.#nextFullMs;
    const sample = await this.#reader.sample(isQuick);
    this.#isSampling = false;
    if (this.#disposables.isDisposed) return;
    this.#metadata = sample.metadata ?? this.#metadata;
    if (!isQuick)
      this.#isMetadataStale = sample.metadata === undefined && this.#metadata !== undefined;
    this.#onReport(this.#report(sample, this.#timeline.take(sample)));
    if (!isQuick) {
      const busyMs = clock.monotonicMs() - sample.monotonicMs;
      this.#nextFullMs = startMs + Math.max(sampleEveryMs, busyMs / busyShareMax);
    }
    this.#schedule();
  }

  #report(sample: ClusterSample, events: readonly ClusterEvent[]): ClusterReport {
    const metadata = this.#metadata;
    return {
      atMs: sample.atMs,
      nodes: this.#reader.nodes,
      clusterId: metadata?.clusterId,
      quorum: sample.quorum,
      brokers: this.#brokers(),
      partitions: metadata && viewOf(metadata, this.#view),
      isMetadataStale: this.#isMetadataStale,
      writes: this.#timeline.writes(sample),
      events,
    };
  }

  #brokers(): readonly BrokerReport[] {
    const brokers = this.#timeline.brokers.slice(0, nodeRowsMax);
    return brokers.map(({ brokerId, host, port, rack, state }) => ({
      nodeId: brokerId,
      host,
      port,
      rack,
      machine: this.#reader.machineOf(brokerId),
      state,
    }));
  }
}

/** The summary of all partitions, and the rows that the page looks at. */
export function viewOf(metadata: MetadataSample, view: PartitionView): PartitionsReport {
  const { partitions } = metadata;
  const matching = partitions.filter(
    (each) => each.topic.includes(view.filter) && (!view.onlyProblems || hasProblem(each)),
  );
  const lastFirst = Math.max(0, matching.length - 1);
  const first = Math.min(view.first, lastFirst - (lastFirst % partitionRowsMax));
  return {
    from: metadata.from,
    topics: metadata.topics,
    partitions: partitions.length,
    underReplicated: partitions.filter(isUnderReplicated).length,
    offline: partitions.filter(({ leader }) => leader < 0).length,
    matching: matching.length,
    first,
    rows: matching.slice(first, first + partitionRowsMax),
  };
}

function hasProblem(partition: PartitionReport): boolean {
  return partition.leader < 0 || isUnderReplicated(partition);
}

function isUnderReplicated({ isr, replicas }: PartitionReport): boolean {
  return isr.length < replicas.length;
}
