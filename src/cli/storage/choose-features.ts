import type { KafkaConfig } from '../../broker/kafka-config.ts';
import type { ArgparseValues } from '../parsers/argparse-parser.ts';
import { parseFeatureLevel } from '../text/feature-level.ts';
import { JavaError } from '../tool.ts';
import {
  jbodMetadataVersion,
  latestMetadataVersion,
  type MetadataVersion,
  metadataVersionOf,
  metadataVersionOfLevel,
  unstableMetadataVersions,
} from './metadata-versions.ts';

/** Ends the tool with a message of its own, Kafka's TerseFailure. */
export type Refuse = (message: string) => never;

/** What a disk is formatted with, by `--release-version` or `--feature`. Throws JavaError. */
export function chooseMetadataVersion(
  { values }: ArgparseValues,
  config: KafkaConfig,
  refuse: Refuse,
): MetadataVersion {
  const release = values.get('release-version')?.[0];
  const levels = featureLevels(values.get('feature') ?? []);
  if (release !== undefined && values.has('feature')) {
    refuse('Both --release-version and --feature were set. Only one of the two flags can be set.');
  }
  const version = versionOf(release, levels.get('metadata.version'), refuse);
  if (1 < config.logDirs.length && version.level < jbodMetadataVersion.level) {
    refuse(
      `Invalid configuration for metadata version: requirement failed: Multiple log directories (aka JBOD) are not supported in the current MetadataVersion ${version.name}. Need ${jbodMetadataVersion.name} or higher`,
    );
  }
  return version;
}

/**
 * `--feature kraft.version=N` must agree with whether voters are dynamic (KIP-853).
 * Simplified: Kafka 3.9 asks for metadata.version 3.9-IV0 as well, which 3.8 does not have.
 */
export function checkKraftVersion(
  { values }: ArgparseValues,
  isDynamic: boolean,
  refuse: Refuse,
): void {
  const level = featureLevels(values.get('feature') ?? []).get('kraft.version');
  if (level === undefined) return;
  const hint = 'Try removing the --feature flag for kraft.version.';
  if (level === 0 && isDynamic) {
    refuse(`Cannot set kraft.version to 0 if KIP-853 configuration is present. ${hint}`);
  }
  if (level !== 0 && !isDynamic) {
    refuse(`Cannot set kraft.version to ${level} unless KIP-853 configuration is present. ${hint}`);
  }
  if (1 < level) {
    const message = `No feature:kraft.version with feature level ${level}`;
    throw new JavaError('java.lang.IllegalArgumentException', message);
  }
}

/** Features that 3.8's tool does not know are of no effect there either. */
function featureLevels(features: readonly string[]): ReadonlyMap<string, number> {
  const refuse = (message: string) => new JavaError('java.lang.RuntimeException', message);
  const parsed = features.map((text) => parseFeatureLevel(text, refuse));
  return new Map(parsed.map(({ name, level }) => [name, level]));
}

function versionOf(
  release: string | undefined,
  level: number | undefined,
  refuse: Refuse,
): MetadataVersion {
  const javaName = 'java.lang.IllegalArgumentException';
  const unstable = unstableMetadataVersions.find(
    (each) => each.level === level || each.name === release,
  );
  if (unstable !== undefined) {
    refuse(`The metadata.version ${unstable.name} is not ready for production use yet.`);
  }
  if (release !== undefined) {
    if (/^(?:0\.|1\.|2\.)\d+/.test(release)) {
      refuse('Must specify a valid KRaft metadata.version of at least 3.0-IV0.');
    }
    const version = metadataVersionOf(release);
    if (version !== undefined) return version;
    throw new JavaError(javaName, `Version ${release} is not a valid version`);
  }
  if (level === undefined) return latestMetadataVersion;
  const version = metadataVersionOfLevel(level);
  if (version !== undefined) return version;
  throw new JavaError(javaName, `No MetadataVersion with feature level ${level}`);
}
