import type { QuorumEffect } from '../../../raft/quorum-types.ts';
import type { CommittedBatch, LoadedSnapshot } from '../../../raft/raft-listener.ts';
import { CommittedNeverLost, type Placed } from '../theorems/committed-never-lost.ts';
import { CommittedNeverReordered } from '../theorems/committed-never-reordered.ts';
import { DiskHoldsLog } from '../theorems/disk-holds-log.ts';
import { MonotonicHighWatermark } from '../theorems/monotonic-high-watermark.ts';
import { NoOwnFault } from '../theorems/no-own-fault.ts';
import { NoStaleRead } from '../theorems/no-stale-read.ts';
import { SameMetadataAtSameOffset } from '../theorems/same-metadata-at-same-offset.ts';
import { SingleLeaderPerEpoch } from '../theorems/single-leader-per-epoch.ts';
import type { Report } from '../theorems/theorem.ts';
import type { LoggedBatch, ObservedRaftLog } from './observed-raft-log.ts';
import type { RaftReader } from './raft-reader.ts';

/** One life of a replica, as the theorems see it. */
export interface ObservedReplica {
  readonly id: number;
  readonly name: string;
  readonly life: number;
  readonly log: ObservedRaftLog;
  readonly reader: RaftReader;
}

const scope = 'the metadata quorum';
const decoder = new TextDecoder();

/** All theorems about one quorum, fed with what its replicas do. */
export class RaftTheorems {
  readonly fault: NoOwnFault;
  readonly disk: DiskHoldsLog;
  readonly #lost: CommittedNeverLost;
  readonly #leader: SingleLeaderPerEpoch;
  readonly #highWatermark: MonotonicHighWatermark;
  readonly #logs: SameMetadataAtSameOffset;
  readonly #images: SameMetadataAtSameOffset;
  readonly #order: CommittedNeverReordered;
  readonly #stale: NoStaleRead;
  /** Where the committed log ended when a leader of an epoch was elected. */
  readonly #committedAtElection = new Map<number, number>();
  #orderEnd = 0;

  constructor(report: Report) {
    this.fault = new NoOwnFault(report);
    this.disk = new DiskHoldsLog(report);
    this.#lost = new CommittedNeverLost(report);
    this.#leader = new SingleLeaderPerEpoch(report);
    this.#highWatermark = new MonotonicHighWatermark(report);
    this.#logs = new SameMetadataAtSameOffset(report);
    this.#images = new SameMetadataAtSameOffset(report);
    this.#order = new CommittedNeverReordered(report, { gapsAllowed: false });
    this.#stale = new NoStaleRead(report);
  }

  get committedEnd(): number {
    return (this.#lost.committed.at(-1)?.lastOffset ?? -1) + 1;
  }

  /** A replica in `epoch` is about to carry an effect out. */
  observe(replica: ObservedReplica, epoch: number, effect: QuorumEffect): void {
    if (effect.kind === 'commit') this.#commits(replica, effect.highWatermark, epoch);
    if (effect.kind !== 'become' || effect.role.kind !== 'leader') return;
    this.#leader.leads(scope, effect.role.epoch, replica.id);
    this.#committedAtElection.set(effect.role.epoch, this.committedEnd);
    // A slow disk may have let later epochs pass by: what they have committed is none of its business.
    this.holdsAll(replica, effect.role.epoch);
  }

  /** A listener got committed records. */
  hears(replica: ObservedReplica, batch: CommittedBatch): void {
    const { name, reader } = replica;
    reader.take(batch);
    this.#images.has(name, reader.endOffset, reader.image);
    if (batch.baseOffset < this.#orderEnd) return;
    this.#orderEnd = reader.endOffset;
    for (const value of batch.values) {
      const [writer = '', sequence = ''] = decoder.decode(value).split('#');
      this.#order.follows(writer, Number(sequence), `offset ${batch.baseOffset}`);
    }
  }

  hearsSnapshot(replica: ObservedReplica, snapshot: LoadedSnapshot): void {
    replica.reader.load(snapshot);
    this.#images.has(replica.name, snapshot.endOffset, replica.reader.image);
  }

  hearsOfOwnLeadership({ name, reader }: ObservedReplica, epoch: number): void {
    this.#stale.leaderKnows(name, reader.endOffset, this.#committedAtElection.get(epoch) ?? 0);
  }

  holdsAll({ name, log }: ObservedReplica, epoch = Number.POSITIVE_INFINITY): void {
    this.#lost.holdsAll(name, {
      batches: log.batches.map(placed),
      startOffset: log.startOffset,
      epoch,
    });
  }

  #commits(
    { name, life, log, reader }: ObservedReplica,
    highWatermark: number,
    epoch: number,
  ): void {
    this.#highWatermark.knows(`${name} in its life ${life}`, highWatermark);
    const { batches } = log;
    let at = batches.length;
    while (0 < at && reader.checkedEnd <= (batches[at - 1]?.baseOffset ?? 0)) at--;
    for (const batch of batches.slice(at)) {
      if (highWatermark <= batch.lastOffset) return;
      reader.checkedEnd = batch.lastOffset + 1;
      this.#logs.has(`the log of ${name}`, batch.baseOffset, contentOf(batch));
      this.#lost.isCommitted(placed(batch), epoch);
    }
  }
}

function placed(batch: LoggedBatch): Placed {
  const { baseOffset, lastOffset, epoch } = batch;
  return { baseOffset, lastOffset, epoch, content: contentOf(batch) };
}

function contentOf({ crc, isControl, epoch }: LoggedBatch): string {
  return `${isControl ? 'control' : 'data'} ${crc.toString(16)} of epoch ${epoch}`;
}
