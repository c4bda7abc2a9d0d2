import { errorCodeOf } from '../protocol/error-codes.ts';
import type {
  UnregisterBrokerRequest,
  UnregisterBrokerResponse,
} from '../protocol/schemas/64-unregister-broker.ts';
import type {
  AllocateProducerIdsRequest,
  AllocateProducerIdsResponse,
} from '../protocol/schemas/67-allocate-producer-ids.ts';
import type {
  ControllerRegistrationRequest,
  ControllerRegistrationResponse,
} from '../protocol/schemas/70-controller-registration.ts';
import type {
  AssignReplicasToDirsRequest,
  AssignReplicasToDirsResponse,
} from '../protocol/schemas/73-assign-replicas-to-dirs.ts';
import { brokerEpochProblem } from './broker-heartbeat.ts';
import { unregisterBroker as forgetBroker } from './broker-life-cycle.ts';
import { apiError, type ControllerContext, type ControllerResult } from './controller-context.ts';
import type { MetadataImage, Uuid } from './metadata-image.ts';
import type { MetadataRecordInput } from './metadata-record.ts';

/** `ProducerIdsBlock.PRODUCER_ID_BLOCK_SIZE`. */
const PRODUCER_ID_BLOCK = 1000;

/** AllocateProducerIds (67, KIP-730): a block of ids that no other broker will ever get. */
export function allocateProducerIds(
  ctx: ControllerContext,
  { brokerId, brokerEpoch }: AllocateProducerIdsRequest,
): ControllerResult<AllocateProducerIdsResponse> {
  const stale = brokerEpochProblem(ctx.image, { brokerId, brokerEpoch });
  if (stale !== undefined) {
    const errorCode = errorCodeOf(stale.errorCode);
    return {
      records: [],
      response: { throttleTimeMs: 0, errorCode, producerIdStart: 0, producerIdLen: 0 },
    };
  }
  const producerIdStart = ctx.image.nextProducerId;
  const nextProducerId = producerIdStart + PRODUCER_ID_BLOCK;
  return {
    records: [
      { kind: 'ProducerIdsRecord', version: 0, message: { brokerId, brokerEpoch, nextProducerId } },
    ],
    response: {
      throttleTimeMs: 0,
      errorCode: 0,
      producerIdStart,
      producerIdLen: PRODUCER_ID_BLOCK,
    },
  };
}

/** UnregisterBroker (64). */
export function unregisterBroker(
  ctx: ControllerContext,
  { brokerId }: UnregisterBrokerRequest,
): ControllerResult<UnregisterBrokerResponse> {
  const broker = ctx.image.brokers.get(brokerId);
  if (broker === undefined) {
    const { errorCode, message } = apiError(
      'BROKER_ID_NOT_REGISTERED',
      `Broker ID ${brokerId} is not currently registered`,
    );
    const response = {
      throttleTimeMs: 0,
      errorCode: errorCodeOf(errorCode),
      errorMessage: message,
    };
    return { records: [], response };
  }
  const response = { throttleTimeMs: 0, errorCode: 0, errorMessage: null };
  return { records: forgetBroker(ctx, broker), response };
}

/** ControllerRegistration (70, KIP-919). */
export function registerController(
  _ctx: ControllerContext,
  request: ControllerRegistrationRequest,
): ControllerResult<ControllerRegistrationResponse> {
  const { controllerId, incarnationId, zkMigrationReady, listeners, features } = request;
  const message = { controllerId, incarnationId, zkMigrationReady, endPoints: listeners, features };
  return {
    records: [{ kind: 'RegisterControllerRecord', version: 0, message }],
    response: { throttleTimeMs: 0, errorCode: 0, errorMessage: null },
  };
}

/** AssignReplicasToDirs (73, KIP-858): a broker with several log dirs says where it put replicas. */
export function assignReplicasToDirs(
  ctx: ControllerContext,
  request: AssignReplicasToDirsRequest,
): ControllerResult<AssignReplicasToDirsResponse> {
  const stale = brokerEpochProblem(ctx.image, request);
  if (stale !== undefined) {
    const errorCode = errorCodeOf(stale.errorCode);
    return { records: [], response: { throttleTimeMs: 0, errorCode, directories: [] } };
  }
  const records: MetadataRecordInput[] = [];
  const directories = request.directories.map(({ id, topics }) => ({
    id,
    topics: topics.map(({ topicId, partitions }) => ({
      topicId,
      partitions: partitions.map(({ partitionIndex }) => {
        const replica = { brokerId: request.brokerId, topicId, partitionIndex };
        const record = assignmentRecord(ctx.image, replica, id);
        if (record !== undefined && record !== 'UNKNOWN') records.push(record);
        const errorCode = record === 'UNKNOWN' ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'NONE';
        return { partitionIndex, errorCode: errorCodeOf(errorCode) };
      }),
    })),
  }));
  return { records, response: { throttleTimeMs: 0, errorCode: 0, directories } };
}

interface ReplicaPlace {
  readonly brokerId: number;
  readonly topicId: Uuid;
  readonly partitionIndex: number;
}

function assignmentRecord(
  image: MetadataImage,
  { brokerId, topicId, partitionIndex }: ReplicaPlace,
  directory: Uuid,
): MetadataRecordInput | 'UNKNOWN' | undefined {
  const partition = image.topics.byId.get(topicId)?.partitions[partitionIndex];
  const position = partition?.replicas.indexOf(brokerId) ?? -1;
  if (partition === undefined || position < 0) return 'UNKNOWN';
  if (partition.directories[position] === directory) return undefined;
  const directories = partition.directories.with(position, directory);
  return {
    kind: 'PartitionChangeRecord',
    version: 1,
    message: { partitionId: partitionIndex, topicId, directories },
  };
}
