import { errorCodeOf } from '../protocol/error-codes.ts';
import type {
  BrokerRegistrationRequest,
  BrokerRegistrationResponse,
} from '../protocol/schemas/62-broker-registration.ts';
import { fenceBroker } from './broker-life-cycle.ts';
import {
  type ApiError,
  apiError,
  type ControllerContext,
  type ControllerResult,
} from './controller-context.ts';
import { type BrokerRegistration, metadataVersionOf } from './metadata-image.ts';
import type { MetadataRecordInput } from './metadata-record.ts';
import {
  directoryIds,
  isDirectoryAssignmentSupported,
  registerBrokerRecordVersion,
} from './metadata-version.ts';

/** BrokerRegistration (62): a broker's process, an incarnation, announces itself and is fenced at first. */
export function registerBroker(
  ctx: ControllerContext,
  request: BrokerRegistrationRequest,
): ControllerResult<BrokerRegistrationResponse> {
  const existing = ctx.image.brokers.get(request.brokerId);
  const problem = registrationProblem(ctx, request, existing);
  if (problem !== undefined) {
    const errorCode = errorCodeOf(problem.errorCode);
    return { records: [], response: { throttleTimeMs: 0, errorCode, brokerEpoch: -1 } };
  }
  const isSameProcess = existing?.incarnationId === request.incarnationId;
  const goodbye = isSameProcess ? [] : endEarlierIncarnation(ctx, existing);
  const brokerEpoch = ctx.nextOffset + goodbye.length;
  // A process that amends its registration keeps what it is.
  const state = isSameProcess && existing !== undefined ? existing : newcomer;
  const records = [...goodbye, registration(ctx, request, { ...state, brokerEpoch })];
  return { records, response: { throttleTimeMs: 0, errorCode: 0, brokerEpoch } };
}

const newcomer = { fenced: true, inControlledShutdown: false };

/** What the earlier process led has no leader until the new one has caught up. */
function endEarlierIncarnation(
  ctx: ControllerContext,
  existing: BrokerRegistration | undefined,
): MetadataRecordInput[] {
  return existing === undefined || existing.fenced ? [] : fenceBroker(ctx, existing);
}

function registration(
  ctx: ControllerContext,
  request: BrokerRegistrationRequest,
  {
    brokerEpoch,
    fenced,
    inControlledShutdown,
  }: Pick<BrokerRegistration, 'brokerEpoch' | 'fenced' | 'inControlledShutdown'>,
): MetadataRecordInput {
  const level = metadataVersionOf(ctx.image);
  return {
    kind: 'RegisterBrokerRecord',
    version: registerBrokerRecordVersion(level),
    message: {
      brokerId: request.brokerId,
      incarnationId: request.incarnationId,
      brokerEpoch,
      endPoints: request.listeners,
      features: featuresOf(request).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      rack: request.rack,
      fenced,
      inControlledShutdown,
      logDirs: isDirectoryAssignmentSupported(level) ? request.logDirs : [],
    },
  };
}

function registrationProblem(
  ctx: ControllerContext,
  request: BrokerRegistrationRequest,
  existing: BrokerRegistration | undefined,
): ApiError | undefined {
  const { clusterId } = ctx.settings;
  if (request.clusterId !== clusterId) {
    return apiError(
      'INCONSISTENT_CLUSTER_ID',
      `Expected cluster ID ${clusterId}, but got cluster ID ${request.clusterId}`,
    );
  }
  const isOther = existing !== undefined && existing.incarnationId !== request.incarnationId;
  if (isOther && mayStillRun(ctx, existing)) {
    const message = 'Another broker is registered with that broker id.';
    return apiError('DUPLICATE_BROKER_REGISTRATION', message);
  }
  if (request.isMigratingZkBroker) {
    return apiError(
      'BROKER_ID_NOT_REGISTERED',
      'Controller does not support registering ZK brokers.',
    );
  }
  return directoryProblem(ctx, request) ?? featureProblem(ctx, request);
}

/**
 * Whether an earlier process with this id may be alive. Not Kafka's rule in one case: a combined
 * broker and controller are one process that holds the lock of its log dirs, so an incarnation from
 * before it is dead for certain; Kafka has it wait out its session (9 s) after a crash.
 */
function mayStillRun(ctx: ControllerContext, existing: BrokerRegistration): boolean {
  const { settings, heartbeats, nowMs } = ctx;
  if (existing.fenced) return false;
  if (settings.isCombined && existing.brokerId === settings.nodeId) return false;
  return heartbeats.hasValidSession(existing.brokerId, settings.sessionTimeoutMs, nowMs);
}

function featureProblem(
  { image }: ControllerContext,
  request: BrokerRegistrationRequest,
): ApiError | undefined {
  for (const feature of featuresOf(request)) {
    const { name, minSupportedVersion: low, maxSupportedVersion: high } = feature;
    const level = image.features.get(name) ?? (name === 'metadata.version' ? 1 : 0);
    if (low <= level && level <= high) continue;
    const message = `Unable to register because the broker does not support version ${level} of ${name}. It wants a version between ${low} and ${high}, inclusive.`;
    return apiError('UNSUPPORTED_VERSION', message);
  }
  return undefined;
}

/** A broker that says nothing of metadata.version knows the first one only. */
function featuresOf({ features }: BrokerRegistrationRequest) {
  const name = 'metadata.version';
  if (features.some((feature) => feature.name === name)) return features;
  return [...features, { name, minSupportedVersion: 1, maxSupportedVersion: 1 }];
}

function directoryProblem(
  { image }: ControllerContext,
  { brokerId, logDirs }: BrokerRegistrationRequest,
): ApiError | undefined {
  if (!isDirectoryAssignmentSupported(metadataVersionOf(image))) return undefined;
  const refuse = (message: string) => apiError('INVALID_REGISTRATION', message);
  if (logDirs.length === 0) return refuse('No directories specified in request');
  const reserved: readonly string[] = Object.values(directoryIds);
  if (logDirs.some((id) => reserved.includes(id)))
    return refuse('Reserved directory ID in request');
  if (new Set(logDirs).size < logDirs.length) return refuse('Duplicate directory ID in request');
  for (const other of image.brokers.values()) {
    const shared = other.logDirs.find((id) => logDirs.includes(id));
    if (shared === undefined || other.brokerId === brokerId) continue;
    return refuse(`Broker ${other.brokerId} is already registered with directory ${shared}`);
  }
  return undefined;
}
