import type { ConfigType, ConfigValidator, ConfigValue } from './config-validators.ts';

export type ConfigImportance = 'HIGH' | 'MEDIUM' | 'LOW';

/** Whether a broker config can change while the broker runs (KIP-226), and at which level. */
export type ConfigUpdateMode = 'read-only' | 'per-broker' | 'cluster-wide';

/** One config key of a topic or of a broker, as Kafka 3.8.0 defines it. */
export interface ConfigDefinition {
  readonly name: string;
  readonly type: ConfigType;
  /** As text, as Kafka prints it; null is Kafka's null. */
  readonly defaultValue: string | null;
  readonly importance: ConfigImportance;
  readonly updateMode: ConfigUpdateMode;
  readonly isSensitive: boolean;
  /** Broker configs from which a topic config has its default, best first. Empty for brokers. */
  readonly synonyms: readonly ConfigSynonym[];
  readonly validator?: ConfigValidator | undefined;
}

interface ConfigSynonym {
  readonly name: string;
  /** What one unit of the synonym is in units of the config: hours to milliseconds and so on. */
  readonly factor: number;
}

/** A value that Kafka's `ConfigException` would refuse. */
export interface InvalidConfigValue {
  readonly kind: 'invalid';
  /** `Invalid value x for configuration y: …`, in Kafka's words. */
  readonly message: string;
}

export interface ValidConfigValue {
  readonly kind: 'valid';
  readonly value: ConfigValue;
}

/** Parses and validates one text as `ConfigDef.parseType` and the validator do. */
export function parseConfigValue(
  definition: ConfigDefinition,
  text: string,
): ValidConfigValue | InvalidConfigValue {
  const { name, type, validator } = definition;
  const parsed = parseType(type, text);
  if (parsed.kind === 'invalid') return invalid(name, text, parsed.message);
  const problem = validator?.(parsed.value, name);
  if (problem === undefined) return parsed;
  return invalid(name, shownValue(definition, parsed.value), problem);
}

function invalid(name: string, shown: string, problem: string): InvalidConfigValue {
  return {
    kind: 'invalid',
    message: `Invalid value ${shown} for configuration ${name}: ${problem}`,
  };
}

/** A list validator complains of the element, except that of throttled replicas; a double prints as Java's. */
function shownValue(definition: ConfigDefinition, value: ConfigValue): string {
  if (Array.isArray(value)) {
    const bad = value.find(
      (element) => definition.validator?.([element], definition.name) !== undefined,
    );
    return definition.name.endsWith('.throttled.replicas') ? `[${value.join(', ')}]` : String(bad);
  }
  return definition.type === 'DOUBLE' ? formatDouble(Number(value)) : String(value);
}

/** As Java prints a double: always with a fraction, and with an exponent from 10^7 on and below 10^-3. */
function formatDouble(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || (1e-3 <= size && size < 1e7)) {
    return Number.isInteger(value) ? `${value}.0` : String(value);
  }
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${exponent.replace('+', '')}`;
}

const integerLimits = {
  INT: [-2147483648n, 2147483647n],
  LONG: [-9223372036854775808n, 9223372036854775807n],
  SHORT: [-32768n, 32767n],
} as const;

function parseType(type: ConfigType, text: string): ValidConfigValue | InvalidConfigValue {
  const trimmed = text.trim();
  switch (type) {
    case 'BOOLEAN':
      return parseBoolean(trimmed);
    case 'INT':
    case 'LONG':
    case 'SHORT':
      return parseInteger(type, trimmed);
    case 'DOUBLE':
      return parseDouble(trimmed);
    case 'LIST':
      return valid(parseConfigList(trimmed));
    // Simplified: Kafka loads a CLASS and refuses one that it cannot find; here it stays a name.
    case 'CLASS':
    case 'PASSWORD':
    case 'STRING':
      return valid(trimmed);
  }
}

/** Elements of a LIST value, as Kafka splits it: none in an empty text. */
export function parseConfigList(text: string): readonly string[] {
  const trimmed = text.trim();
  return trimmed === '' ? [] : trimmed.split(/\s*,\s*/);
}

function parseBoolean(trimmed: string): ValidConfigValue | InvalidConfigValue {
  const lower = trimmed.toLowerCase();
  if (lower === 'true' || lower === 'false') return valid(lower === 'true');
  return { kind: 'invalid', message: 'Expected value to be either true or false' };
}

function parseInteger(
  type: 'INT' | 'LONG' | 'SHORT',
  trimmed: string,
): ValidConfigValue | InvalidConfigValue {
  const [minimum, maximum] = integerLimits[type];
  if (/^[+-]?\d{1,20}$/.test(trimmed)) {
    const number = BigInt(trimmed.replace(/^\+/, ''));
    if (minimum <= number && number <= maximum) {
      return valid(type === 'LONG' ? number : Number(number));
    }
  }
  return { kind: 'invalid', message: `Not a number of type ${type}` };
}

function parseDouble(trimmed: string): ValidConfigValue | InvalidConfigValue {
  const isDouble = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?[fd]?$/i.test(trimmed);
  if (!isDouble) return { kind: 'invalid', message: 'Not a number of type DOUBLE' };
  return valid(Number(trimmed.replace(/[fd]$/i, '')));
}

function valid(value: ConfigValue): ValidConfigValue {
  return { kind: 'valid', value };
}
