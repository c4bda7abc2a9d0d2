import { type ErrorCode, errorCodeOf } from '../protocol/error-codes.ts';
import type {
  AssignReplicasToDirsRequest,
  AssignReplicasToDirsResponse,
} from '../protocol/schemas/73-assign-replicas-to-dirs.ts';
import { brokerEpochProblem } from './broker-heartbeat.ts';
import { removeBroker } from './broker-life-cycle.ts';
import { ControllerError } from './controller.ts';
import type { ControllerContext, ControllerResult } from './controller-context.ts';
import { isDirectoryOnline, metadataVersionOf, type Uuid } from './metadata-image.ts';
import type { MetadataRecordInput } from './metadata-record.ts';
import { isDirectoryAssignmentSupported } from './metadata-version.ts';
import { type PartitionPlace, partitionChange } from './partition-change.ts';

/**
 * AssignReplicasToDirs (73, KIP-858): a broker with several log dirs says where it put replicas.
 * Throws ControllerError where metadata.version is too old for it.
 */
export function assignReplicasToDirs(
  ctx: ControllerContext,
  request: AssignReplicasToDirsRequest,
): ControllerResult<AssignReplicasToDirsResponse> {
  if (!isDirectoryAssignmentSupported(metadataVersionOf(ctx.image))) {
    throw new ControllerError('UNSUPPORTED_VERSION', 'Directory assignment is not supported yet.');
  }
  const stale = brokerEpochProblem(ctx.image, request);
  if (stale !== undefined) {
    const errorCode = errorCodeOf(stale.errorCode);
    return { records: [], response: { throttleTimeMs: 0, errorCode, directories: [] } };
  }
  const assignment = new Assignment(ctx, request.brokerId);
  const directories = request.directories.map(({ id, topics }) => ({
    id,
    topics: topics.map(({ topicId, partitions }) => ({
      topicId,
      partitions: partitions.map(({ partitionIndex }) => {
        const errorCode = errorCodeOf(assignment.assign(id, topicId, partitionIndex));
        return { partitionIndex, errorCode };
      }),
    })),
  }));
  const response = { throttleTimeMs: 0, errorCode: 0, directories };
  return { records: assignment.finish(), response };
}

/** The replicas of one broker that one request puts somewhere. */
class Assignment {
  readonly #ctx: ControllerContext;
  readonly #brokerId: number;
  readonly #records: MetadataRecordInput[] = [];
  readonly #inOfflineDirectories: PartitionPlace[] = [];

  constructor(ctx: ControllerContext, brokerId: number) {
    this.#ctx = ctx;
    this.#brokerId = brokerId;
  }

  assign(id: Uuid, topicId: Uuid, partitionId: number): ErrorCode {
    const { image } = this.#ctx;
    const topic = image.topics.byId.get(topicId);
    if (topic === undefined) return 'UNKNOWN_TOPIC_ID';
    const partition = topic.partitions[partitionId];
    if (partition === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION';
    const brokerId = this.#brokerId;
    if (!partition.replicas.includes(brokerId)) return 'NOT_LEADER_OR_FOLLOWER';
    const place = { topic, partitionId, partition };
    const directory = { brokerId, id };
    const record = partitionChange(this.#ctx, { ...place, directory, election: 'online' });
    if (record !== undefined) this.#records.push(record);
    const isOnline = isDirectoryOnline(image.brokers.get(brokerId), id);
    if (!isOnline) this.#inOfflineDirectories.push(place);
    return 'NONE';
  }

  /** What is in a directory that is not there leaves ISRs and leadership. */
  finish(): readonly MetadataRecordInput[] {
    const removed = removeBroker(this.#ctx, this.#brokerId, this.#inOfflineDirectories);
    return [...this.#records, ...removed];
  }
}
