import { errorCodeOf } from '../protocol/error-codes.ts';
import type {
  BrokerHeartbeatRequest,
  BrokerHeartbeatResponse,
} from '../protocol/schemas/63-broker-heartbeat.ts';
import {
  beginControlledShutdown,
  fenceBroker,
  leadsAny,
  loseDirectories,
  unfenceBroker,
} from './broker-life-cycle.ts';
import {
  type ApiError,
  apiError,
  type ControllerContext,
  type ControllerResult,
} from './controller-context.ts';
import { type BrokerRegistration, isActiveBroker, type MetadataImage } from './metadata-image.ts';
import type { MetadataRecordInput } from './metadata-record.ts';

/** Kafka's `BrokerControlState`. */
type BrokerControlState = 'fenced' | 'unfenced' | 'controlled-shutdown' | 'shutdown-now';

/** BrokerHeartbeat (63): what the broker wants, and what it may be. The caller touches its session. */
export function brokerHeartbeat(
  ctx: ControllerContext,
  request: BrokerHeartbeatRequest,
): ControllerResult<BrokerHeartbeatResponse> {
  const broker = ctx.image.brokers.get(request.brokerId);
  const stale = brokerEpochProblem(ctx.image, request);
  if (broker === undefined || stale !== undefined) {
    const errorCode = errorCodeOf(stale?.errorCode ?? 'STALE_BROKER_EPOCH');
    const nothing = { isCaughtUp: false, isFenced: true, shouldShutDown: false };
    return { records: [], response: { throttleTimeMs: 0, errorCode, ...nothing } };
  }
  const before = stateOf(broker);
  const after = nextState(ctx, broker, request);
  const { currentMetadataOffset, offlineLogDirs } = request;
  return {
    records: [
      ...recordsOf(ctx, broker, before, after),
      ...loseDirectories(ctx, broker, offlineLogDirs),
    ],
    response: {
      throttleTimeMs: 0,
      errorCode: 0,
      isCaughtUp: broker.brokerEpoch <= currentMetadataOffset,
      isFenced: after === 'fenced' || after === 'shutdown-now',
      shouldShutDown: after === 'shutdown-now',
    },
  };
}

/** Keeps what the controller must remember of a heartbeat that was answered so. */
export function noteHeartbeat(
  { heartbeats, nextOffset, nowMs }: ControllerContext,
  request: BrokerHeartbeatRequest,
  { records, response }: ControllerResult<BrokerHeartbeatResponse>,
): void {
  if (response.errorCode !== 0) return;
  const { brokerId, wantShutDown } = request;
  // Whoever has just been let in, or out, has yet to say what it has seen.
  const metadataOffset = 0 < records.length ? -1 : request.currentMetadataOffset;
  heartbeats.touch(brokerId, metadataOffset, nowMs);
  const isLeaving = wantShutDown && !response.isFenced;
  const lastOffset = nextOffset + records.length - 1;
  heartbeats.setControlledShutdownOffset(brokerId, isLeaving ? lastOffset : undefined);
}

/** A request of an earlier incarnation is refused (`ClusterControlManager.checkBrokerEpoch`). */
export function brokerEpochProblem(
  image: MetadataImage,
  { brokerId, brokerEpoch }: { readonly brokerId: number; readonly brokerEpoch: number },
): ApiError | undefined {
  const broker = image.brokers.get(brokerId);
  if (broker === undefined) {
    return apiError('STALE_BROKER_EPOCH', `No broker registration found for broker id ${brokerId}`);
  }
  if (broker.brokerEpoch === brokerEpoch) return undefined;
  return apiError(
    'STALE_BROKER_EPOCH',
    `Expected broker epoch ${broker.brokerEpoch}, but got broker epoch ${brokerEpoch}`,
  );
}

function stateOf(broker: BrokerRegistration): BrokerControlState {
  if (broker.inControlledShutdown) return broker.fenced ? 'fenced' : 'controlled-shutdown';
  return broker.fenced ? 'fenced' : 'unfenced';
}

function nextState(
  ctx: ControllerContext,
  broker: BrokerRegistration,
  request: BrokerHeartbeatRequest,
): BrokerControlState {
  switch (stateOf(broker)) {
    case 'fenced':
      return afterFenced(broker, request);
    case 'unfenced':
      return afterUnfenced(ctx, request);
    default:
      return mayGo(ctx, broker.brokerId) ? 'shutdown-now' : 'controlled-shutdown';
  }
}

function afterFenced(
  broker: BrokerRegistration,
  { wantFence, wantShutDown, currentMetadataOffset }: BrokerHeartbeatRequest,
): BrokerControlState {
  if (wantShutDown) return 'shutdown-now';
  // It must have seen its own registration before clients are sent to it.
  const isCaughtUp = broker.brokerEpoch <= currentMetadataOffset;
  return !wantFence && isCaughtUp ? 'unfenced' : 'fenced';
}

function afterUnfenced(
  ctx: ControllerContext,
  { brokerId, wantFence, wantShutDown }: BrokerHeartbeatRequest,
): BrokerControlState {
  if (wantFence) return wantShutDown ? 'shutdown-now' : 'fenced';
  if (!wantShutDown) return 'unfenced';
  return leadsAny(ctx, brokerId) ? 'controlled-shutdown' : 'shutdown-now';
}

/** All that it led is led by others, and every active broker knows (`BrokerHeartbeatManager`). */
function mayGo(ctx: ControllerContext, brokerId: number): boolean {
  if (leadsAny(ctx, brokerId)) return false;
  const offset = ctx.heartbeats.get(brokerId)?.controlledShutdownOffset ?? -1;
  const activeOffsets = [...ctx.image.brokers.keys()]
    .filter((id) => isActiveBroker(ctx.image, id))
    .map((id) => ctx.heartbeats.get(id)?.metadataOffset ?? -1);
  return activeOffsets.every((seen) => offset <= seen);
}

function recordsOf(
  ctx: ControllerContext,
  broker: BrokerRegistration,
  before: BrokerControlState,
  after: BrokerControlState,
): readonly MetadataRecordInput[] {
  if (before === after) return [];
  switch (after) {
    case 'unfenced':
      return unfenceBroker(ctx, broker);
    case 'controlled-shutdown':
      return beginControlledShutdown(ctx, broker);
    case 'fenced':
    case 'shutdown-now':
      return fenceBroker(ctx, broker);
  }
}
