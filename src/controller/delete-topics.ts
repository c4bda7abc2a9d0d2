import { errorCodeOf } from '../protocol/error-codes.ts';
import type {
  DeletableTopicResult,
  DeleteTopicState,
  DeleteTopicsRequest,
  DeleteTopicsResponse,
} from '../protocol/schemas/20-delete-topics.ts';
import { ZERO_UUID } from '../protocol/uuid.ts';
import {
  type ApiError,
  apiError,
  type ControllerContext,
  type ControllerResult,
  duplicatesOf,
  noError,
} from './controller-context.ts';
import type { MetadataImage, TopicImage, Uuid } from './metadata-image.ts';
import type { MetadataRecordInput } from './metadata-record.ts';

/** DeleteTopics (20): by name, and since v6 by id (KIP-516). */
export function deleteTopics(
  { image, settings }: ControllerContext,
  request: DeleteTopicsRequest,
): ControllerResult<DeleteTopicsResponse> {
  const wanted = wantedTopics(request);
  const duplicates = duplicatesOf(wanted.map(({ name, topicId }) => name ?? topicId));
  const records: MetadataRecordInput[] = [];
  const deleted = new Set<Uuid>();
  const responses: DeletableTopicResult[] = [];
  for (const state of wanted) {
    const topic = find(image, state);
    const error = settings.isTopicDeletionEnabled
      ? (formProblem(state, duplicates) ?? topicProblem(state, topic, deleted))
      : apiError('TOPIC_DELETION_DISABLED', 'Topic deletion is disabled.');
    responses.push(result(state, topic, error ?? noError));
    if (error !== undefined || topic === undefined) continue;
    deleted.add(topic.topicId);
    records.push({ kind: 'RemoveTopicRecord', version: 0, message: { topicId: topic.topicId } });
  }
  return { records, response: { throttleTimeMs: 0, responses } };
}

function wantedTopics(request: DeleteTopicsRequest): readonly DeleteTopicState[] {
  const byName = request.topicNames.map((name) => ({ name, topicId: ZERO_UUID }));
  return [...byName, ...request.topics];
}

function find(image: MetadataImage, { name, topicId }: DeleteTopicState): TopicImage | undefined {
  return name === null ? image.topics.byId.get(topicId) : image.topics.byName.get(name);
}

function formProblem(
  { name, topicId }: DeleteTopicState,
  duplicates: ReadonlySet<string>,
): ApiError | undefined {
  const refuse = (message: string) => apiError('INVALID_REQUEST', message);
  const hasId = topicId !== ZERO_UUID;
  if (name === null && !hasId) return refuse('Neither topic name nor id were specified.');
  if (name !== null && hasId) return refuse('You may not specify both topic name and topic id.');
  if (!duplicates.has(name ?? topicId)) return undefined;
  return refuse(name === null ? 'Duplicate topic id.' : 'Duplicate topic name.');
}

function topicProblem(
  { name }: DeleteTopicState,
  topic: TopicImage | undefined,
  deleted: ReadonlySet<Uuid>,
): ApiError | undefined {
  if (topic === undefined) {
    return apiError(name === null ? 'UNKNOWN_TOPIC_ID' : 'UNKNOWN_TOPIC_OR_PARTITION');
  }
  if (!deleted.has(topic.topicId)) return undefined;
  const message = 'The provided topic name maps to an ID that was already supplied.';
  return apiError('INVALID_REQUEST', message);
}

function result(
  state: DeleteTopicState,
  topic: TopicImage | undefined,
  { errorCode, message }: ApiError,
): DeletableTopicResult {
  return {
    name: state.name ?? topic?.name ?? null,
    topicId: topic?.topicId ?? state.topicId,
    errorCode: errorCodeOf(errorCode),
    errorMessage: message,
  };
}
