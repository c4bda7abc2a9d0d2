import { isActiveBroker, type MetadataImage } from '../controller/metadata-image.ts';
import type { KafkaConfig } from './kafka-config.ts';
import type { Partition } from './partition.ts';

/** Where a consumer is (KIP-392). */
export interface ReaderPlace {
  /** `client.rack`; '' when it does not say. */
  readonly rackId: string;
  readonly listenerName: string;
}

export interface Selection {
  readonly image: MetadataImage;
  /** Led by this broker. */
  readonly partition: Partition;
  readonly fetchOffset: number;
  readonly reader: ReaderPlace;
  readonly nowMs: number;
}

/** The broker that a consumer should read from; -1 for the leader. */
export type ReplicaSelector = (selection: Selection) => number;

/** `replica.selector.class`; undefined where consumers read from leaders only. */
export function replicaSelectorOf(config: KafkaConfig): ReplicaSelector | undefined {
  const name = config.optional('replica.selector.class') ?? '';
  return name.endsWith('.RackAwareReplicaSelector') ? selectByRack : undefined;
}

/** A replica in the reader's rack that has what it asks for, the one furthest ahead; the leader if it is there. */
function selectByRack({ image, partition, fetchOffset, reader, nowMs }: Selection): number {
  if (reader.rackId === '') return -1;
  const isNear = (brokerId: number) => {
    const broker = image.brokers.get(brokerId);
    const isThere = broker?.endPoints.some(({ name }) => name === reader.listenerName) === true;
    return isThere && isActiveBroker(image, brokerId) && broker?.rack === reader.rackId;
  };
  if (isNear(partition.leaderId)) return -1;
  let best = -1;
  let bestEnd = -1;
  let bestLagMs = Number.POSITIVE_INFINITY;
  for (const {
    brokerId,
    logStartOffset,
    logEndOffset,
    lastCaughtUpMs,
  } of partition.followers.values()) {
    const hasOffset = logStartOffset <= fetchOffset && fetchOffset <= logEndOffset;
    if (!hasOffset || !isNear(brokerId)) continue;
    const lagMs = nowMs - lastCaughtUpMs;
    if (logEndOffset < bestEnd || (logEndOffset === bestEnd && bestLagMs <= lagMs)) continue;
    best = brokerId;
    bestEnd = logEndOffset;
    bestLagMs = lagMs;
  }
  return best;
}
