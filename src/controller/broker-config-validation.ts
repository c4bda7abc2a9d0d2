import { parseConfigValue } from './config-definition.ts';
import { type ApiError, apiError, type ControllerContext } from './controller-context.ts';
import { brokerConfigOverrides } from './metadata-image.ts';
import { brokerConfigs } from './schemas/broker-configs.ts';
import { brokerConfigDefault } from './topic-config-validation.ts';

/** Pools whose size may at most double or halve at a time (`DynamicThreadPool`). */
const threadPools: ReadonlySet<string> = new Set([
  'background.threads',
  'num.io.threads',
  'num.network.threads',
  'num.recovery.threads.per.data.dir',
  'num.replica.fetchers',
]);

const listenerPrefix = /^listener\.name\.[^.]*\.(.*)$/;

/**
 * What is wrong with dynamic broker configs, in Kafka's words (`DynamicBrokerConfig.validate`), or undefined.
 * `resourceName` is a broker id, or '' for the cluster-wide default.
 */
export function validateBrokerConfigs(
  ctx: ControllerContext,
  resourceName: string,
  changed: ReadonlyMap<string, string>,
): ApiError | undefined {
  const fixed = [...changed.keys()].filter((name) => modeOf(name) === 'read-only');
  if (0 < fixed.length) {
    return refuse(`Cannot update these configs dynamically: ${formatSet(fixed)}`);
  }
  const perBroker = [...changed.keys()].filter((name) => modeOf(name) === 'per-broker');
  if (resourceName === '' && 0 < perBroker.length) {
    return refuse(
      `Cannot update these configs at default cluster level, broker id must be specified: ${formatSet(perBroker)}`,
    );
  }
  for (const [name, text] of changed) {
    const problem = valueProblem(ctx, resourceName, name, text);
    if (problem !== undefined) return refuse(problem);
  }
  return undefined;
}

/** Names that Kafka does not know are let through: custom ones of plugins. */
function modeOf(name: string): string | undefined {
  const [, unprefixed] = listenerPrefix.exec(name) ?? [];
  return brokerConfigs.get(unprefixed ?? name)?.updateMode;
}

function valueProblem(
  ctx: ControllerContext,
  resourceName: string,
  name: string,
  text: string,
): string | undefined {
  const definition = brokerConfigs.get(name);
  if (definition === undefined) return undefined;
  const parsed = parseConfigValue(definition, text);
  if (parsed.kind === 'invalid') return parsed.message;
  if (!threadPools.has(name)) return undefined;
  return threadProblem(name, Number(parsed.value), currentValue(ctx, resourceName, name));
}

function currentValue(ctx: ControllerContext, resourceName: string, name: string): number {
  const { image, settings } = ctx;
  const own =
    resourceName === '' ? undefined : brokerConfigOverrides(image, Number(resourceName)).get(name);
  const text =
    own ?? brokerConfigOverrides(image, '').get(name) ?? brokerConfigDefault(settings, name);
  return Number(text);
}

function threadProblem(name: string, value: number, current: number): string | undefined {
  const limit = threadLimit(value, current);
  if (limit === undefined) return undefined;
  return `Invalid value org.apache.kafka.common.config.ConfigException: Dynamic thread count update validation failed for ${name}=${value}, ${limit} for configuration Invalid dynamic configuration`;
}

function threadLimit(value: number, current: number): string | undefined {
  if (value === current) return undefined;
  if (value <= 0) return 'value should be at least 1';
  if (value < Math.floor(current / 2))
    return `value should be at least half the current value ${current}`;
  return current * 2 < value
    ? `value should not be greater than double the current value ${current}`
    : undefined;
}

function formatSet(names: readonly string[]): string {
  return `Set(${names.join(', ')})`;
}

function refuse(message: string): ApiError {
  return apiError('INVALID_REQUEST', message);
}
