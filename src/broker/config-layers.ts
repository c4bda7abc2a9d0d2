import type { ConfigDefinition } from '../controller/config-definition.ts';
import type { ConfigType } from '../controller/config-validators.ts';
import { brokerConfigOverrides, type MetadataImage } from '../controller/metadata-image.ts';
import { brokerConfigs } from '../controller/schemas/broker-configs.ts';
import type { KafkaConfig } from './kafka-config.ts';

/** Where a value comes from (Kafka's `ConfigSource` on the wire). */
export const configSources = {
  DYNAMIC_TOPIC: 1,
  DYNAMIC_BROKER: 2,
  DYNAMIC_DEFAULT_BROKER: 3,
  STATIC_BROKER: 4,
  DEFAULT: 5,
} as const;

/** Kafka's `ConfigType` on the wire. */
export const configTypeIds: Readonly<Record<ConfigType, number>> = {
  BOOLEAN: 1,
  STRING: 2,
  INT: 3,
  SHORT: 4,
  LONG: 5,
  DOUBLE: 6,
  LIST: 7,
  CLASS: 8,
  PASSWORD: 9,
};

export interface ConfigSynonymValue {
  readonly name: string;
  readonly value: string;
  readonly source: number;
}

export interface EffectiveConfig {
  readonly definition: ConfigDefinition;
  /** null: not set, and no default. */
  readonly value: string | null;
  readonly source: number;
  /** All that is said about the value, the one that holds first. */
  readonly synonyms: readonly ConfigSynonymValue[];
}

/** What a broker's own configuration is made of, the strongest first. */
export interface BrokerLayers {
  readonly dynamic: ReadonlyMap<string, string>;
  readonly dynamicDefault: ReadonlyMap<string, string>;
  readonly fixed: ReadonlyMap<string, string>;
}

export function brokerLayers(image: MetadataImage, config: KafkaConfig): BrokerLayers {
  return {
    dynamic: brokerConfigOverrides(image, config.nodeId),
    dynamicDefault: brokerConfigOverrides(image, ''),
    fixed: config.properties,
  };
}

/** Broker configs that say the same in other units, the strongest first (`DynamicBrokerConfig.brokerConfigSynonyms`). */
const unitSynonyms: readonly (readonly string[])[] = [
  ['log.roll.ms', 'log.roll.hours'],
  ['log.roll.jitter.ms', 'log.roll.jitter.hours'],
  ['log.flush.interval.ms', 'log.flush.scheduler.interval.ms'],
  ['log.retention.ms', 'log.retention.minutes', 'log.retention.hours'],
];

export function effectiveTopicConfig(
  definition: ConfigDefinition,
  overrides: ReadonlyMap<string, string>,
  layers: BrokerLayers,
): EffectiveConfig {
  const { name } = definition;
  const said = definition.synonyms.flatMap((synonym) => saidOf(synonym.name, layers));
  said.sort((left, right) => left.source - right.source);
  const own = overrides.get(name);
  const ownSynonym = { name, value: own ?? '', source: configSources.DYNAMIC_TOPIC };
  const shown = shownSynonyms(said, definition.synonyms[0]?.name);
  const synonyms = own === undefined ? shown : [ownSynonym, ...shown];
  const source = synonyms[0]?.source ?? configSources.DEFAULT;
  if (own !== undefined) return { definition, value: own, source, synonyms };
  const [strongest] = said;
  const factor = definition.synonyms.find((synonym) => synonym.name === strongest?.name)?.factor;
  const value = strongest === undefined ? null : scale(strongest.value, factor ?? 1);
  return { definition, value: value ?? definition.defaultValue, source, synonyms };
}

export function effectiveBrokerConfig(
  definition: ConfigDefinition,
  layers: BrokerLayers,
): EffectiveConfig {
  const { name } = definition;
  const group = unitSynonyms.find((names) => names.includes(name));
  const said = (group ?? [name]).flatMap((synonym) => saidOf(synonym, layers));
  said.sort((left, right) => left.source - right.source);
  const synonyms = shownSynonyms(said, name);
  return {
    definition,
    value: synonyms[0]?.value ?? definition.defaultValue,
    source: synonyms[0]?.source ?? configSources.DEFAULT,
    synonyms,
  };
}

/** As Kafka: what is said under other names counts only behind the first mention of the config's own one. */
function shownSynonyms(
  said: readonly ConfigSynonymValue[],
  name: string | undefined,
): readonly ConfigSynonymValue[] {
  const first = said.findIndex((synonym) => synonym.name === name);
  return first < 0 ? [] : said.slice(first);
}

function saidOf(name: string, { dynamic, dynamicDefault, fixed }: BrokerLayers) {
  const said: ConfigSynonymValue[] = [];
  const add = (value: string | null | undefined, source: number) => {
    if (value !== undefined && value !== null) said.push({ name, value, source });
  };
  add(dynamic.get(name), configSources.DYNAMIC_BROKER);
  add(dynamicDefault.get(name), configSources.DYNAMIC_DEFAULT_BROKER);
  add(fixed.get(name), configSources.STATIC_BROKER);
  add(brokerConfigs.get(name)?.defaultValue, configSources.DEFAULT);
  return said;
}

/** A value in hours or minutes as milliseconds; -1 (no limit) stays. */
function scale(value: string, factor: number): string {
  return factor === 1 || Number(value) < 0 ? value : String(Number(value) * factor);
}
