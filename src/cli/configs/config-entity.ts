import type { ConfigResourceType } from '../../client/admin-types.ts';
import type { JoptOptionSet } from '../parsers/jopt-parser.ts';
import { JavaError } from '../tool.ts';

/** Whose configuration: of one (`name`), of all brokers by default (''), or of all there are (undefined). */
export interface ConfigEntity {
  readonly type: ConfigResourceType;
  readonly name: string | undefined;
}

const entityTypes = [
  'topics',
  'clients',
  'users',
  'brokers',
  'ips',
  'broker-loggers',
  'client-metrics',
];
const supported: Readonly<Record<string, ConfigResourceType>> = {
  topics: 'topic',
  brokers: 'broker',
  'broker-loggers': 'broker-logger',
};

/** From `--entity-type topics --entity-name t` or `--topic t`. Throws JavaError with Kafka's words. */
export function readEntity(options: JoptOptionSet): ConfigEntity {
  const typeName = readType(options);
  if (typeName === undefined) throw invalid('At least one entity type must be specified');
  const hasTarget = ['bootstrap-server', 'bootstrap-controller'].some((name) => options.has(name));
  if (!hasTarget) {
    const kind = options.has('zookeeper') ? '' : undefined;
    throw invalid(
      kind === undefined && ['users', 'brokers'].includes(typeName)
        ? 'One of the required --bootstrap-server, --boostrap-controller, or --zookeeper arguments must be specified'
        : `Invalid entity type ${typeName}, the entity type must be one of users, brokers with a --zookeeper argument`,
    );
  }
  if (!entityTypes.includes(typeName)) {
    throw invalid(
      `Invalid entity type ${typeName}, the entity type must be one of topics, clients, users, brokers, ips, broker-loggers, client-metrics with a --bootstrap-server or --bootstrap-controller argument`,
    );
  }
  const type = supported[typeName];
  if (type === undefined) throw invalid(`Entity type ${typeName} is not supported yet.`);
  const name = readName(options);
  if (type === 'broker' && name !== undefined && !/^\d*$/.test(name)) {
    throw invalid(
      `The entity name for brokers must be a valid integer broker id, but it is: ${name}`,
    );
  }
  return { type, name };
}

function readType(options: JoptOptionSet): string | undefined {
  const given = options.valuesOf('entity-type')[0];
  if (given !== undefined) return given;
  const shorts = [
    ['topic', 'topics'],
    ['broker', 'brokers'],
    ['broker-defaults', 'brokers'],
    ['broker-logger', 'broker-loggers'],
    ['client', 'clients'],
    ['client-defaults', 'clients'],
    ['user', 'users'],
    ['user-defaults', 'users'],
    ['ip', 'ips'],
    ['ip-defaults', 'ips'],
    ['client-metrics', 'client-metrics'],
  ];
  return shorts.find(([option = '']) => options.has(option))?.[1];
}

function readName(options: JoptOptionSet): string | undefined {
  if (options.has('entity-default') || options.has('broker-defaults')) return '';
  const names = ['entity-name', 'topic', 'broker', 'broker-logger'];
  return names.flatMap((option) => options.valuesOf(option))[0];
}

function invalid(message: string): JavaError {
  return new JavaError('java.lang.IllegalArgumentException', message);
}
