import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { KafkaConfig } from './kafka-config.ts';

const combined = {
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.quorum.voters': '1@localhost:19093',
  listeners: 'PLAINTEXT://:19092,CONTROLLER://:19093',
  'inter.broker.listener.name': 'PLAINTEXT',
  'controller.listener.names': 'CONTROLLER',
  'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL',
  'log.dirs': '/tmp/logs',
};

function messageOf(changes: Record<string, string | undefined>): string {
  const properties = new Map<string, string>();
  for (const [key, value] of Object.entries({ ...combined, ...changes })) {
    if (value !== undefined) properties.set(key, value);
  }
  try {
    new KafkaConfig(properties);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test('a combined node has its listeners sorted by what they serve', () => {
  const config = KafkaConfig.of(combined);
  expect(config.brokerListeners.map(({ listenerName, port }) => [listenerName, port])).toEqual([
    ['PLAINTEXT', 19092],
  ]);
  expect(config.controllerListeners.map(({ port }) => port)).toEqual([19093]);
  expect(config.number('num.partitions')).toBe(1);
  expect(config.number('log.flush.interval.messages')).toBe(Number.POSITIVE_INFINITY);
});

test('a controller listener is PLAINTEXT when nothing else is said', () => {
  const { 'listener.security.protocol.map': _, ...unmapped } = combined;
  const config = KafkaConfig.of(unmapped);
  expect(config.controllerListeners.map((each) => each.securityProtocol)).toEqual(['PLAINTEXT']);
});

// What Apache Kafka 3.8.0 says to the same files.
test.for([
  [
    'process.roles',
    undefined,
    'Missing required configuration `zookeeper.connect` which has no default value.',
  ],
  [
    'node.id',
    undefined,
    'Missing configuration `node.id` which is required when `process.roles` is defined (i.e. when running in KRaft mode).',
  ],
  [
    'controller.quorum.voters',
    undefined,
    'If using process.roles, controller.quorum.voters must contain a parseable set of voters.',
  ],
  [
    'controller.listener.names',
    undefined,
    "requirement failed: controller.listener.names must contain at least one value appearing in the 'listeners' configuration when running the KRaft controller role",
  ],
  [
    'listeners',
    undefined,
    "requirement failed: controller.listener.names must contain at least one value appearing in the 'listeners' configuration when running the KRaft controller role",
  ],
  [
    'node.id',
    '2',
    "requirement failed: If process.roles contains the 'controller' role, the node id 2 must be included in the set of voters controller.quorum.voters=Set(1)",
  ],
  [
    'num.partitions',
    'abc',
    'Invalid value abc for configuration num.partitions: Not a number of type INT',
  ],
  [
    'num.partitions',
    '0',
    'Invalid value 0 for configuration num.partitions: Value must be at least 1',
  ],
  [
    'process.roles',
    'foo',
    'Invalid value foo for configuration process.roles: String must be one of: broker, controller',
  ],
  [
    'listeners',
    'FOO://:1',
    "Error creating broker listeners from 'FOO://:1': No security protocol defined for listener FOO",
  ],
  [
    'inter.broker.listener.name',
    'NOPE',
    'Listener with name NOPE defined in inter.broker.listener.name not found in listener.security.protocol.map.',
  ],
  [
    'listeners',
    'PLAINTEXT://:19092,CONTROLLER://:19092',
    'requirement failed: Each listener must have a different port, listeners: PLAINTEXT://:19092,CONTROLLER://:19092',
  ],
  [
    'advertised.listeners',
    'PLAINTEXT://0.0.0.0:19092',
    'requirement failed: advertised.listeners cannot use the nonroutable meta-address 0.0.0.0. Use a routable IP address.',
  ],
  [
    'log.dirs',
    '',
    'requirement failed: At least one log directory must be defined via log.dirs or log.dir.',
  ],
] as const)('%s=%s is refused in Kafka’s words', ([key, value, message]) => {
  expect(messageOf({ [key]: value })).toBe(message);
});

test('a listener with TLS is refused by name', () => {
  expect(
    messageOf({
      listeners: 'SSL://:19092,CONTROLLER://:19093',
      'inter.broker.listener.name': 'SSL',
    }),
  ).toContain('Listener SSL asks for SSL');
});

test.for([
  ['server', 'broker,controller', '1'],
  ['broker', 'broker', '2'],
  ['controller', 'controller', '1'],
])('config/kraft/%s.properties can be run as it is', ([name, roles, nodeId]) => {
  const file = new URL(`../../sandboxes/kafka/config/kraft/${name}.properties`, import.meta.url);
  const pairs = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const);
  const config = new KafkaConfig(new Map(pairs));
  expect([...config.roles].join(',')).toBe(roles);
  expect(`${config.nodeId}`).toBe(nodeId);
  expect(config.voters).toEqual([{ nodeId: 1, host: 'localhost', port: 9093 }]);
});

test('with dynamic voters a controller is reached where it advertises itself, else where it listens', () => {
  const { 'controller.quorum.voters': _, ...dynamic } = combined;
  const config = KafkaConfig.of({
    ...dynamic,
    'controller.quorum.bootstrap.servers': 'c1:9093',
    'advertised.listeners': 'PLAINTEXT://b1:9092,CONTROLLER://c1:9093',
  });
  const places = (endPoints: readonly { host: string; port: number }[]) =>
    endPoints.map(({ host, port }) => `${host}:${port}`);
  expect(places(config.advertisedListeners)).toEqual(['b1:9092']);
  expect(places(config.advertisedControllerListeners)).toEqual(['c1:9093']);
  expect(places(config.controllerListeners)).toEqual([':19093']);
  expect(places(KafkaConfig.of(combined).advertisedControllerListeners)).toEqual([':19093']);
});
