import { decodeBatches, decodeSnapshot, readSnapshotFile } from './raft-batches.ts';
import type { CommittedBatch, LeaderAndEpoch, RaftListener } from './raft-listener.ts';
import type { RaftLog } from './raft-log.ts';

const READ_BYTES_MAX = 1024 * 1024;

interface Subscriber {
  readonly listener: RaftListener;
  nextOffset: number;
  heard: LeaderAndEpoch | undefined;
  isReading: boolean;
}

/**
 * Hands committed records and leader changes to listeners, each at its own pace: from memory
 * what this node has just appended as the leader, from the log what is older.
 */
export class RaftDelivery {
  readonly #log: RaftLog;
  readonly #fault: (error: unknown) => void;
  readonly #subscribers: Subscriber[] = [];
  /** Own batches, appended and not yet handed to everybody; in order. */
  #recent: CommittedBatch[] = [];
  #highWatermark = 0;
  #leader: LeaderAndEpoch | undefined;
  /** This node's own leadership is told when the record at this offset was handed over. */
  #leaderFrom: number | undefined;

  constructor(log: RaftLog, fault: (error: unknown) => void) {
    this.#log = log;
    this.#fault = fault;
  }

  register(listener: RaftListener): void {
    const subscriber = { listener, nextOffset: 0, heard: undefined, isReading: false };
    this.#subscribers.push(subscriber);
    this.#pump(subscriber);
  }

  remember(batch: CommittedBatch): void {
    if (0 < this.#subscribers.length) this.#recent.push(batch);
  }

  forgetFrom(offset: number): void {
    this.#recent = this.#recent.filter(({ lastOffset }) => lastOffset < offset);
  }

  commit(highWatermark: number): void {
    this.#highWatermark = highWatermark;
    for (const subscriber of this.#subscribers) this.#pump(subscriber);
    const slowest = Math.min(
      highWatermark,
      ...this.#subscribers.map(({ nextOffset }) => nextOffset),
    );
    this.#recent = this.#recent.filter(({ lastOffset }) => slowest <= lastOffset);
  }

  announce(leader: LeaderAndEpoch, startsAfter: number | undefined): void {
    this.#leader = leader;
    this.#leaderFrom = startsAfter;
    for (const subscriber of this.#subscribers) this.#tellLeader(subscriber);
  }

  /** The log was replaced by a snapshot: everybody begins again with it, and what was appended before it is gone. */
  restart(): void {
    this.#recent = [];
    for (const subscriber of this.#subscribers) {
      subscriber.nextOffset = 0;
      this.#pump(subscriber);
    }
  }

  #pump(subscriber: Subscriber): void {
    if (subscriber.isReading) return;
    this.#deliverRecent(subscriber);
    const isBehind = subscriber.nextOffset < this.#highWatermark;
    const needsSnapshot = subscriber.nextOffset < (this.#log.latestSnapshot?.offset ?? 0);
    if (!isBehind && !needsSnapshot) {
      this.#tellLeader(subscriber);
      return;
    }
    subscriber.isReading = true;
    this.#deliverFromLog(subscriber).then(() => {
      subscriber.isReading = false;
      this.#pump(subscriber);
    }, this.#fault);
  }

  #deliverRecent(subscriber: Subscriber): void {
    for (const batch of this.#recent) {
      if (this.#highWatermark <= batch.lastOffset) return;
      if (batch.baseOffset === subscriber.nextOffset) this.#deliver(subscriber, batch);
    }
  }

  async #deliverFromLog(subscriber: Subscriber): Promise<void> {
    if (subscriber.nextOffset < this.#log.logStartOffset || subscriber.nextOffset === 0) {
      await this.#loadSnapshot(subscriber);
    }
    const { nextOffset } = subscriber;
    if (this.#highWatermark <= nextOffset) return;
    const bytes = await this.#log.read(nextOffset, this.#highWatermark, READ_BYTES_MAX);
    for (const batch of decodeBatches(bytes)) {
      if (this.#highWatermark <= batch.lastOffset) return;
      if (batch.baseOffset === subscriber.nextOffset) this.#deliver(subscriber, batch);
    }
  }

  async #loadSnapshot(subscriber: Subscriber): Promise<void> {
    const id = this.#log.latestSnapshot;
    const content = id === undefined ? undefined : await this.#log.readSnapshot(id);
    // The one at 0 names voters and holds nothing else.
    if (id === undefined || content === undefined || id.offset === 0) return;
    subscriber.listener.handleLoadSnapshot(readSnapshotFile(id, () => decodeSnapshot(id, content)));
    subscriber.nextOffset = id.offset;
  }

  #deliver(subscriber: Subscriber, batch: CommittedBatch): void {
    subscriber.nextOffset = batch.lastOffset + 1;
    subscriber.listener.handleCommit(batch);
    this.#tellLeader(subscriber);
  }

  #tellLeader(subscriber: Subscriber): void {
    const leader = this.#leader;
    if (leader === undefined || isSame(leader, subscriber.heard)) return;
    const isTooEarly = this.#leaderFrom !== undefined && subscriber.nextOffset <= this.#leaderFrom;
    if (isTooEarly) return;
    subscriber.heard = leader;
    subscriber.listener.handleLeaderChange(leader);
  }
}

function isSame(a: LeaderAndEpoch, b: LeaderAndEpoch | undefined): boolean {
  return a.epoch === b?.epoch && a.leaderId === b.leaderId;
}
