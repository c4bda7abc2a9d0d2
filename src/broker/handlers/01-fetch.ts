import { topicById, topicByName } from '../../controller/metadata-image.ts';
import { errorCodeOf } from '../../protocol/error-codes.ts';
import type { MessageInput } from '../../protocol/schema.ts';
import { type FetchRequest, fetchRequest, fetchResponse } from '../../protocol/schemas/01-fetch.ts';
import type { FetchPartition } from '../fetch-partition.ts';
import type { FetchSource } from '../follower-state.ts';
import { type FetchParams, fetchRecords, type PartitionFetched } from '../log-reader.ts';
import { brokerNode } from '../metadata-lookup.ts';
import type { Isolation } from '../partition-types.ts';
import type { RequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * Fetch (1), v0-17
 *
 * Reads record batches; waits up to `maxWaitMs` for `minBytes`. A batch is never cut; the first one comes
 * even if it is longer than all limits (v3, KIP-74). A follower reads to the log's end, and says with each fetch
 * how far its own log is.
 *
 * - v4: isolation level. v7 (KIP-227): fetch sessions. v9 (KIP-320): leader epochs.
 * - v11 (KIP-392): preferred read replicas; such consumers may also read from followers.
 * - v12: diverging epochs. v13 (KIP-516): topic ids. v15 (KIP-903): the replica's epoch.
 * - v16 (KIP-951): the present leader comes with NOT_LEADER_OR_FOLLOWER and FENCED_LEADER_EPOCH.
 * Simplified: v0-3 have older record formats, which Kafka converts to; here they get UNSUPPORTED_VERSION as
 * soon as there is something to read.
 */
export const fetchRoute = route({
  request: fetchRequest,
  response: fetchResponse,
  handle: handleFetch,
});

type Response = MessageInput<typeof fetchResponse>;
type TopicResponse = NonNullable<Response['responses']>[number];
type PartitionResponse = NonNullable<TopicResponse['partitions']>[number];

async function handleFetch(context: RequestContext, request: FetchRequest): Promise<Response> {
  const { broker, apiVersion, client } = context;
  const { image } = broker.controller;
  const session = broker.fetchSessions.contextFor(
    request,
    13 <= apiVersion,
    (topicId) => topicById(image, topicId)?.name ?? '',
  );
  if (session.kind === 'error') return { errorCode: errorCodeOf(session.errorCode) };
  const scope =
    session.kind === 'full'
      ? { interest: session.interest, all: session.partitions }
      : { interest: session.session, all: undefined };
  try {
    const source = session.session ?? { lastFetchMs: broker.clock.monotonicMs() };
    const params = paramsOf(context, request, source);
    const results = await fetchRecords(broker.replicas, scope, params, (giveUp) =>
      client.onClose(giveUp),
    );
    return {
      sessionId: session.session?.sessionId ?? 0,
      ...answersOf(context, session.kind === 'incremental', results),
    };
  } finally {
    if (session.session === null) for (const each of scope.all ?? []) each.watch(undefined);
  }
}

function paramsOf(
  { broker, apiVersion, client }: RequestContext,
  request: FetchRequest,
  source: FetchSource,
): FetchParams {
  const maxBytes = Math.min(request.maxBytes, broker.config.number('fetch.max.bytes'));
  const followerId = Math.max(request.replicaId, request.replicaState.replicaId);
  const isConsumer = followerId === -1;
  return {
    maxBytes,
    minBytes: Math.min(request.minBytes, maxBytes),
    maxWaitMs: request.maxWaitMs,
    isolation: isolationOf(request),
    hasMinOneMessage: 3 <= apiVersion,
    ...(0 <= followerId && {
      follower: { brokerId: followerId, brokerEpoch: request.replicaState.replicaEpoch, source },
    }),
    ...(isConsumer &&
      11 <= apiVersion && {
        reader: { rackId: request.rackId, listenerName: client.listenerName },
      }),
  };
}

function isolationOf({ replicaId, replicaState, isolationLevel }: FetchRequest): Isolation {
  const isConsumer = replicaId === -1 && replicaState.replicaId === -1;
  if (!isConsumer) return 'log-end';
  return isolationLevel === 1 ? 'committed' : 'high-watermark';
}

function answersOf(
  context: RequestContext,
  isIncremental: boolean,
  results: readonly PartitionFetched[],
): Pick<Response, 'responses' | 'nodeEndpoints'> {
  const topics = new Map<
    string,
    { topic: string; topicId: string; partitions: PartitionResponse[] }
  >();
  const leaders = new Set<number>();
  for (const result of results) {
    const { asked } = result;
    const hasNews = noteSent(result);
    if (isIncremental && !hasNews) continue;
    const key = asked.topicId === '' ? asked.topic : asked.topicId;
    const entry = topics.get(key) ?? { ...topicIdOf(asked), partitions: [] };
    const response = partitionResponse(context, result);
    if (response.currentLeader) leaders.add(response.currentLeader.leaderId ?? -1);
    entry.partitions.push(response);
    topics.set(key, entry);
  }
  return { responses: [...topics.values()], nodeEndpoints: endpoints(context, leaders) };
}

const zeroUuid = 'AAAAAAAAAAAAAAAAAAAAAA';

function topicIdOf({ topic, topicId }: FetchPartition): { topic: string; topicId: string } {
  return { topic, topicId: topicId === '' ? zeroUuid : topicId };
}

function noteSent(result: PartitionFetched): boolean {
  return result.asked.noteSent({
    errorCode: result.errorCode,
    highWatermark: result.highWatermark,
    logStartOffset: result.logStartOffset,
    recordBytes: result.records.byteLength,
    isDiverging: result.divergingEpoch !== null,
    preferredReadReplica: result.preferredReadReplica,
  });
}

function partitionResponse(context: RequestContext, result: PartitionFetched): PartitionResponse {
  const { apiVersion } = context;
  const { asked, divergingEpoch, ...fetched } = result;
  const isOldFormat = apiVersion < 4 && 0 < result.records.byteLength;
  const currentLeader = currentLeaderOf(context, result);
  return {
    partitionIndex: asked.partition,
    ...fetched,
    abortedTransactions: null,
    ...(divergingEpoch !== null && { divergingEpoch }),
    ...(currentLeader !== undefined && { currentLeader }),
    ...(isOldFormat && {
      errorCode: errorCodeOf('UNSUPPORTED_VERSION'),
      records: new Uint8Array(0),
    }),
  };
}

const leaderErrors = new Set([
  errorCodeOf('NOT_LEADER_OR_FOLLOWER'),
  errorCodeOf('FENCED_LEADER_EPOCH'),
]);

function currentLeaderOf({ broker, apiVersion }: RequestContext, result: PartitionFetched) {
  if (apiVersion < 16 || !leaderErrors.has(result.errorCode)) return undefined;
  const { topic, partition } = result.asked;
  const known = topicByName(broker.controller.image, topic)?.partitions[partition];
  return known && { leaderId: known.leader, leaderEpoch: known.leaderEpoch };
}

function endpoints({ broker, client }: RequestContext, leaders: ReadonlySet<number>) {
  return [...leaders]
    .map((leaderId) => brokerNode(broker.controller.image, leaderId, client.listenerName))
    .filter((node) => node !== undefined);
}
