import type { Disposable } from '../base/disposable.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';
import type {
  CreateTopicsRequest,
  CreateTopicsResponse,
} from '../protocol/schemas/19-create-topics.ts';
import type {
  DeleteTopicsRequest,
  DeleteTopicsResponse,
} from '../protocol/schemas/20-delete-topics.ts';
import type {
  AlterConfigsRequest,
  AlterConfigsResponse,
} from '../protocol/schemas/33-alter-configs.ts';
import type {
  CreatePartitionsRequest,
  CreatePartitionsResponse,
} from '../protocol/schemas/37-create-partitions.ts';
import type {
  ElectLeadersRequest,
  ElectLeadersResponse,
} from '../protocol/schemas/43-elect-leaders.ts';
import type {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from '../protocol/schemas/44-incremental-alter-configs.ts';
import type {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from '../protocol/schemas/45-alter-partition-reassignments.ts';
import type {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse,
} from '../protocol/schemas/46-list-partition-reassignments.ts';
import type {
  AlterClientQuotasRequest,
  AlterClientQuotasResponse,
} from '../protocol/schemas/49-alter-client-quotas.ts';
import type {
  AlterPartitionRequest,
  AlterPartitionResponse,
} from '../protocol/schemas/56-alter-partition.ts';
import type {
  UpdateFeaturesRequest,
  UpdateFeaturesResponse,
} from '../protocol/schemas/57-update-features.ts';
import type {
  BrokerRegistrationRequest,
  BrokerRegistrationResponse,
} from '../protocol/schemas/62-broker-registration.ts';
import type {
  BrokerHeartbeatRequest,
  BrokerHeartbeatResponse,
} from '../protocol/schemas/63-broker-heartbeat.ts';
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
import type { MetadataDelta } from './metadata-delta.ts';
import type { MetadataImage } from './metadata-image.ts';

/** Who sent a request: where it is passed on, the active controller is told (KIP-590). */
export interface RequestOrigin {
  readonly clientId: string;
  readonly correlationId: number;
  /** `clientHost` is `/` and the address of the client's end of its connection. */
  readonly client: { readonly clientHost: string };
}

/**
 * The active controller, seen from a request handler: decoded request in, response out when all
 * that was decided is committed. What Kafka answers with an error code is in the response.
 * Rejects with ControllerError where no response can be had: NOT_CONTROLLER, or the controller is gone.
 * `origin` is whose request it is; absent: this node's own.
 */
export interface Controller {
  /** Creates topics, each for itself: one that fails does not hinder the others. */
  createTopics(request: CreateTopicsRequest, origin?: RequestOrigin): Promise<CreateTopicsResponse>;
  /** By name or by id; responses are in the order of the request. */
  deleteTopics(request: DeleteTopicsRequest, origin?: RequestOrigin): Promise<DeleteTopicsResponse>;
  /** Replaces all overrides of a resource (the old form; KIP-339 has the better one). */
  alterConfigs(request: AlterConfigsRequest, origin?: RequestOrigin): Promise<AlterConfigsResponse>;
  /** Grows topics; a topic never shrinks. */
  createPartitions(
    request: CreatePartitionsRequest,
    origin?: RequestOrigin,
  ): Promise<CreatePartitionsResponse>;
  /** Moves leadership to the preferred replica (0), or to any live one (1, unclean). */
  electLeaders(request: ElectLeadersRequest, origin?: RequestOrigin): Promise<ElectLeadersResponse>;
  /** Sets, deletes, appends and subtracts single overrides (KIP-339). */
  incrementalAlterConfigs(
    request: IncrementalAlterConfigsRequest,
    origin?: RequestOrigin,
  ): Promise<IncrementalAlterConfigsResponse>;
  /** Starts or cancels the move of partitions to other brokers (KIP-455). */
  alterPartitionReassignments(
    request: AlterPartitionReassignmentsRequest,
    origin?: RequestOrigin,
  ): Promise<AlterPartitionReassignmentsResponse>;
  /** Moves under way. */
  listPartitionReassignments(
    request: ListPartitionReassignmentsRequest,
    origin?: RequestOrigin,
  ): Promise<ListPartitionReassignmentsResponse>;
  /** Sets or removes quotas of users, client ids and addresses (KIP-546). */
  alterClientQuotas(
    request: AlterClientQuotasRequest,
    origin?: RequestOrigin,
  ): Promise<AlterClientQuotasResponse>;
  /** A leader asks for a change of the ISR of its partition (KIP-497). */
  alterPartition(request: AlterPartitionRequest): Promise<AlterPartitionResponse>;
  /** Finalizes other feature levels, such as metadata.version (KIP-584). */
  updateFeatures(
    request: UpdateFeaturesRequest,
    origin?: RequestOrigin,
  ): Promise<UpdateFeaturesResponse>;
  /** A broker's process announces itself; the answer's broker epoch is the offset of its record. */
  registerBroker(request: BrokerRegistrationRequest): Promise<BrokerRegistrationResponse>;
  /** A broker is alive; unfences it once it has caught up, fences or releases it when it asks to. */
  heartbeat(request: BrokerHeartbeatRequest): Promise<BrokerHeartbeatResponse>;
  /** Forgets a broker for good. */
  unregisterBroker(
    request: UnregisterBrokerRequest,
    origin?: RequestOrigin,
  ): Promise<UnregisterBrokerResponse>;
  /** Hands a block of 1,000 producer ids to a broker. */
  allocateProducerIds(request: AllocateProducerIdsRequest): Promise<AllocateProducerIdsResponse>;
  /** A controller's process announces itself (KIP-919). */
  registerController(
    request: ControllerRegistrationRequest,
  ): Promise<ControllerRegistrationResponse>;
  /** A broker says in which of its log dirs replicas are (KIP-858). */
  assignReplicasToDirs(request: AssignReplicasToDirsRequest): Promise<AssignReplicasToDirsResponse>;
  /** The active controller's node id, as far as this node knows. */
  readonly activeControllerId: number | undefined;
  /** The committed image, never ahead of the high watermark. */
  readonly image: MetadataImage;
  /**
   * Calls back after each committed change, and at once with what is there; disposing ends it.
   * The delta says what changed; it is complete in `image`.
   */
  onImage(listener: ImageListener): Disposable;
}

export type ImageListener = (image: MetadataImage, delta: MetadataDelta) => void;

/** No response can be given; a handler answers with the code. */
export class ControllerError extends Error {
  override readonly name = 'ControllerError';
  readonly errorCode: ErrorCode;
  constructor(errorCode: ErrorCode, message: string) {
    super(message);
    this.errorCode = errorCode;
  }
}
