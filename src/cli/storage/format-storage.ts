import { writeFileAtomically } from '../../base/file-system.ts';
import type { ExitCode, ProgramContext } from '../../base/program.ts';
import type { KafkaConfig } from '../../broker/kafka-config.ts';
import { uuidFromRandomBytes } from '../../protocol/uuid.ts';
import { writeMetaProperties } from '../../storage/meta-properties.ts';
import type { ArgparseCall } from '../argparse-tool.ts';
import { resolvePath, type ToolOutput, terse } from '../tool.ts';
import { bootstrapCheckpoint, bootstrapCheckpointName } from './bootstrap-checkpoint.ts';
import { checkKraftVersion, chooseMetadataVersion } from './choose-features.ts';
import { type DynamicVoter, parseDynamicVoters } from './dynamic-voters.ts';
import { findLogDirectories, type LogDirectory, verifyDirectories } from './log-directories.ts';
import type { MetadataVersion } from './metadata-versions.ts';
import { votersCheckpoint, votersCheckpointName } from './voters-checkpoint.ts';

/** What all directories are formatted with. */
interface Format {
  readonly clusterId: string;
  readonly nodeId: number;
  readonly version: MetadataVersion;
  /** As it stands in the configuration. */
  readonly metadataLogDir: string;
  readonly controllerListenerName: string;
  /** Undefined: the configuration names the voters (kraft.version 0). */
  readonly voters: readonly DynamicVoter[] | undefined;
}

/** `kafka-storage.sh format`. */
export async function formatStorage(call: ArgparseCall, config: KafkaConfig): Promise<ExitCode> {
  const { ctx, output, parsed } = call;
  const refuse = (message: string) => terse(output, message);
  const version = chooseMetadataVersion(parsed, config, refuse);
  if (parsed.values.has('add-scram')) {
    refuse('SCRAM is not supported yet: --add-scram is to come.');
  }
  const voters = initialVoters(call, config);
  checkKraftVersion(parsed, voters !== undefined, refuse);
  const { nodeId, metadataLogDir } = config;
  const clusterId = parsed.values.get('cluster-id')?.[0] ?? '';
  const directories = await findLogDirectories(ctx, [...config.logDirs, metadataLogDir]);
  verifyDirectories(directories, { clusterId, nodeId });
  refuseFormatted(call, directories);
  const unformatted = directories.filter(({ state }) => state === 'empty' || state === 'missing');
  if (unformatted.length === 0) {
    output.out('All of the log directories are already formatted.');
    return 0;
  }
  const controllerListenerName = config.controllerListenerNames[0] ?? 'CONTROLLER';
  const format = { clusterId, nodeId, version, metadataLogDir, controllerListenerName, voters };
  for (const directory of unformatted) {
    output.out(`Formatting ${described(directory, format)} with metadata.version ${version.name}.`);
    await formatDirectory(ctx, directory, format);
  }
  return 0;
}

export function randomUuid({ random }: ProgramContext): string {
  for (;;) {
    const uuid = uuidFromRandomBytes(random.bytes(16));
    if (uuid !== undefined) return uuid;
  }
}

/** The voters that a quorum begins with (KIP-853, Kafka 3.9); undefined where they are static. */
function initialVoters(
  { ctx, output, parsed }: ArgparseCall,
  config: KafkaConfig,
): readonly DynamicVoter[] | undefined {
  const { values } = parsed;
  if (values.has('no-initial-controllers')) return undefined;
  if (values.has('standalone')) return [standaloneVoter(ctx, output, config)];
  const text = values.get('initial-controllers')?.[0];
  if (text !== undefined) return parseDynamicVoters(text);
  if (config.roles.has('controller') && config.voters.length === 0) {
    terse(
      output,
      'Because controller.quorum.voters is not set on this controller, you must specify one of the following: --standalone, --initial-controllers, or --no-initial-controllers.',
    );
  }
  return undefined;
}

function standaloneVoter(
  ctx: ProgramContext,
  output: ToolOutput,
  config: KafkaConfig,
): DynamicVoter {
  if (!config.roles.has('controller')) {
    terse(output, 'You can only use --standalone on a controller.');
  }
  const name = config.controllerListenerNames[0];
  const isFirst = (listener: { listenerName: string }) => listener.listenerName === name;
  const listener = config.advertisedControllerListeners.find(isFirst);
  const host = listener?.host ?? '';
  return {
    nodeId: config.nodeId,
    host: host === '' ? 'localhost' : host,
    port: listener?.port ?? 0,
    directoryId: randomUuid(ctx),
  };
}

function refuseFormatted(
  { output, parsed }: ArgparseCall,
  directories: readonly LogDirectory[],
): void {
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
  if (directories.every(({ state }) => state === 'not-a-directory')) {
    terse(output, 'No available log directories to format.');
  }
}

/** As Kafka 3.8 says it, and where voters are dynamic as 3.9 does. */
function described({ name }: LogDirectory, { voters, nodeId, metadataLogDir }: Format): string {
  if (voters === undefined) return name;
  if (name !== metadataLogDir) return `data directory ${name}`;
  const isVoter = voters.some((voter) => voter.nodeId === nodeId);
  return `dynamic metadata ${isVoter ? 'voter ' : ''}directory ${name}`;
}

async function formatDirectory(
  ctx: ProgramContext,
  { name, path }: LogDirectory,
  format: Format,
): Promise<void> {
  const { files, clock } = ctx;
  const { clusterId, nodeId, version, voters, metadataLogDir, controllerListenerName } = format;
  const isMetadataDirectory = resolvePath(ctx, name) === resolvePath(ctx, metadataLogDir);
  const own = voters?.find((voter) => voter.nodeId === nodeId);
  // A voter's directory has the id by which the others know it.
  const directoryId = (isMetadataDirectory ? own?.directoryId : undefined) ?? randomUuid(ctx);
  await files.makeDirectory(path);
  const nowMs = clock.nowMs();
  const checkpoint = bootstrapCheckpoint(version.level, nowMs);
  await writeFileAtomically(files, `${path}/${bootstrapCheckpointName}`, checkpoint);
  if (isMetadataDirectory && voters !== undefined) {
    const folder = `${path}/__cluster_metadata-0`;
    await files.makeDirectory(folder);
    const content = votersCheckpoint(voters, controllerListenerName, nowMs);
    await writeFileAtomically(files, `${folder}/${votersCheckpointName}`, content);
    await files.flushDirectory(folder);
  }
  await writeMetaProperties(files, path, { version: 1, clusterId, nodeId, directoryId }, nowMs);
  await files.flushDirectory(path);
}
