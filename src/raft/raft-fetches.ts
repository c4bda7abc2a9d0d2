import type { Disposable } from '../base/disposable.ts';
import type { Scheduler } from '../base/scheduler.ts';
import { leaderIdOf } from './quorum-transitions.ts';
import type { FetchMessage, QuorumState, RaftResponse } from './quorum-types.ts';
import type { RaftLog } from './raft-log.ts';

/** Kafka's followers ask for 500 ms; nobody waits longer than this. */
const FETCH_WAIT_MS_MAX = 5_000;
/** `MAX_FETCH_SIZE_BYTES` of Kafka's raft client. */
const FETCH_BYTES_MAX = 8 * 1024 * 1024;
/** More than a cluster has replicas of its metadata. */
const PARKED_MAX = 1000;
/** Two processes with one id wait beside each other: answering the other's fetch would have both spin. */
const PARKED_PER_REPLICA_MAX = 4;

interface ParkedFetch {
  readonly request: FetchMessage;
  readonly respond: (response: RaftResponse) => void;
  readonly timer: Disposable;
}

/** The leader's fetch purgatory: a fetch at the end of the log waits for records, or for news of the high watermark. */
export class RaftFetches implements Disposable {
  readonly #log: RaftLog;
  readonly #scheduler: Scheduler;
  readonly #state: () => QuorumState;
  /** In the order in which they came. */
  readonly #parked = new Set<ParkedFetch>();
  /** The high watermark that each replica was last told: news of it do not wait (KIP-1166). */
  readonly #told = new Map<number, number | undefined>();

  constructor(log: RaftLog, scheduler: Scheduler, state: () => QuorumState) {
    this.#log = log;
    this.#scheduler = scheduler;
    this.#state = state;
  }

  answer(request: FetchMessage, respond: (response: RaftResponse) => void): void {
    const { replicaId, maxWaitMs } = request;
    const earlier = [...this.#parked].filter((parked) => parked.request.replicaId === replicaId);
    // A replica that fetches again has mostly given up its earlier fetch.
    if (PARKED_PER_REPLICA_MAX <= earlier.length) this.#release(earlier[0]);
    if (this.#hasNews(request) || maxWaitMs <= 0 || PARKED_MAX <= this.#parked.size) {
      this.#read(request, respond);
      return;
    }
    const waitMs = Math.min(maxWaitMs, FETCH_WAIT_MS_MAX);
    const timer = this.#scheduler.after(waitMs, () => this.#release(parked));
    const parked = { request, respond, timer };
    this.#parked.add(parked);
  }

  /** Something changed: answers what has waited for it. */
  wake(): void {
    const isDeposed = this.#state().role.kind !== 'leader';
    for (const parked of [...this.#parked]) {
      if (isDeposed || this.#hasNews(parked.request)) this.#release(parked);
    }
  }

  #hasNews({ fetchOffset, replicaId }: FetchMessage): boolean {
    const { highWatermark } = this.#state();
    const isToldAll = this.#told.get(replicaId) === highWatermark;
    return fetchOffset < this.#log.logEndOffset || !isToldAll;
  }

  dispose(): void {
    for (const parked of [...this.#parked]) this.#release(parked);
  }

  #release(parked: ParkedFetch | undefined): void {
    if (parked === undefined || !this.#parked.delete(parked)) return;
    parked.timer.dispose();
    this.#read(parked.request, parked.respond);
  }

  #read(request: FetchMessage, respond: (response: RaftResponse) => void): void {
    const { role } = this.#state();
    if (role.kind !== 'leader' || this.#log.logEndOffset <= request.fetchOffset) {
      respond(this.#response(request, new Uint8Array(0)));
      return;
    }
    this.#log.read(request.fetchOffset, this.#log.logEndOffset, FETCH_BYTES_MAX).then(
      (records) => {
        respond(this.#response(request, records));
      },
      () => {
        respond({
          ...this.#response(request, new Uint8Array(0)),
          errorCode: 'UNKNOWN_SERVER_ERROR',
        });
      },
    );
  }

  #response({ replicaId }: FetchMessage, records: Uint8Array): RaftResponse {
    const state = this.#state();
    if (PARKED_MAX <= this.#told.size) this.#told.clear();
    this.#told.set(replicaId, state.highWatermark);
    const isLeader = state.role.kind === 'leader';
    return {
      errorCode: isLeader ? 'NONE' : 'NOT_LEADER_OR_FOLLOWER',
      epoch: state.role.epoch,
      leaderId: leaderIdOf(state),
      result: { kind: 'records', records, highWatermark: state.highWatermark },
    };
  }
}
