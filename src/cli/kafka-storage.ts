import { writeFileAtomically } from '../base/file-system.ts';
import type { ExitCode, Program, ProgramContext } from '../base/program.ts';
import { ConfigException } from '../broker/config-exception.ts';
import { KafkaConfig } from '../broker/kafka-config.ts';
import { uuidFromRandomBytes } from '../protocol/uuid.ts';
import { writeMetaProperties } from '../storage/meta-properties.ts';
import { storageSpec } from './options/storage-options.ts';
import { type ArgparseValues, parseArgparse } from './parsers/argparse-parser.ts';
import { bootstrapCheckpoint, bootstrapCheckpointName } from './storage/bootstrap-checkpoint.ts';
import {
  findLogDirectories,
  type LogDirectory,
  rawMetaProperties,
  verifyDirectories,
} from './storage/log-directories.ts';
import {
  jbodMetadataVersion,
  latestMetadataVersion,
  type MetadataVersion,
  metadataVersionOf,
  metadataVersionOfLevel,
} from './storage/metadata-versions.ts';
import { ExitError, JavaError, readPropertiesFile, runTool, type ToolOutput } from './tool.ts';

interface Call {
  readonly ctx: ProgramContext;
  readonly output: ToolOutput;
  readonly parsed: ArgparseValues;
}

/** `kafka-storage.sh`: Kafka's StorageTool. */
export const kafkaStorage: Program = {
  name: 'kafka-storage.sh',
  run: (ctx) => runTool(ctx, (output) => run(ctx, output)),
};

async function run(ctx: ProgramContext, output: ToolOutput): Promise<ExitCode> {
  const outcome = parseArgparse(storageSpec, ctx.args);
  if (outcome.kind === 'help') {
    output.write(outcome.text);
    return 0;
  }
  if (outcome.kind === 'error') {
    output.writeError(outcome.text);
    return 1;
  }
  const call = { ctx, output, parsed: outcome.parsed };
  switch (outcome.parsed.command) {
    case 'random-uuid':
      output.out(randomUuid(ctx));
      return 0;
    case 'info':
      return await info(call, await readConfig(call));
    default:
      return await format(call, await readConfig(call));
  }
}

function randomUuid(ctx: ProgramContext): string {
  for (;;) {
    const uuid = uuidFromRandomBytes(ctx.random.bytes(16));
    if (uuid !== undefined) return uuid;
  }
}

async function readConfig({ ctx, parsed }: Call): Promise<KafkaConfig> {
  const properties = await readPropertiesFile(ctx, parsed.values.get('config')?.[0] ?? '');
  try {
    return KafkaConfig.of(properties);
  } catch (error) {
    if (!(error instanceof ConfigException)) throw error;
    throw configFailure(error);
  }
}

function configFailure(cause: ConfigException): JavaError {
  const javaName = 'org.apache.kafka.common.config.ConfigException';
  return new JavaError(javaName, cause.message, { cause });
}

function directoryNames(config: KafkaConfig): readonly string[] {
  return [...config.logDirs, config.metadataLogDir];
}

async function info({ ctx, output }: Call, config: KafkaConfig): Promise<ExitCode> {
  const directories = await findLogDirectories(ctx, directoryNames(config));
  const found = directories.filter(isUsable);
  const problems = directories.flatMap(problemOf);
  const formatted = directories.find(({ state }) => state === 'formatted');
  if (0 < found.length) {
    output.out(found.length === 1 ? 'Found log directory:' : 'Found log directories:');
    for (const { name } of found) output.out(`  ${name}`);
    output.out();
  }
  if (formatted !== undefined) {
    const properties = await rawMetaProperties(ctx, formatted);
    const shown = properties.map(([key, value]) => `${key}=${value}`).join(', ');
    output.out(`Found metadata: {${shown}}`);
    output.out();
  }
  if (problems.length === 0) return 0;
  output.out(problems.length === 1 ? 'Found problem:' : 'Found problems:');
  for (const problem of problems.toSorted()) output.out(`  ${problem}`);
  output.out();
  return 1;
}

function isUsable({ state }: LogDirectory): boolean {
  return state === 'empty' || state === 'formatted';
}

function problemOf({ name, state }: LogDirectory): string[] {
  if (state === 'missing') return [`${name} does not exist`];
  if (state === 'not-a-directory') return [`${name} is not a directory`];
  return state === 'empty' ? [`${name} is not formatted.`] : [];
}

async function format(call: Call, config: KafkaConfig): Promise<ExitCode> {
  const { ctx, output, parsed } = call;
  const version = chooseMetadataVersion(call, config);
  if (parsed.values.has('add-scram')) {
    terse(output, 'SCRAM is not supported yet: --add-scram is to come.');
  }
  const clusterId = parsed.values.get('cluster-id')?.[0] ?? '';
  const directories = await findLogDirectories(ctx, directoryNames(config));
  verifyDirectories(directories, { clusterId, nodeId: config.nodeId });
  const formatted = directories.find(({ state }) => state === 'formatted');
  if (formatted !== undefined && !parsed.values.has('ignore-formatted')) {
    terse(
      output,
      `Log directory ${formatted.name} is already formatted. Use --ignore-formatted to ignore this directory and format the others.`,
    );
  }
  for (const { name, state } of directories) {
    if (state !== 'not-a-directory') continue;
    output.out(`I/O error trying to read log directory ${name}. Ignoring...`);
  }
  const unformatted = directories.filter(({ state }) => state === 'empty' || state === 'missing');
  if (unformatted.length === 0) {
    output.out('All of the log directories are already formatted.');
    return 0;
  }
  for (const { name, path } of unformatted) {
    output.out(`Formatting ${name} with metadata.version ${version.name}.`);
    await formatDirectory(ctx, path, { clusterId, nodeId: config.nodeId, level: version.level });
  }
  return 0;
}

async function formatDirectory(
  ctx: ProgramContext,
  path: string,
  what: { readonly clusterId: string; readonly nodeId: number; readonly level: number },
): Promise<void> {
  const { files, clock } = ctx;
  await files.makeDirectory(path);
  const { clusterId, nodeId, level } = what;
  const meta = { version: 1, clusterId, nodeId, directoryId: randomUuid(ctx) };
  await writeMetaProperties(files, path, meta, clock.nowMs());
  const checkpoint = bootstrapCheckpoint(level, clock.nowMs());
  await writeFileAtomically(files, `${path}/${bootstrapCheckpointName}`, checkpoint);
  await files.flushDirectory(path);
}

function chooseMetadataVersion({ output, parsed }: Call, config: KafkaConfig): MetadataVersion {
  const release = parsed.values.get('release-version')?.[0];
  const feature = parsed.values
    .get('feature')
    ?.find((each) => each.startsWith('metadata.version='));
  if (release !== undefined && parsed.values.has('feature')) {
    terse(
      output,
      'Both --release-version and --feature were set. Only one of the two flags can be set.',
    );
  }
  const version = versionOf(release, feature) ?? latestMetadataVersion;
  if (1 < config.logDirs.length && version.level < jbodMetadataVersion.level) {
    terse(
      output,
      `Invalid configuration for metadata version: requirement failed: Multiple log directories (aka JBOD) are not supported in the current MetadataVersion ${version.name}. Need ${jbodMetadataVersion.name} or higher`,
    );
  }
  return version;
}

function versionOf(
  release: string | undefined,
  feature: string | undefined,
): MetadataVersion | undefined {
  if (release !== undefined) {
    const version = metadataVersionOf(release);
    if (version !== undefined) return version;
    const javaName = 'java.lang.IllegalArgumentException';
    throw new JavaError(javaName, `Version ${release} is not a valid version`);
  }
  if (feature === undefined) return undefined;
  const level = Number(feature.slice('metadata.version='.length));
  const version = metadataVersionOfLevel(level);
  if (version !== undefined) return version;
  const javaName = 'java.lang.IllegalArgumentException';
  throw new JavaError(javaName, `No MetadataVersion with feature level ${level}`);
}

/** Kafka's TerseFailure: the message alone, on standard error. */
function terse(output: ToolOutput, message: string): never {
  output.err(message);
  throw new ExitError(1);
}
