/** Kafka's config types (`ConfigDef.Type`). */
export type ConfigType =
  | 'BOOLEAN'
  | 'CLASS'
  | 'DOUBLE'
  | 'INT'
  | 'LIST'
  | 'LONG'
  | 'PASSWORD'
  | 'SHORT'
  | 'STRING';

/** A parsed value: LONG is a bigint because its limits are Kafka's "no limit" defaults. */
export type ConfigValue = boolean | number | bigint | string | readonly string[];

/** Answers what is wrong with a parsed value, in Kafka's words, or undefined. */
export type ConfigValidator = (value: ConfigValue, name: string) => string | undefined;

export function atLeast(minimum: number): ConfigValidator {
  return (value) => (toNumber(value) < minimum ? `Value must be at least ${minimum}` : undefined);
}

export function between(minimum: number, maximum: number): ConfigValidator {
  return (value) => {
    const number = toNumber(value);
    if (number < minimum) return `Value must be at least ${minimum}`;
    return maximum < number ? `Value must be no more than ${maximum}` : undefined;
  };
}

/** For STRING the value, for LIST each element. */
export function oneOf(...allowed: readonly string[]): ConfigValidator {
  return (value) => {
    const elements = Array.isArray(value) ? value : [value];
    if (elements.every((element) => allowed.includes(element))) return undefined;
    return `String must be one of: ${allowed.join(', ')}`;
  };
}

export function oneOfIgnoringCase(...allowed: readonly string[]): ConfigValidator {
  return (value) =>
    allowed.includes(String(value).toUpperCase())
      ? undefined
      : `String must be one of (case insensitive): ${allowed.join(', ')}`;
}

export function nonEmpty(value: ConfigValue): string | undefined {
  return value === '' ? 'String must be non-empty' : undefined;
}

export function gzipLevel(value: ConfigValue): string | undefined {
  const level = toNumber(value);
  if (level === -1 || (1 <= level && level <= 9)) return undefined;
  return 'Value must be between 1 and 9 or equal to -1';
}

const throttledReplica = /^\d+:\d+$/;

export function throttledReplicas(value: ConfigValue, name: string): string | undefined {
  const elements = Array.isArray(value) ? value : [];
  if (elements.length === 1 && elements[0] === '*') return undefined;
  if (elements.every((element) => throttledReplica.test(element))) return undefined;
  return `${name} must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],...`;
}

const releases =
  '0.8.0 0.8.1 0.8.2 0.9.0 0.10.0-IV1 0.10.1-IV2 0.10.2-IV0 0.11.0-IV2 1.0-IV0 1.1-IV0 2.0-IV1 2.1-IV2 ' +
  '2.2-IV1 2.3-IV1 2.4-IV1 2.5-IV0 2.6-IV0 2.7-IV2 2.8-IV1 3.0-IV1 3.1-IV0 3.2-IV0 3.3-IV3 3.4-IV0 3.5-IV2 3.6-IV2 3.7-IV4 3.8-IV0 3.9-IV0';

/** `3.0`, `3.0-IV1`, `3.0.2`: a release, or a metadata version of one. */
export function metadataVersionName(value: ConfigValue): string | undefined {
  const text = String(value);
  const known = releases.split(' ').some((latest) => isVersionOf(text, latest));
  return known ? undefined : `Version ${text} is not a valid version`;
}

/** `latest` is a release's last metadata version, such as 3.3-IV3: it has IV0 to IV3. */
function isVersionOf(text: string, latest: string): boolean {
  const [release = '', lastIv] = latest.split('-IV');
  if (text === release || text.startsWith(`${release}.`)) return true;
  const [head, iv] = text.split('-IV');
  if (head !== release || iv === undefined || lastIv === undefined) return false;
  return /^\d$/.test(iv) && Number(iv) <= Number(lastIv);
}

function toNumber(value: ConfigValue): number {
  return typeof value === 'bigint' ? Number(value) : (value as number);
}
