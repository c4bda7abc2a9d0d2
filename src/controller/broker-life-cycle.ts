import type { ControllerContext } from './controller-context.ts';
import { type BrokerRegistration, isActiveBroker, NO_LEADER } from './metadata-image.ts';
import type { MetadataRecordInput } from './metadata-record.ts';
import { type PartitionPlace, partitionChange, partitionsOf } from './partition-change.ts';

/** Takes a broker out of service: its partitions get other leaders, or none (`handleBrokerFenced`). */
export function fenceBroker(
  ctx: ControllerContext,
  { brokerId, brokerEpoch }: BrokerRegistration,
): MetadataRecordInput[] {
  return [
    ...removeFromIsrs(ctx, brokerId),
    {
      kind: 'BrokerRegistrationChangeRecord',
      version: 0,
      message: { brokerId, brokerEpoch, fenced: 1 },
    },
  ];
}

/** Puts a broker into service: it leads what has no leader and has it in its ISR (`handleBrokerUnfenced`). */
export function unfenceBroker(
  ctx: ControllerContext,
  { brokerId, brokerEpoch }: BrokerRegistration,
): MetadataRecordInput[] {
  const isAcceptable = (id: number) => id === brokerId || isActiveBroker(ctx.image, id);
  const changes = [...partitionsOf(ctx.image.topics.byId.values())]
    .filter(
      ({ partition }) => partition.leader === NO_LEADER && partition.replicas.includes(brokerId),
    )
    .map((place) => partitionChange(ctx, { ...place, election: 'online', isAcceptable }));
  return [
    {
      kind: 'BrokerRegistrationChangeRecord',
      version: 0,
      message: { brokerId, brokerEpoch, fenced: -1 },
    },
    ...present(changes),
  ];
}

/** A broker that wants to go hands its leaderships over first (`handleBrokerInControlledShutdown`). */
export function beginControlledShutdown(
  ctx: ControllerContext,
  { brokerId, brokerEpoch, inControlledShutdown }: BrokerRegistration,
): MetadataRecordInput[] {
  const changes = removeFromIsrs(ctx, brokerId);
  if (inControlledShutdown) return changes;
  return [
    {
      kind: 'BrokerRegistrationChangeRecord',
      version: 1,
      message: { brokerId, brokerEpoch, inControlledShutdown: 1 },
    },
    ...changes,
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

function removeFromIsrs(ctx: ControllerContext, brokerId: number): MetadataRecordInput[] {
  const isAcceptable = (id: number) => id !== brokerId && isActiveBroker(ctx.image, id);
  const remove = (place: PartitionPlace) =>
    partitionChange(ctx, {
      ...place,
      isr: place.partition.isr.filter((id) => id !== brokerId),
      election: 'online',
      isAcceptable,
    });
  const changes = [...partitionsOf(ctx.image.topics.byId.values())]
    .filter(({ partition }) => partition.isr.includes(brokerId))
    .map(remove);
  return present(changes);
}

function present<T>(items: readonly (T | undefined)[]): T[] {
  return items.filter((item) => item !== undefined);
}
