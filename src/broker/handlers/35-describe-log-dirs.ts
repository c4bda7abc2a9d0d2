import type { MessageInput } from '../../protocol/schema.ts';
import {
  type DescribeLogDirsRequest,
  describeLogDirsRequest,
  describeLogDirsResponse,
} from '../../protocol/schemas/35-describe-log-dirs.ts';
import type { Partition } from '../partition.ts';
import type { RequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * DescribeLogDirs (35), v0-4
 *
 * What lies in each of `log.dirs`, in bytes.
 *
 * - v4 (KIP-827): size of the volume. Hosts do not tell, so it is -1, Kafka's "unknown".
 */
export const describeLogDirsRoute = route({
  request: describeLogDirsRequest,
  response: describeLogDirsResponse,
  handle: handleDescribeLogDirs,
});

type Response = MessageInput<typeof describeLogDirsResponse>;

function handleDescribeLogDirs(
  { broker }: RequestContext,
  request: DescribeLogDirsRequest,
): Response {
  const asked = request.topics;
  const isAsked = ({ topic, partitionIndex }: Partition) =>
    asked === null ||
    asked.some((one) => one.topic === topic && one.partitions.includes(partitionIndex));
  const partitions = [...broker.replicas.partitions()].filter(isAsked);
  return {
    results: broker.config.logDirs.map((logDir) => {
      const inside = partitions.filter(({ log }) => log.folder.startsWith(`${logDir}/`));
      return { errorCode: 0, logDir, topics: byTopic(inside), totalBytes: -1, usableBytes: -1 };
    }),
  };
}

function byTopic(partitions: readonly Partition[]) {
  const topics = new Map<string, Partition[]>();
  for (const partition of partitions) {
    const group = topics.get(partition.topic) ?? [];
    group.push(partition);
    topics.set(partition.topic, group);
  }
  return [...topics].map(([name, group]) => ({
    name,
    partitions: group.map(({ partitionIndex, log }) => ({
      partitionIndex,
      partitionSize: log.sizeBytes,
      offsetLag: Math.max(0, log.highWatermark - log.logEndOffset),
      isFutureKey: false,
    })),
  }));
}
