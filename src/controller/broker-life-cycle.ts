import type { ControllerContext } from './controller-context.ts';
import {
  type BrokerRegistration,
  isActiveBroker,
  metadataVersionOf,
  NO_LEADER,
  type Uuid,
} from './metadata-image.ts';
import type { MetadataRecordInput } from './metadata-record.ts';
import {
  isBrokerRegistrationChangeSupported,
  isDirectoryAssignmentSupported,
  isInControlledShutdownSupported,
} from './metadata-version.ts';
import {
  electionOf,
  type PartitionPlace,
  partitionChange,
  partitionsOf,
} from './partition-change.ts';

/** Takes a broker out of service: its partitions get other leaders, or none (`handleBrokerFenced`). */
export function fenceBroker(
  ctx: ControllerContext,
  { brokerId, brokerEpoch }: BrokerRegistration,
): MetadataRecordInput[] {
  return [...removeFromIsrs(ctx, brokerId), fencing(ctx, { brokerId, brokerEpoch, fenced: 1 })];
}

/** Puts a broker into service: it leads what has no leader and has it in its ISR (`handleBrokerUnfenced`). */
export function unfenceBroker(
  ctx: ControllerContext,
  { brokerId, brokerEpoch }: BrokerRegistration,
): MetadataRecordInput[] {
  const isAcceptable = (id: number) => id === brokerId || isActiveBroker(ctx.image, id);
  const changes = [...partitionsOf(ctx.image.topics.byId.values())]
    .filter(({ partition }) => partition.leader === NO_LEADER)
    .map((place) =>
      partitionChange(ctx, { ...place, election: electionOf(ctx, place.topic.name), isAcceptable }),
    );
  return [fencing(ctx, { brokerId, brokerEpoch, fenced: -1 }), ...present(changes)];
}

/** A broker that wants to go hands its leaderships over first (`handleBrokerInControlledShutdown`). */
export function beginControlledShutdown(
  ctx: ControllerContext,
  { brokerId, brokerEpoch, inControlledShutdown }: BrokerRegistration,
): MetadataRecordInput[] {
  const changes = removeFromIsrs(ctx, brokerId);
  const level = metadataVersionOf(ctx.image);
  if (inControlledShutdown || !isInControlledShutdownSupported(level)) return changes;
  return [
    {
      kind: 'BrokerRegistrationChangeRecord',
      version: 1,
      message: { brokerId, brokerEpoch, inControlledShutdown: 1 },
    },
    ...changes,
  ];
}

/** Directories that a broker cannot read any more: their replicas leave ISRs and leadership (KIP-858). */
export function loseDirectories(
  ctx: ControllerContext,
  { brokerId, brokerEpoch, logDirs }: BrokerRegistration,
  offline: readonly Uuid[],
): MetadataRecordInput[] {
  const lost = logDirs.filter((id) => offline.includes(id));
  if (lost.length === 0 || !isDirectoryAssignmentSupported(metadataVersionOf(ctx.image))) return [];
  const isLost = ({ partition }: PartitionPlace) => {
    const id = partition.directories[partition.replicas.indexOf(brokerId)];
    return id !== undefined && lost.includes(id);
  };
  const places = [...partitionsOf(ctx.image.topics.byId.values())].filter(isLost);
  const left = logDirs.filter((id) => !lost.includes(id));
  return [
    ...removeBroker(ctx, brokerId, places),
    {
      kind: 'BrokerRegistrationChangeRecord',
      version: 2,
      message: { brokerId, brokerEpoch, logDirs: left },
    },
  ];
}

/** Forgets a broker for good. */
export function unregisterBroker(
  ctx: ControllerContext,
  { brokerId, brokerEpoch }: BrokerRegistration,
): MetadataRecordInput[] {
  return [
    ...removeFromIsrs(ctx, brokerId),
    { kind: 'UnregisterBrokerRecord', version: 0, message: { brokerId, brokerEpoch } },
  ];
}

export function leadsAny(ctx: ControllerContext, brokerId: number): boolean {
  return [...partitionsOf(ctx.image.topics.byId.values())].some(
    ({ partition }) => partition.leader === brokerId,
  );
}

/** Before 3.3-IV2 there were records of their own for it. */
function fencing(
  { image }: ControllerContext,
  message: { readonly brokerId: number; readonly brokerEpoch: number; readonly fenced: 1 | -1 },
): MetadataRecordInput {
  if (isBrokerRegistrationChangeSupported(metadataVersionOf(image))) {
    return { kind: 'BrokerRegistrationChangeRecord', version: 0, message };
  }
  const old = { id: message.brokerId, epoch: message.brokerEpoch };
  return message.fenced === 1
    ? { kind: 'FenceBrokerRecord', version: 0, message: old }
    : { kind: 'UnfenceBrokerRecord', version: 0, message: old };
}

function removeFromIsrs(ctx: ControllerContext, brokerId: number): MetadataRecordInput[] {
  const places = [...partitionsOf(ctx.image.topics.byId.values())].filter(({ partition }) =>
    partition.isr.includes(brokerId),
  );
  return removeBroker(ctx, brokerId, places);
}

/** The broker leaves the ISRs of these partitions and leads none of them. */
export function removeBroker(
  ctx: ControllerContext,
  brokerId: number,
  places: readonly PartitionPlace[],
): MetadataRecordInput[] {
  const isAcceptable = (id: number) => id !== brokerId && isActiveBroker(ctx.image, id);
  const changes = places.map((place) =>
    partitionChange(ctx, {
      ...place,
      isr: place.partition.isr.filter((id) => id !== brokerId),
      election: electionOf(ctx, place.topic.name),
      isAcceptable,
    }),
  );
  return present(changes);
}

function present<T>(items: readonly (T | undefined)[]): T[] {
  return items.filter((item) => item !== undefined);
}
