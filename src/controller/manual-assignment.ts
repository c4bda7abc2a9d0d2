import { type ApiError, apiError } from './controller-context.ts';
import type { MetadataImage } from './metadata-image.ts';

/** What is wrong with replicas that somebody chose by hand, in Kafka's words, or undefined. */
export function manualAssignmentProblem(
  image: MetadataImage,
  brokerIds: readonly number[],
  replicationFactor: number | undefined,
): ApiError | undefined {
  const refuse = (message: string) => apiError('INVALID_REPLICA_ASSIGNMENT', message);
  if (brokerIds.length === 0) {
    return refuse('The manual partition assignment includes an empty replica list.');
  }
  const sorted = brokerIds.toSorted((a, b) => a - b);
  for (const [i, id] of sorted.entries()) {
    if (!image.brokers.has(id)) {
      return refuse(
        `The manual partition assignment includes broker ${id}, but no such broker is registered.`,
      );
    }
    if (sorted[i - 1] === id) {
      return refuse(`The manual partition assignment includes the broker ${id} more than once.`);
    }
  }
  if (replicationFactor === undefined || replicationFactor === brokerIds.length) return undefined;
  return refuse(
    `The manual partition assignment includes a partition with ${brokerIds.length} replica(s), but this is not consistent with previous partitions, which have ${replicationFactor} replica(s).`,
  );
}
