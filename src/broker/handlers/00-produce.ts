import { type ErrorCode, errorCodeOf } from '../../protocol/error-codes.ts';
import type { MessageInput } from '../../protocol/schema.ts';
import {
  type ProduceRequest,
  produceRequest,
  produceResponse,
} from '../../protocol/schemas/00-produce.ts';
import { brokerNode } from '../metadata-lookup.ts';
import type { Partition } from '../partition.ts';
import type { Outcome, RequestContext } from '../request-context.ts';
import { respond } from '../request-context.ts';
import { type Awaitable, route } from '../route.ts';

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

type TopicResponse = { readonly name: string; readonly partitionResponses: PartitionResponse[] };

interface Produced {
  readonly context: RequestContext;
  readonly acks: number;
  readonly requestError: ErrorCode;
  readonly waits: AckWait[];
}

/** Records that are in the leader's log and not yet in all in-sync ones. */
interface AckWait {
  readonly partition: Partition;
  readonly requiredOffset: number;
  /** Turns the partition's answer into an error. */
  readonly fail: (errorCode: ErrorCode) => void;
  isDone: boolean;
}

function handleProduce(
  context: RequestContext,
  request: ProduceRequest,
): Awaitable<Outcome<Response>> {
  const produced = { context, acks: request.acks, requestError: errorOf(request), waits: [] };
  const responses = request.topicData.map(({ name, partitionData }) => ({
    name,
    partitionResponses: partitionData.map(({ index, records }) =>
      append(produced, { topic: name, index, records }),
    ),
  }));
  const { waits } = produced;
  if (waits.length === 0) return outcomeOf(context, request, responses);
  return replicated(context, waits, request.timeoutMs).then(() =>
    outcomeOf(context, request, responses),
  );
}

function outcomeOf(
  context: RequestContext,
  { acks }: ProduceRequest,
  responses: readonly TopicResponse[],
): Outcome<Response> {
  let hasFailed = false;
  const leaders = new Set<number>();
  for (const { partitionResponses } of responses) {
    for (const { errorCode, currentLeader } of partitionResponses) {
      if (errorCode !== 0) hasFailed = true;
      if (currentLeader) leaders.add(currentLeader.leaderId ?? -1);
    }
  }
  if (acks !== 0) return respond({ responses, nodeEndpoints: endpoints(context, leaders) });
  if (!hasFailed) return { kind: 'no-response' };
  return { kind: 'close', reason: 'a produce request with acks=0 failed' };
}

/**
 * Resolves when every in-sync replica has the records of all partitions, the time is over (Kafka's
 * `DelayedProduce`), or nobody waits any more; then the partitions' answers are what they have to be.
 */
function replicated(
  { broker, client }: RequestContext,
  waits: readonly AckWait[],
  timeoutMs: number,
): Promise<void> {
  return new Promise((resolve) => {
    let pendingCount = waits.length;
    const { timeouts, scheduler } = broker.replicas;
    const giveUps: (() => void)[] = [];
    const giveUpAll = () => {
      for (const giveUp of giveUps) giveUp();
      for (const { fail, isDone } of waits) if (!isDone) fail('REQUEST_TIMED_OUT');
      end();
    };
    const end = () => {
      cancelTimeout();
      forgetConnection();
      resolve();
    };
    const cancelTimeout = timeouts.add(timeoutMs, giveUpAll);
    const forgetConnection = client.onClose(() => scheduler.soon(giveUpAll));
    for (const wait of waits) {
      const giveUp = wait.partition.awaitReplicated(wait.requiredOffset, (errorCode) => {
        wait.isDone = true;
        if (errorCode !== 'NONE') wait.fail(errorCode);
        pendingCount -= 1;
        if (pendingCount === 0) end();
      });
      giveUps.push(giveUp);
    }
  });
}

function errorOf({ transactionalId, acks }: ProduceRequest): ErrorCode {
  if (transactionalId !== null) return 'INVALID_REQUEST';
  return acks === 0 || acks === 1 || acks === -1 ? 'NONE' : 'INVALID_REQUIRED_ACKS';
}

function append(
  { context, acks, requestError, waits }: Produced,
  { topic, index, records }: { topic: string; index: number; records: Uint8Array | null },
): PartitionResponse {
  const { replicas } = context.broker;
  if (requestError !== 'NONE') return failure(index, requestError);
  const partition = replicas.leader(topic, index);
  if (typeof partition === 'string') return withLeader(context, topic, failure(index, partition));
  const result = replicas.append(partition, records ?? noBytes, { acks, origin: 'client' });
  if (result.kind === 'error') {
    // As Kafka: only what is wrong with single records is told in words, all else by its code alone.
    const message = 0 < result.recordErrors.length ? result.message : undefined;
    return {
      ...failure(index, result.errorCode, message),
      logStartOffset: partition.logStartOffset,
      recordErrors: result.recordErrors.map(({ batchIndex, message }) => ({
        batchIndex,
        batchIndexErrorMessage: message,
      })),
    };
  }
  const response: PartitionResponse = {
    index,
    errorCode: 0,
    baseOffset: result.firstOffset,
    logAppendTimeMs: result.logAppendTime,
    logStartOffset: result.logStartOffset,
  };
  const requiredOffset = result.lastOffset + 1;
  if (acks === -1 && !partition.isAcknowledged(requiredOffset)) {
    const fail = (errorCode: ErrorCode) => {
      Object.assign(response, withLeader(context, topic, failure(index, errorCode)));
    };
    waits.push({ partition, requiredOffset, fail, isDone: false });
  }
  return response;
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
  const isMoved = response.errorCode === errorCodeOf('NOT_LEADER_OR_FOLLOWER');
  if (apiVersion < 10 || !isMoved) return response;
  const known = broker.controller.image.topics.byName.get(topic)?.partitions[response.index ?? -1];
  if (known === undefined) return response;
  return { ...response, currentLeader: { leaderId: known.leader, leaderEpoch: known.leaderEpoch } };
}

function endpoints({ broker, client }: RequestContext, leaders: ReadonlySet<number>) {
  return [...leaders]
    .map((leaderId) => brokerNode(broker.controller.image, leaderId, client.listenerName))
    .filter((node) => node !== undefined);
}
