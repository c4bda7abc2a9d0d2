import { assert } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger, LogLevel } from '../base/logger.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';
import { DecodeError } from '../protocol/errors.ts';
import { CorruptRecordError } from '../protocol/records/record-errors.ts';
import { leaderIdOf } from './quorum-transitions.ts';
import type {
  FetchSnapshotMessage,
  QuorumState,
  RaftResponse,
  RaftResult,
} from './quorum-types.ts';
import { decodeSnapshot, encodeSnapshot } from './raft-batches.ts';
import type { SnapshotContent } from './raft-listener.ts';
import type { OffsetAndEpoch, RaftLog } from './raft-log.ts';
import type { VoterLog } from './voter-log.ts';

/** More is not read into memory for one answer, whatever a request asks for. */
const PART_BYTES_MAX = 8 * 1024 * 1024;

interface SnapshotPorts {
  readonly nodeId: number;
  readonly log: VoterLog;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Makes snapshots, gives them out part by part (FetchSnapshot), and installs those of the leader. */
export class RaftSnapshots {
  readonly #ports: SnapshotPorts;
  readonly #log: VoterLog;
  readonly #state: () => QuorumState;

  constructor(ports: SnapshotPorts, state: () => QuorumState) {
    this.#ports = ports;
    this.#log = ports.log;
    this.#state = state;
  }

  /** Keeps a snapshot of all records before `endOffset`; of older ones goes what need not be kept. */
  async create(endOffset: number, snapshot: SnapshotContent): Promise<void> {
    assert(
      endOffset <= (this.#state().highWatermark ?? 0),
      'a snapshot holds committed records only',
    );
    const log = this.#log;
    const id = { offset: endOffset, epoch: epochBefore(log, endOffset) };
    const content = { ...snapshot, ...log.votersAt(endOffset) };
    await log.writeSnapshot(id, encodeSnapshot(id, content, this.#ports.clock.nowMs()));
    await log.deleteOldSnapshots();
  }

  /** Puts the fetched snapshot in the place of the log; false where it is damaged, and then it is gone. */
  async install(id: OffsetAndEpoch): Promise<boolean> {
    const log = this.#log;
    const problem = snapshotProblem(id, await log.readSnapshotPart(id));
    const place = `(offset=${id.offset}, epoch=${id.epoch})`;
    if (problem === undefined) {
      await log.installSnapshotPart(id);
      this.#say('INFO', `Fully truncated the log at ${place} after downloading its snapshot`);
      return true;
    }
    const what = `The snapshot ${place} that the leader sent is damaged and is fetched anew`;
    this.#say('ERROR', `${what}: ${problem}`);
    await log.discardSnapshotPart(id);
    return false;
  }

  #say(level: LogLevel, message: string): void {
    const { nodeId, logger } = this.#ports;
    logger.log(level, source, `[RaftManager id=${nodeId}] ${message}`);
  }

  answer(request: FetchSnapshotMessage, respond: (response: RaftResponse) => void): void {
    const { id, position } = request;
    const maxBytes = Math.min(Math.max(request.maxBytes, 1), PART_BYTES_MAX);
    this.#log.readSnapshotAt(id, position, maxBytes).then(
      (part) => {
        if (part === undefined) respond(this.#response('SNAPSHOT_NOT_FOUND'));
        else if (part.bytes.byteLength === 0) respond(this.#response('POSITION_OUT_OF_RANGE'));
        else respond(this.#response('NONE', { kind: 'snapshot-part', id, position, ...part }));
      },
      () => {
        respond(this.#response('UNKNOWN_SERVER_ERROR'));
      },
    );
  }

  #response(errorCode: ErrorCode, result: RaftResult = { kind: 'none' }): RaftResponse {
    const state = this.#state();
    return { errorCode, epoch: state.role.epoch, leaderId: leaderIdOf(state), result };
  }
}

const source = 'org.apache.kafka.raft.KafkaRaftClient';

function snapshotProblem(id: OffsetAndEpoch, content: Uint8Array): string | undefined {
  try {
    decodeSnapshot(id, content);
    return undefined;
  } catch (error) {
    if (!(error instanceof CorruptRecordError || error instanceof DecodeError)) throw error;
    return error.message;
  }
}

function epochBefore(log: RaftLog, endOffset: number): number {
  let epoch = log.lastEpoch;
  // Epochs end where the next one starts: walk back to the one that holds the record before.
  for (;;) {
    const earlier = log.endOffsetForEpoch(epoch - 1);
    if (earlier.offset < endOffset || earlier.epoch >= epoch) return epoch;
    epoch = earlier.epoch;
  }
}
