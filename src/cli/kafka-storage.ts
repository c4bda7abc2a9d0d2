import type { ExitCode, Program, ProgramContext } from '../base/program.ts';
import { ConfigException } from '../broker/config-exception.ts';
import { KafkaConfig } from '../broker/kafka-config.ts';
import type { ArgparseCall } from './argparse-tool.ts';
import { dynamicStorageSpec } from './options/storage-options.ts';
import { parseArgparse } from './parsers/argparse-parser.ts';
import { formatStorage, randomUuid } from './storage/format-storage.ts';
import {
  findLogDirectories,
  type LogDirectory,
  rawMetaProperties,
} from './storage/log-directories.ts';
import { JavaError, readPropertiesFile, runTool, type ToolOutput } from './tool.ts';

/** `kafka-storage.sh`: Kafka's StorageTool. */
export const kafkaStorage: Program = {
  name: 'kafka-storage.sh',
  run: (ctx) => runTool(ctx, (output) => run(ctx, output)),
};

async function run(ctx: ProgramContext, output: ToolOutput): Promise<ExitCode> {
  const outcome = parseArgparse(dynamicStorageSpec, ctx.args);
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
      return await formatStorage(call, await readConfig(call));
  }
}

async function readConfig({ ctx, parsed }: ArgparseCall): Promise<KafkaConfig> {
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

async function info({ ctx, output }: ArgparseCall, config: KafkaConfig): Promise<ExitCode> {
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
