import type { ExitCode, Program } from '../base/program.ts';
import type { Admin } from '../client/admin.ts';
import type { ConfigEntry, ConfigResource, ConfigResourceType } from '../client/admin-types.ts';
import { withAdmin } from './admin-tool.ts';
import { parseConfigChanges } from './configs/config-changes.ts';
import { type ConfigEntity, readEntity } from './configs/config-entity.ts';
import { type ErrorCall, type JoptCall, joptProgram } from './jopt-tool.ts';
import { configsOptions } from './options/configs-options.ts';
import { JoptError } from './parsers/jopt-parser.ts';
import { describeError, JavaError, javaNameOf, readTextFile } from './tool.ts';

/** `kafka-configs.sh`: Kafka's ConfigCommand, for topics and brokers. */
export const kafkaConfigs: Program = joptProgram({
  name: 'kafka-configs.sh',
  options: configsOptions,
  purpose:
    'This tool helps to manipulate and describe entity config for a topic, client, user, broker, ip or client-metrics',
  run,
  onError,
});

async function run(call: JoptCall): Promise<ExitCode> {
  const { options, usage } = call;
  if (options.has('alter') === options.has('describe')) {
    usage.exit('Command must include exactly one action: --describe, --alter');
  }
  const entity = readEntity(options);
  if (options.has('alter')) {
    const isChanging = ['add-config', 'add-config-file', 'delete-config'].some((name) =>
      options.has(name),
    );
    if (!isChanging) {
      throw invalid(
        'At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter',
      );
    }
  }
  await withAdmin(call, async (admin) => {
    if (options.has('alter')) await alter(call, admin, entity);
    else await describe(call, admin, entity);
  });
  return 0;
}

/** What the arguments say wrongly is said alone; what happens later comes with the arguments. */
function onError(error: unknown, { ctx, output, usage }: ErrorCall): ExitCode {
  if (error instanceof JoptError) return usage.exit(error.message);
  const javaName = javaNameOf(error);
  if (javaName === undefined || !(error instanceof Error)) throw error;
  if (error instanceof JavaError) {
    output.err(error.message);
    return 1;
  }
  output.err(`Error while executing config command with args '${ctx.args.join(' ')}'`);
  output.err(`java.util.concurrent.ExecutionException: ${describeError(error)}`);
  return 1;
}

async function alter(call: JoptCall, admin: Admin, entity: ConfigEntity): Promise<void> {
  const { ctx, options, output } = call;
  const { type, name } = entity;
  if (name === undefined)
    throw invalid(`an entity name must be specified with --alter of ${type}s`);
  const file = options.valueOf('add-config-file');
  const fileText = file === undefined ? '' : await readTextFile(ctx, file);
  const { added, deleted } = parseConfigChanges(options, fileText);
  const resource = { type, name };
  const [current = []] = await admin.describeConfigs([resource]);
  const dynamic = current.filter(isDynamicOf(resource)).map((entry) => entry.name);
  const missing = deleted.filter((key) => !dynamic.includes(key));
  if (0 < missing.length) {
    const javaName = 'org.apache.kafka.common.errors.InvalidConfigurationException';
    throw new JavaError(javaName, `Invalid config(s): ${missing.join(',')}`);
  }
  await admin.alterConfigs(resource, [
    ...[...added].map(([key, value]) => ({ name: key, value })),
    ...deleted.map((key) => ({ name: key, value: null })),
  ]);
  const target =
    name === '' ? `default config for ${type}s in the cluster` : `config for ${type} ${name}`;
  output.out(`Completed updating ${target}.`);
}

async function describe(
  { options, output }: JoptCall,
  admin: Admin,
  entity: ConfigEntity,
): Promise<void> {
  const describesAll = options.has('all');
  for (const name of await namesOf(admin, entity)) {
    const resource = { type: entity.type, name };
    if (name === '') {
      output.out(`Default configs for ${entity.type}s in the cluster are:`);
    } else {
      const kind = describesAll || entity.type === 'broker-logger' ? 'All' : 'Dynamic';
      output.out(`${kind} configs for ${entity.type} ${name} are:`);
    }
    const [entries = []] = await admin.describeConfigs([resource]);
    const shown = describesAll ? entries : entries.filter(isDynamicOf(resource));
    for (const entry of shown.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      output.out(formatEntry(entry, resource));
    }
  }
}

async function namesOf(admin: Admin, { type, name }: ConfigEntity): Promise<readonly string[]> {
  if (name !== undefined) return [name];
  if (type === 'topic') return (await admin.listTopics()).map((topic) => topic.name);
  const ids = (await admin.brokers()).map(({ id }) => String(id));
  return type === 'broker' ? [...ids, ''] : ids;
}

function isDynamicOf(resource: ConfigResource): (entry: ConfigEntry) => boolean {
  const sources: Readonly<Record<ConfigResourceType, string>> = {
    topic: 'DYNAMIC_TOPIC_CONFIG',
    broker: resource.name === '' ? 'DYNAMIC_DEFAULT_BROKER_CONFIG' : 'DYNAMIC_BROKER_CONFIG',
    'broker-logger': 'DYNAMIC_BROKER_LOGGER_CONFIG',
  };
  const source = sources[resource.type];
  return (entry) => entry.source === source || resource.type === 'broker-logger';
}

function formatEntry(entry: ConfigEntry, resource: ConfigResource): string {
  const isDefaultBroker = resource.type === 'broker' && resource.name === '';
  const synonyms = entry.synonyms
    .filter(({ source }) => !isDefaultBroker || source === 'DYNAMIC_DEFAULT_BROKER_CONFIG')
    .map(({ name, value, source }) => `${source}:${name}=${value}`);
  return `  ${entry.name}=${entry.value} sensitive=${entry.isSensitive} synonyms={${synonyms.join(', ')}}`;
}

function invalid(message: string): JavaError {
  return new JavaError('java.lang.IllegalArgumentException', message);
}
