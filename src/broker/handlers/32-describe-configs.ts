import {
  configResourceTypes,
  topicByName,
  topicConfigOverrides,
} from '../../controller/metadata-image.ts';
import {
  brokerConfigs,
  internalBrokerConfigs,
  replicationThrottles,
} from '../../controller/schemas/broker-configs.ts';
import { topicConfigs } from '../../controller/schemas/topic-configs.ts';
import { type ErrorCode, errorCodeOf } from '../../protocol/error-codes.ts';
import type { MessageInput } from '../../protocol/schema.ts';
import {
  type DescribeConfigsRequest,
  describeConfigsRequest,
  describeConfigsResponse,
} from '../../protocol/schemas/32-describe-configs.ts';
import {
  brokerLayers,
  configSources,
  configTypeIds,
  type EffectiveConfig,
  effectiveBrokerConfig,
  effectiveTopicConfig,
} from '../config-layers.ts';
import type { NodeRequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * DescribeConfigs (32), v0-4
 *
 * Every config of topics and of this broker: value, where it comes from, and what else is said about it.
 *
 * - v1: synonyms and sources (KIP-226). v3: types (KIP-569).
 * Not implemented: documentation texts; levels of loggers (BROKER_LOGGER).
 */
export const describeConfigsRoute = route({
  request: describeConfigsRequest,
  response: describeConfigsResponse,
  handle: (context, request) => ({
    results: request.resources.map((resource) => describe(context, request, resource)),
  }),
});

type Result = NonNullable<MessageInput<typeof describeConfigsResponse>['results']>[number];
type Resource = DescribeConfigsRequest['resources'][number];

function describe(
  context: NodeRequestContext,
  request: DescribeConfigsRequest,
  resource: Resource,
): Result {
  const { resourceType, resourceName } = resource;
  const configs = configsOf(context, resource);
  if ('errorCode' in configs) {
    const { errorMessage } = configs;
    const errorCode = errorCodeOf(configs.errorCode);
    return { errorCode, errorMessage, resourceType, resourceName, configs: [] };
  }
  const keys = resource.configurationKeys;
  const wanted = keys === null || keys.length === 0 ? null : new Set(keys);
  return {
    errorCode: 0,
    errorMessage: null,
    resourceType,
    resourceName,
    configs: configs
      .filter(({ definition }) => wanted === null || wanted.has(definition.name))
      .map((config) =>
        entryOf(context, config, { resourceType, includeSynonyms: request.includeSynonyms }),
      ),
  };
}

interface Failure {
  readonly errorCode: ErrorCode;
  readonly errorMessage: string;
}

function configsOf(
  context: NodeRequestContext,
  { resourceType, resourceName }: Resource,
): readonly EffectiveConfig[] | Failure {
  switch (resourceType) {
    case configResourceTypes.TOPIC:
      return topicConfigsOf(context, resourceName);
    case configResourceTypes.BROKER:
      return brokerConfigsOf(context, resourceName);
    case configResourceTypes.BROKER_LOGGER:
      return {
        errorCode: 'INVALID_REQUEST',
        errorMessage: 'This broker has no loggers to describe.',
      };
    default:
      return {
        errorCode: 'INVALID_REQUEST',
        errorMessage: `Unsupported resource type: ${resourceType}`,
      };
  }
}

function topicConfigsOf(
  { broker }: NodeRequestContext,
  topic: string,
): readonly EffectiveConfig[] | Failure {
  const { image } = broker.controller;
  if (topicByName(image, topic) === undefined) {
    return { errorCode: 'UNKNOWN_TOPIC_OR_PARTITION', errorMessage: '' };
  }
  const overrides = topicConfigOverrides(image, topic);
  const layers = brokerLayers(image, broker.config);
  return [...topicConfigs.values()].map((definition) =>
    effectiveTopicConfig(definition, overrides, layers),
  );
}

function brokerConfigsOf(
  { broker }: NodeRequestContext,
  name: string,
): readonly EffectiveConfig[] | Failure {
  const layers = brokerLayers(broker.controller.image, broker.config);
  const definitions = [...brokerConfigs.values()].filter(
    (definition) => !internalBrokerConfigs.has(definition.name),
  );
  if (name === '') {
    // The cluster-wide defaults: only what is set.
    const fixed = new Map<string, string>();
    const onlyDefaults = { dynamic: fixed, dynamicDefault: layers.dynamicDefault, fixed };
    return definitions
      .filter((definition) => layers.dynamicDefault.has(definition.name))
      .map((definition) => withoutDefault(effectiveBrokerConfig(definition, onlyDefaults)));
  }
  if (name !== `${broker.nodeId}`) {
    return {
      errorCode: 'INVALID_REQUEST',
      errorMessage: `Unexpected broker id, expected ${broker.nodeId} or empty string, but received ${name}`,
    };
  }
  const throttles = [...replicationThrottles.values()].filter((each) =>
    layers.dynamic.has(each.name),
  );
  return [...definitions, ...throttles].map((definition) =>
    effectiveBrokerConfig(definition, layers),
  );
}

function withoutDefault(config: EffectiveConfig): EffectiveConfig {
  const synonyms = config.synonyms.filter(({ source }) => source !== configSources.DEFAULT);
  return { ...config, synonyms };
}

function entryOf(
  { apiVersion }: NodeRequestContext,
  { definition, value, source, synonyms }: EffectiveConfig,
  { resourceType, includeSynonyms }: { resourceType: number; includeSynonyms: boolean },
) {
  const { isSensitive, updateMode, type, name } = definition;
  const isTopic = resourceType === configResourceTypes.TOPIC;
  return {
    name,
    value: isSensitive ? null : value,
    readOnly: !isTopic && updateMode === 'read-only',
    ...(apiVersion === 0 && { isDefault: source === configSources.DEFAULT }),
    configSource: source,
    isSensitive,
    synonyms: includeSynonyms
      ? synonyms.map((synonym) => (isSensitive ? { ...synonym, value: null } : synonym))
      : [],
    configType: configTypeIds[type],
    documentation: null,
  };
}
