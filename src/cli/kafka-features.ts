import type { ExitCode, Program } from '../base/program.ts';
import type { Admin } from '../client/admin.ts';
import { ClientError } from '../client/client-errors.ts';
import { describeFeatures, type FeatureUpdate, updateFeatures } from '../client/feature-admin.ts';
import { type ArgparseCall, argparseProgram, withArgparseAdmin } from './argparse-tool.ts';
import { featuresSpec } from './options/features-options.ts';
import {
  metadataVersionNames,
  metadataVersionOf,
  metadataVersionOfLevel,
  unstableMetadataVersions,
} from './storage/metadata-versions.ts';
import { type FeatureLevel, parseFeatureLevel } from './text/feature-level.ts';
import { describeError, JavaError, javaNameOf } from './tool.ts';

/** `kafka-features.sh`: Kafka's FeatureCommand. */
export const kafkaFeatures: Program = argparseProgram('kafka-features.sh', featuresSpec, run);

const metadataVersion = 'metadata.version';
/** 3.3-IV0: levels before it cannot be named here. */
const firstNamedLevel = 4;

async function run(call: ArgparseCall): Promise<ExitCode> {
  try {
    await withArgparseAdmin(call, 'command-config', async (admin) => {
      if (call.parsed.command === 'describe') await describe(call, admin);
      else await update(call, admin);
    });
    return 0;
  } catch (error) {
    if (javaNameOf(error) === undefined || !(error instanceof Error)) throw error;
    call.output.err(error instanceof ClientError ? describeError(error) : error.message);
    return 1;
  }
}

async function describe({ output }: ArgparseCall, admin: Admin): Promise<void> {
  const { features, epoch } = await describeFeatures(admin);
  for (const { name, minVersion, maxVersion, finalizedLevel } of features.toSorted(byName)) {
    const cells = [
      `Feature: ${name}`,
      `SupportedMinVersion: ${levelName(name, minVersion)}`,
      `SupportedMaxVersion: ${levelName(name, maxVersion)}`,
      `FinalizedVersionLevel: ${levelName(name, finalizedLevel)}`,
      `Epoch: ${epoch ?? '-'}`,
    ];
    output.out(cells.join('\t'));
  }
}

function levelName(feature: string, level: number): string {
  if (feature !== metadataVersion) return String(level);
  return metadataVersionOfLevel(level)?.name ?? `UNKNOWN ${level}`;
}

async function update({ output, parsed }: ArgparseCall, admin: Admin): Promise<void> {
  const command = parsed.command ?? '';
  const updates = updatesOf(command, parsed.values);
  if (updates.length === 0) {
    throw refused(`You must specify at least one feature to ${command}`);
  }
  const isDryRun = parsed.values.has('dry-run');
  const errors = await updateOrErrors(admin, updates, isDryRun);
  for (const each of updates.toSorted(byName)) {
    output.out(outcomeLine(command, isDryRun, each, errors.get(each.name)));
  }
  if (0 < errors.size) {
    throw refused(`${errors.size} out of ${updates.length} operation(s) failed.`);
  }
}

/** What went wrong, by feature; where there is no answer it is the same for all. */
async function updateOrErrors(
  admin: Admin,
  updates: readonly FeatureUpdate[],
  isDryRun: boolean,
): Promise<ReadonlyMap<string, ClientError>> {
  try {
    return await updateFeatures(admin, updates, isDryRun);
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return new Map(updates.map(({ name }) => [name, error]));
  }
}

function outcomeLine(
  command: string,
  isDryRun: boolean,
  { name, level }: FeatureUpdate,
  error: ClientError | undefined,
): string {
  const isDisabling = command === 'disable';
  if (error === undefined) {
    const done = isDisabling ? 'disabled.' : `${command}d to ${level}.`;
    return `${name}${isDryRun ? ' can be ' : ' was '}${done}`;
  }
  const what = isDisabling ? `disable ${name}` : `${command} ${name} to ${level}`;
  return `${isDryRun ? 'Can not ' : 'Could not '}${what}. ${error.message}`;
}

function updatesOf(
  command: string,
  values: ReadonlyMap<string, readonly string[]>,
): readonly FeatureUpdate[] {
  const downgradeType = values.has('unsafe') ? 'unsafeDowngrade' : 'safeDowngrade';
  const upgradeType = command === 'upgrade' ? 'upgrade' : downgradeType;
  const updates = new Map<string, FeatureUpdate>();
  const metadata = values.get('metadata')?.[0];
  if (metadata !== undefined) {
    const level = levelOfMetadataVersion(metadata);
    updates.set(metadataVersion, { name: metadataVersion, level, upgradeType });
  }
  for (const text of values.get('feature') ?? []) {
    const { name, level } = command === 'disable' ? { name: text, level: 0 } : parseFeature(text);
    if (updates.has(name)) throw refused(`Feature ${name} was specified more than once.`);
    updates.set(name, { name, level, upgradeType });
  }
  return [...updates.values()];
}

function levelOfMetadataVersion(text: string): number {
  const known =
    metadataVersionOf(text) ?? unstableMetadataVersions.find(({ name }) => name === text);
  if (known !== undefined) return known.level;
  // Versions of before KRaft have negative levels, which no update takes.
  const [, major = '9', minor = '9'] = /^(\d+)\.(\d+)(?:\.\d+)?(?:-IV\d+)?$/.exec(text) ?? [];
  const isOld = Number(major) < 3 || (major === '3' && minor === '0');
  if (isOld) throw refused('Cannot specify a negative version level.');
  const names = metadataVersionNames.slice(firstNamedLevel - 1).join(', ');
  throw refused(`Unsupported metadata.version ${text}. Supported metadata.version are ${names}`);
}

function parseFeature(text: string): FeatureLevel {
  const feature = parseFeatureLevel(text, refused);
  if (feature.level < 0) throw refused('Cannot specify a negative version level.');
  return feature;
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}

function refused(message: string): JavaError {
  return new JavaError('org.apache.kafka.server.util.TerseException', message);
}
