import { assert } from '../base/assert.ts';
import type { Random } from '../base/random.ts';
import { defaultErrorMessage, type ErrorCode } from '../protocol/error-codes.ts';
import { uuidFromRandomBytes } from '../protocol/uuid.ts';
import type { BrokerHeartbeats } from './broker-heartbeats.ts';
import { ControllerError } from './controller.ts';
import type { MetadataImage, Uuid } from './metadata-image.ts';
import type { MetadataRecordInput } from './metadata-record.ts';

/** What a decision may look at. It changes none of it: it answers records, and replay does the rest. */
export interface ControllerContext {
  /** With everything that was decided so far, committed or not. */
  readonly image: MetadataImage;
  /** Offset that the first record of this decision gets; a broker epoch is such an offset. */
  readonly nextOffset: number;
  /** Monotonic milliseconds. */
  readonly nowMs: number;
  readonly random: Random;
  readonly settings: ControllerSettings;
  readonly heartbeats: BrokerHeartbeats;
}

export interface ControllerSettings {
  readonly nodeId: number;
  readonly clusterId: string;
  /** `controller.quorum.voters`: who must have registered before a feature changes; absent: nobody else. */
  readonly voterIds?: readonly number[];
  /** `process.roles=broker,controller`: the broker with the controller's node id lives in the same process. */
  readonly isCombined: boolean;
  /** What server.properties says, by Kafka's keys. */
  readonly staticConfigs: ReadonlyMap<string, string>;
  readonly defaultNumPartitions: number;
  readonly defaultReplicationFactor: number;
  readonly isTopicDeletionEnabled: boolean;
  /** `broker.session.timeout.ms`. */
  readonly sessionTimeoutMs: number;
}

/** What was decided: records to append as one batch, and the answer for when they are committed. */
export interface ControllerResult<R> {
  readonly records: readonly MetadataRecordInput[];
  readonly response: R;
}

/** An outcome for one thing of a request. */
export interface ApiError {
  readonly errorCode: ErrorCode;
  readonly message: string | null;
}

export const noError: ApiError = { errorCode: 'NONE', message: null };

export function apiError(errorCode: ErrorCode, message?: string): ApiError {
  return { errorCode, message: message ?? defaultErrorMessage(errorCode) };
}

/** As many records as a batch of the log has at most (`QuorumController.MAX_RECORDS_PER_BATCH`). */
export const RECORDS_PER_BATCH_MAX = 10_000;
/** As many records as one request may write: they are one batch, all or nothing (`MAX_RECORDS_PER_USER_OP`). */
export const RECORDS_PER_REQUEST_MAX = RECORDS_PER_BATCH_MAX;

/** Throws ControllerError where a request would write more than that. To be called before the work is done. */
export function requireOneBatch(recordCount: number): void {
  if (recordCount <= RECORDS_PER_REQUEST_MAX) return;
  const message = 'Unable to perform excessively large batch operation.';
  throw new ControllerError('POLICY_VIOLATION', message);
}

/** Those that are there more than once. */
export function duplicatesOf(keys: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  return new Set(keys.filter((key) => seen.size === seen.add(key).size));
}

export function newUuid(random: Random): Uuid {
  // One in 64 begins with `-` and is not used.
  for (let attempt = 0; attempt < 100; attempt++) {
    const uuid = uuidFromRandomBytes(random.bytes(16));
    if (uuid !== undefined) return uuid;
  }
  assert(false, 'randomness gives a usable uuid within 100 attempts');
}
