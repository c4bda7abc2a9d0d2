import { type ErrorCode, errorCodeOf } from '../../protocol/error-codes.ts';
import type { MessageInput } from '../../protocol/schema.ts';
import {
  type ProduceRequest,
  produceRequest,
  produceResponse,
} from '../../protocol/schemas/00-produce.ts';
import { brokerNode } from '../metadata-lookup.ts';
import type { Outcome, RequestContext } from '../request-context.ts';
import { respond } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * Produce (0), v0-11
 *
 * Appends record batches. With acks=0 nobody is answered; a client whose records failed then sees its
 * connection closed, which makes it look for the leader anew.
 *
 * - v3: record batches in format 2; older formats are refused with UNSUPPORTED_FOR_MESSAGE_FORMAT.
 * - v8 (KIP-467): errors of single records. v10 (KIP-951): the present leader comes with NOT_LEADER_OR_FOLLOWER.
 * Not implemented: transactional ids (refused with INVALID_REQUEST for every partition).
 */
export const produceRoute = route({
  request: produceRequest,
  response: produceResponse,
  handle: handleProduce,
  fail: (request, errorCode) => ({
    responses: request.topicData.map(({ name, partitionData }) => ({
      name,
      partitionResponses: partitionData.map(({ index }) => ({ index, errorCode, baseOffset: -1 })),
    })),
  }),
});

type Response = MessageInput<typeof produceResponse>;
type PartitionResponse = NonNullable<
  NonNullable<Response['responses']>[number]['partitionResponses']
>[number];

interface Produced {
  readonly context: RequestContext;
  readonly acks: number;
  readonly requestError: ErrorCode;
}

function handleProduce(context: RequestContext, request: ProduceRequest): Outcome<Response> {
  const produced = { context, acks: request.acks, requestError: errorOf(request) };
  let hasFailed = false;
  const leaders = new Set<number>();
  const responses = [];
  for (const { name, partitionData } of request.topicData) {
    const partitionResponses = [];
    for (const { index, records } of partitionData) {
      const response = append(produced, { topic: name, index, records });
      if (response.errorCode !== 0) hasFailed = true;
      if (response.currentLeader) leaders.add(response.currentLeader.leaderId ?? -1);
      partitionResponses.push(response);
    }
    responses.push({ name, partitionResponses });
  }
  if (request.acks !== 0) return respond({ responses, nodeEndpoints: endpoints(context, leaders) });
  if (!hasFailed) return { kind: 'no-response' };
  return { kind: 'close', reason: 'a produce request with acks=0 failed' };
}

function errorOf({ transactionalId, acks }: ProduceRequest): ErrorCode {
  if (transactionalId !== null) return 'INVALID_REQUEST';
  return acks === 0 || acks === 1 || acks === -1 ? 'NONE' : 'INVALID_REQUIRED_ACKS';
}

function append(
  { context, acks, requestError }: Produced,
  { topic, index, records }: { topic: string; index: number; records: Uint8Array | null },
): PartitionResponse {
  const { replicas } = context.broker;
  if (requestError !== 'NONE') return failure(index, requestError);
  const partition = replicas.leader(topic, index);
  if (typeof partition === 'string') return withLeader(context, topic, failure(index, partition));
  const result = replicas.append(partition, records ?? noBytes, { acks, origin: 'client' });
  if (result.kind === 'error') {
    return {
      ...failure(index, result.errorCode, result.message),
      logStartOffset: partition.logStartOffset,
      recordErrors: result.recordErrors.map(({ batchIndex, message }) => ({
        batchIndex,
        batchIndexErrorMessage: message,
      })),
    };
  }
  return {
    index,
    errorCode: 0,
    baseOffset: result.firstOffset,
    logAppendTimeMs: result.logAppendTime,
    logStartOffset: result.logStartOffset,
  };
}

const noBytes = new Uint8Array(0);

function failure(index: number, errorCode: ErrorCode, errorMessage?: string): PartitionResponse {
  return {
    index,
    errorCode: errorCodeOf(errorCode),
    baseOffset: -1,
    errorMessage: errorMessage ?? null,
  };
}

function withLeader(
  { broker, apiVersion }: RequestContext,
  topic: string,
  response: PartitionResponse,
): PartitionResponse {
  if (apiVersion < 10) return response;
  const known = broker.controller.image.topics.byName.get(topic)?.partitions[response.index ?? -1];
  if (known === undefined) return response;
  return { ...response, currentLeader: { leaderId: known.leader, leaderEpoch: known.leaderEpoch } };
}

function endpoints({ broker, client }: RequestContext, leaders: ReadonlySet<number>) {
  return [...leaders]
    .map((leaderId) => brokerNode(broker.controller.image, leaderId, client.listenerName))
    .filter((node) => node !== undefined);
}
