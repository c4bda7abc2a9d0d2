import { parseConfigValue } from './config-definition.ts';
import { type ApiError, apiError, type ControllerSettings } from './controller-context.ts';
import { brokerConfigs } from './schemas/broker-configs.ts';
import { topicConfigs } from './schemas/topic-configs.ts';

/** What is wrong with a topic's overrides, in Kafka's words (`LogConfig.validate`), or undefined. */
export function validateTopicConfigs(
  settings: ControllerSettings,
  overrides: ReadonlyMap<string, string>,
): ApiError | undefined {
  for (const name of overrides.keys()) {
    if (!topicConfigs.has(name)) return invalid(`Unknown topic config name: ${name}`);
  }
  // In the order of the definitions, as Kafka parses.
  for (const [name, definition] of topicConfigs) {
    const text = overrides.get(name);
    const parsed = text === undefined ? undefined : parseConfigValue(definition, text);
    if (parsed?.kind === 'invalid') return invalid(parsed.message);
  }
  return validateTogether(settings, overrides);
}

function validateTogether(
  settings: ControllerSettings,
  overrides: ReadonlyMap<string, string>,
): ApiError | undefined {
  const value = (name: string) => BigInt(topicConfigDefault(settings, name, overrides) ?? '0');
  const minimum = value('min.compaction.lag.ms');
  const maximum = value('max.compaction.lag.ms');
  if (maximum < minimum) {
    return invalid(
      `conflict topic config setting min.compaction.lag.ms (${minimum}) > max.compaction.lag.ms (${maximum})`,
    );
  }
  // Not there: tiered storage (KIP-405), as in a Kafka where remote.log.storage.system.enable is false.
  if (overrides.get('remote.storage.enable')?.trim().toLowerCase() !== 'true') return undefined;
  return invalid(
    'Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.',
  );
}

/** A topic config's value where only overrides and server.properties speak, not dynamic broker configs. */
export function topicConfigDefault(
  settings: ControllerSettings,
  name: string,
  overrides: ReadonlyMap<string, string>,
): string | undefined {
  const own = overrides.get(name);
  if (own !== undefined) return own.trim();
  const definition = topicConfigs.get(name);
  for (const synonym of definition?.synonyms ?? []) {
    const text = settings.staticConfigs.get(synonym.name);
    if (text === undefined) continue;
    const isLimit = synonym.factor !== 1 && 0 <= Number(text);
    return isLimit ? String(BigInt(text.trim()) * BigInt(synonym.factor)) : text.trim();
  }
  return definition?.defaultValue ?? undefined;
}

/** The static value of a broker config, or its default. */
export function brokerConfigDefault(
  settings: ControllerSettings,
  name: string,
): string | undefined {
  return settings.staticConfigs.get(name) ?? brokerConfigs.get(name)?.defaultValue ?? undefined;
}

function invalid(message: string): ApiError {
  return apiError('INVALID_CONFIG', message);
}
