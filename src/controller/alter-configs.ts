import { errorCodeOf } from '../protocol/error-codes.ts';
import type {
  AlterConfigsRequest,
  AlterConfigsResponse,
} from '../protocol/schemas/33-alter-configs.ts';
import type {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from '../protocol/schemas/44-incremental-alter-configs.ts';
import { validateBrokerConfigs } from './broker-config-validation.ts';
import { parseConfigList } from './config-definition.ts';
import {
  type ApiError,
  apiError,
  type ControllerContext,
  type ControllerResult,
  duplicatesOf,
  noError,
  RECORDS_PER_REQUEST_MAX,
} from './controller-context.ts';
import { electUnclean } from './elect-leaders.ts';
import { MetadataDelta } from './metadata-delta.ts';
import { configOverrides, configResourceTypes } from './metadata-image.ts';
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  type MetadataRecordInput,
} from './metadata-record.ts';
import { brokerConfigs } from './schemas/broker-configs.ts';
import { topicConfigs } from './schemas/topic-configs.ts';
import { topicConfigDefault, validateTopicConfigs } from './topic-config-validation.ts';

interface ConfigResource {
  readonly resourceType: number;
  readonly resourceName: string;
}

interface ConfigChange {
  readonly name: string;
  readonly value: string | null;
}

interface ConfigOperation extends ConfigChange {
  readonly configOperation: number;
}

/** Kafka's `AlterConfigOp.OpType`. */
const operations = { set: 0, delete: 1, append: 2, subtract: 3 } as const;

/** Kafka's client metrics subscriptions (KIP-714). */
const clientMetricsConfigs: ReadonlySet<string> = new Set(['interval.ms', 'match', 'metrics']);

/** IncrementalAlterConfigs (44, KIP-339): what is not named stays. */
export function incrementalAlterConfigs(
  ctx: ControllerContext,
  request: IncrementalAlterConfigsRequest,
): ControllerResult<IncrementalAlterConfigsResponse> {
  return alterAll(ctx, request, (resource, configs) => {
    const form = operationsProblem(configs);
    return form ?? operate(ctx, resource, configs);
  });
}

/** AlterConfigs (33), deprecated: what is not named goes back to its default. */
export function alterConfigs(
  ctx: ControllerContext,
  request: AlterConfigsRequest,
): ControllerResult<AlterConfigsResponse> {
  return alterAll(ctx, request, (resource, configs) => {
    const sets = configs.map((config) => ({ ...config, configOperation: operations.set }));
    const form = operationsProblem(sets);
    if (form !== undefined) return form;
    const named = new Set(configs.map(({ name }) => name));
    const { resourceType, resourceName } = resource;
    const absent = [...configOverrides(ctx.image, resourceType, resourceName).keys()]
      .filter((name) => !named.has(name))
      .map((name) => ({ name, value: null }));
    return [...configs, ...absent];
  });
}

interface AlterRequest<C> {
  readonly resources: readonly (ConfigResource & { readonly configs: readonly C[] })[];
  readonly validateOnly: boolean;
}

function alterAll<C>(
  ctx: ControllerContext,
  request: AlterRequest<C>,
  changesOf: (
    resource: ConfigResource,
    configs: readonly C[],
  ) => readonly ConfigChange[] | ApiError,
): ControllerResult<AlterConfigsResponse> {
  const keyOf = ({ resourceType, resourceName }: ConfigResource) =>
    `${resourceType}:${resourceName}`;
  const duplicates = duplicatesOf(request.resources.map(keyOf));
  const records: MetadataRecordInput[] = [];
  const responses = request.resources.map(({ resourceType, resourceName, configs }) => {
    const resource = { resourceType, resourceName };
    const changes = duplicates.has(keyOf(resource))
      ? apiError('INVALID_REQUEST', 'Each resource must appear at most once.')
      : changesOf(resource, configs);
    const outcome = 'errorCode' in changes ? changes : decide(ctx, resource, changes);
    const { errorCode, message } = 'errorCode' in outcome ? outcome : noError;
    if (!('errorCode' in outcome)) records.push(...outcome);
    return { errorCode: errorCodeOf(errorCode), errorMessage: message, resourceType, resourceName };
  });
  return {
    records: request.validateOnly ? [] : [...records, ...uncleanElections(ctx, records)],
    response: { throttleTimeMs: 0, responses },
  };
}

/** Whoever allows unclean elections wants one now where a leader is missing. */
function uncleanElections(
  ctx: ControllerContext,
  records: readonly MetadataRecordInput[],
): readonly MetadataRecordInput[] {
  const isAbout = (record: MetadataRecordInput) =>
    record.kind === 'ConfigRecord' && record.message.name === 'unclean.leader.election.enable';
  if (!records.some(isAbout)) return [];
  const delta = new MetadataDelta(ctx.image);
  for (const record of records) delta.replay(decodeMetadataRecord(encodeMetadataRecord(record)));
  const after = { ...ctx, image: delta.apply(ctx.image.provenance) };
  return electUnclean(after, RECORDS_PER_REQUEST_MAX - records.length);
}

/** Validates the resource with all changes made, and answers the records of what really changes. */
function decide(
  ctx: ControllerContext,
  resource: ConfigResource,
  changes: readonly ConfigChange[],
): readonly MetadataRecordInput[] | ApiError {
  const { resourceType, resourceName } = resource;
  const before = configOverrides(ctx.image, resourceType, resourceName);
  const after = new Map(before);
  const changed = new Map<string, string>();
  const records: MetadataRecordInput[] = [];
  for (const { name, value } of changes) {
    if (value === null) after.delete(name);
    else after.set(name, value);
    if (value !== null) changed.set(name, value);
    // A broker reloads files whose path has not changed: an equal value is news to it (KAFKA-14136).
    const isNews =
      (before.get(name) ?? null) !== value || resourceType === configResourceTypes.BROKER;
    if (isNews)
      records.push({ kind: 'ConfigRecord', version: 0, message: { ...resource, name, value } });
  }
  return validateResource(ctx, resource, after, changed) ?? records;
}

function validateResource(
  ctx: ControllerContext,
  { resourceType, resourceName }: ConfigResource,
  after: ReadonlyMap<string, string>,
  changed: ReadonlyMap<string, string>,
): ApiError | undefined {
  switch (resourceType) {
    case configResourceTypes.TOPIC:
      return topicProblem(ctx, resourceName) ?? validateTopicConfigs(ctx.settings, after);
    case configResourceTypes.BROKER:
      return brokerProblem(ctx, resourceName) ?? validateBrokerConfigs(ctx, resourceName, changed);
    case configResourceTypes.CLIENT_METRICS:
      return clientMetricsProblem(resourceName, after);
    default:
      return apiError(
        'INVALID_REQUEST',
        `Unexpected resource type ${resourceTypeName(resourceType)}.`,
      );
  }
}

function resourceTypeName(resourceType: number): string {
  return resourceType === configResourceTypes.BROKER_LOGGER ? 'BROKER_LOGGER' : 'UNKNOWN';
}

function topicProblem({ image }: ControllerContext, name: string): ApiError | undefined {
  if (name === '') return apiError('INVALID_REQUEST', 'Default topic resources are not allowed.');
  if (image.topics.byName.has(name)) return undefined;
  return apiError('UNKNOWN_TOPIC_OR_PARTITION', `The topic '${name}' does not exist.`);
}

function brokerProblem({ image }: ControllerContext, name: string): ApiError | undefined {
  if (name === '') return undefined;
  if (!/^[+-]?\d{1,10}$/.test(name)) {
    return apiError('INVALID_REQUEST', 'Unable to parse broker name as a base 10 number.');
  }
  const id = Number(name);
  if (id < 0) return apiError('INVALID_REQUEST', 'Invalid negative broker ID.');
  if (image.brokers.has(id) || image.controllers.has(id)) return undefined;
  return apiError('BROKER_ID_NOT_REGISTERED', `No node with id ${id} found.`);
}

function clientMetricsProblem(
  name: string,
  after: ReadonlyMap<string, string>,
): ApiError | undefined {
  if (name === '')
    return apiError('INVALID_REQUEST', 'Default client-metrics resources are not allowed.');
  const unknown = [...after.keys()].find((key) => !clientMetricsConfigs.has(key));
  if (unknown === undefined) return undefined;
  return apiError('INVALID_CONFIG', `Unknown client-metrics configuration: ${unknown}`);
}

function operationsProblem(configs: readonly ConfigOperation[]): ApiError | undefined {
  const refuse = (message: string) => apiError('INVALID_REQUEST', message);
  const names = configs.map(({ name }) => name);
  if (new Set(names).size < names.length) return refuse('Error due to duplicate config keys');
  const isNull = ({ configOperation, value }: ConfigOperation) =>
    value === null && configOperation !== operations.delete;
  const nulls = configs.filter(isNull).map(({ name }) => name);
  return 0 < nulls.length ? refuse(`Null value not supported for : ${nulls.join(',')}`) : undefined;
}

function operate(
  ctx: ControllerContext,
  resource: ConfigResource,
  configs: readonly ConfigOperation[],
): readonly ConfigChange[] | ApiError {
  const changes: ConfigChange[] = [];
  for (const config of configs) {
    const { configOperation, name, value } = config;
    if (configOperation === operations.set) changes.push({ name, value });
    else if (configOperation === operations.delete) changes.push({ name, value: null });
    else {
      const change = changeList(ctx, resource, config);
      if ('errorCode' in change) return change;
      changes.push(change);
    }
  }
  return changes;
}

/** APPEND and SUBTRACT work on what the list is now, its default included. */
function changeList(
  ctx: ControllerContext,
  resource: ConfigResource,
  { configOperation, name, value }: ConfigOperation,
): ConfigChange | ApiError {
  if (configOperation !== operations.append && configOperation !== operations.subtract) {
    return apiError('INVALID_REQUEST', `Unknown operation type ${configOperation}.`);
  }
  const verb = configOperation === operations.append ? 'APPEND' : 'SUBTRACT';
  const isTopic = resource.resourceType === configResourceTypes.TOPIC;
  const definition = (isTopic ? topicConfigs : brokerConfigs).get(name);
  if (definition?.type !== 'LIST') {
    return apiError('INVALID_CONFIG', `Can't ${verb} to key ${name} because its type is not LIST.`);
  }
  const overrides = configOverrides(ctx.image, resource.resourceType, resource.resourceName);
  const current = isTopic
    ? topicConfigDefault(ctx.settings, name, overrides)
    : (overrides.get(name) ?? definition.defaultValue);
  const elements = new Set(parseConfigList(current ?? ''));
  for (const element of parseConfigList(value ?? '')) {
    if (configOperation === operations.append) elements.add(element);
    else elements.delete(element);
  }
  return { name, value: [...elements].join(',') };
}
