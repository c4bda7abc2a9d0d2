import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import type { Random } from '../base/random.ts';
import type { Scheduler } from '../base/scheduler.ts';
import type { ElectionStore } from './quorum-state-file.ts';
import type {
  QuorumConfig,
  QuorumEffect,
  QuorumRules,
  RaftRequest,
  RaftResponse,
} from './quorum-types.ts';
import type { RaftLog } from './raft-log.ts';
import type { VoterEndpoint } from './voter-set.ts';

/** Port: requests to the other replicas. A lone voter never uses it. */
export interface RaftTransport {
  /** Rejects when there is no answer; the request is sent again later. */
  send(to: number, request: RaftRequest): Promise<RaftResponse>;
}

export interface RaftClientOptions {
  readonly nodeId: number;
  /** Ids of `controller.quorum.voters`. */
  readonly voters: readonly number[];
  readonly config: QuorumConfig;
  readonly log: RaftLog;
  readonly elections: ElectionStore;
  readonly transport: RaftTransport;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly logger: Logger;
  /** Of the metadata log's folder (KIP-858). */
  readonly directoryId?: string;
  /**
   * Where this node listens as a controller; host '' where it listens everywhere, port 0 where the system chose
   * one: then what the log says counts (KIP-853).
   */
  readonly endpoints?: readonly VoterEndpoint[];
  /** Ids, below 0, of the transport's servers to ask who leads (KIP-853). */
  readonly bootstrapIds?: readonly number[];
  /** `host:port` of a voter, for the log. */
  readonly endpointOf?: (id: number) => string | undefined;
  /** Only tests give others than the correct ones. */
  readonly rules?: QuorumRules;
  /** The log or the quorum-state file failed: this node can be no replica any more. */
  readonly onFault: (error: unknown) => void;
  /** Hears of each effect before it is carried out: for the simulator's theorems and transcripts. */
  readonly observe?: (effect: QuorumEffect) => void;
}
