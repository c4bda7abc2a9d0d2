import { topicById } from '../../controller/metadata-image.ts';
import { errorCodeOf } from '../../protocol/error-codes.ts';
import type { MessageInput } from '../../protocol/schema.ts';
import { type FetchRequest, fetchRequest, fetchResponse } from '../../protocol/schemas/01-fetch.ts';
import type { FetchContext, FetchPartition } from '../fetch-session.ts';
import { type FetchParams, fetchRecords, type PartitionFetched } from '../log-reader.ts';
import type { Isolation } from '../partition.ts';
import type { RequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * Fetch (1), v0-17
 *
 * Reads record batches; waits up to `maxWaitMs` for `minBytes`. A batch is never cut; the first one comes
 * even if it is longer than all limits (v3, KIP-74).
 *
 * - v4: isolation level. v7 (KIP-227): fetch sessions. v9 (KIP-320): leader epochs.
 * - v12: diverging epochs. v13 (KIP-516): topic ids. v15 (KIP-903): the replica's epoch.
 * Simplified: v0-3 have older record formats, which Kafka converts to; here they get UNSUPPORTED_VERSION as
 * soon as there is something to read. Not implemented: fetches of followers (they read as debuggers do),
 * preferred read replicas (KIP-392).
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
  const partitions =
    session.kind === 'full' ? session.partitions : [...session.session.partitions.values()];
  const results = await fetchRecords(
    broker.replicas,
    partitions,
    paramsOf(context, request),
    (giveUp) => client.onClose(giveUp),
  );
  return {
    sessionId: session.session?.sessionId ?? 0,
    responses: responsesOf(context, session, partitions, results),
  };
}

function paramsOf({ broker, apiVersion }: RequestContext, request: FetchRequest): FetchParams {
  const maxBytes = Math.min(request.maxBytes, broker.config.number('fetch.max.bytes'));
  return {
    maxBytes,
    minBytes: Math.min(request.minBytes, maxBytes),
    maxWaitMs: request.maxWaitMs,
    isolation: isolationOf(request),
    hasMinOneMessage: 3 <= apiVersion,
  };
}

function isolationOf({ replicaId, replicaState, isolationLevel }: FetchRequest): Isolation {
  const isConsumer = replicaId === -1 && replicaState.replicaId === -1;
  if (!isConsumer) return 'log-end';
  return isolationLevel === 1 ? 'committed' : 'high-watermark';
}

function responsesOf(
  context: RequestContext,
  fetched: Exclude<FetchContext, { kind: 'error' }>,
  partitions: readonly FetchPartition[],
  results: readonly PartitionFetched[],
): readonly TopicResponse[] {
  const topics = new Map<
    string,
    { topic: string; topicId: string; partitions: PartitionResponse[] }
  >();
  for (const [index, asked] of partitions.entries()) {
    const result = results[index];
    if (result === undefined) continue;
    const hasNews = noteSent(fetched, asked, result);
    if (fetched.kind === 'incremental' && !hasNews) continue;
    const key = asked.topicId === '' ? asked.topic : asked.topicId;
    const entry = topics.get(key) ?? { ...topicIdOf(asked), partitions: [] };
    entry.partitions.push(partitionResponse(context, asked, result));
    topics.set(key, entry);
  }
  return [...topics.values()];
}

const zeroUuid = 'AAAAAAAAAAAAAAAAAAAAAA';

function topicIdOf({ topic, topicId }: FetchPartition): { topic: string; topicId: string } {
  return { topic, topicId: topicId === '' ? zeroUuid : topicId };
}

function noteSent(
  fetched: Exclude<FetchContext, { kind: 'error' }>,
  asked: FetchPartition,
  result: PartitionFetched,
): boolean {
  return (
    fetched.session?.noteSent(asked, {
      errorCode: result.errorCode,
      highWatermark: result.highWatermark,
      logStartOffset: result.logStartOffset,
      recordBytes: result.records.byteLength,
      isDiverging: result.divergingEpoch !== null,
    }) ?? true
  );
}

function partitionResponse(
  { apiVersion }: RequestContext,
  { partition: partitionIndex }: FetchPartition,
  result: PartitionFetched,
): PartitionResponse {
  const { divergingEpoch, ...fetched } = result;
  const isOldFormat = apiVersion < 4 && 0 < result.records.byteLength;
  return {
    partitionIndex,
    ...fetched,
    abortedTransactions: null,
    ...(divergingEpoch !== null && { divergingEpoch }),
    ...(isOldFormat && {
      errorCode: errorCodeOf('UNSUPPORTED_VERSION'),
      records: new Uint8Array(0),
    }),
  };
}
