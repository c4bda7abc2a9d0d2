import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { defaultErrorMessage, errorNameOf } from '../protocol/error-codes.ts';
import { ZERO_UUID } from '../protocol/uuid.ts';
import { decodeBatches } from '../raft/raft-batches.ts';
import { bringUpBrokers, ControllerHarness } from '../testing/controller/controller-harness.ts';
import type { Controller } from './controller.ts';
import { decodeMetadataRecord, type MetadataRecord } from './metadata-record.ts';

// The requests below, sent in this order to Apache Kafka 3.8.0, had the outcomes in admin-outcomes.json.
interface Outcome {
  readonly case: string;
  readonly error: string;
  readonly message?: string | null;
}
const file = new URL('./testdata/kafka-3.8.0/admin-outcomes.json', import.meta.url);
const recorded = JSON.parse(readFileSync(file, 'utf8')) as readonly Outcome[];

type Answer = { readonly errorCode: number; readonly errorMessage: string | null } | undefined;
type Send = (controller: Controller) => Promise<Answer>;
const timeoutMs = 60_000;

interface TopicSpec {
  readonly partitions?: number;
  readonly factor?: number;
  readonly assignments?: Readonly<Record<number, readonly number[]>>;
  readonly configs?: Readonly<Record<string, string>>;
}

function create(name: string, spec: TopicSpec = {}): Send {
  const assignments = Object.entries(spec.assignments ?? {}).map(([index, brokerIds]) => ({
    partitionIndex: Number(index),
    brokerIds,
  }));
  const isManual = spec.assignments !== undefined;
  const topic = {
    name,
    numPartitions: isManual ? -1 : (spec.partitions ?? 1),
    replicationFactor: isManual ? -1 : (spec.factor ?? 1),
    assignments,
    configs: Object.entries(spec.configs ?? {}).map(([key, value]) => ({ name: key, value })),
  };
  return async (controller) =>
    (await controller.createTopics({ timeoutMs, validateOnly: false, topics: [topic] })).topics[0];
}

function grow(name: string, count: number, brokers?: readonly (readonly number[])[]): Send {
  const assignments = brokers?.map((brokerIds) => ({ brokerIds })) ?? null;
  const topics = [{ name, count, assignments }];
  return async (controller) =>
    (await controller.createPartitions({ timeoutMs, validateOnly: false, topics })).results[0];
}

const [set, remove, append, subtract] = [0, 1, 2, 3];
type Operation = readonly [name: string, value: string | null, operation: number | undefined];

function alter(
  resourceType: number,
  resourceName: string,
  ...operations: readonly Operation[]
): Send {
  const configs = operations.map(([name, value, configOperation = 0]) => ({
    name,
    value,
    configOperation,
  }));
  const resources = [{ resourceType, resourceName, configs }];
  return async (controller) =>
    (await controller.incrementalAlterConfigs({ resources, validateOnly: false })).responses[0];
}
const alterTopic = (...operations: readonly Operation[]) => alter(2, 'test', ...operations);

function alterOld(configs: Readonly<Record<string, string>>): Send {
  const list = Object.entries(configs).map(([name, value]) => ({ name, value }));
  const resources = [{ resourceType: 2, resourceName: 'test', configs: list }];
  return async (controller) =>
    (await controller.alterConfigs({ resources, validateOnly: false })).responses[0];
}

function elect(electionType: number, topic: string, partition: number): Send {
  const topicPartitions = [{ topic, partitions: [partition] }];
  return async (controller) =>
    (await controller.electLeaders({ electionType, topicPartitions, timeoutMs }))
      .replicaElectionResults[0]?.partitionResult[0];
}

function drop(name: string | null, topicId = ZERO_UUID): Send {
  const request = { topics: [{ name, topicId }], topicNames: [], timeoutMs };
  return async (controller) => (await controller.deleteTopics(request)).responses[0];
}

function reassign(name: string, replicas: readonly number[] | null): Send {
  const topics = [{ name, partitions: [{ partitionIndex: 0, replicas }] }];
  const request = { timeoutMs, allowReplicationFactorChange: true, topics };
  return async (controller) =>
    (await controller.alterPartitionReassignments(request)).responses[0]?.partitions[0];
}

function feature(name: string, maxVersionLevel: number, upgradeType: number): Send {
  const featureUpdates = [{ feature: name, maxVersionLevel, allowDowngrade: false, upgradeType }];
  return async (controller) =>
    (await controller.updateFeatures({ timeoutMs, featureUpdates, validateOnly: false }))
      .results[0];
}

const badConfig = (configs: Readonly<Record<string, string>>) => create('c1', { configs });

const requests: Readonly<Record<string, Send>> = {
  'create ok p3': create('test', { partitions: 3 }),
  'create exists': create('test', { partitions: 3 }),
  'create .': create('.'),
  'create ..': create('..'),
  'create long': create('a'.repeat(250)),
  'create bad chars': create('a b'),
  'create a.b': create('a.b'),
  'create a_b collides': create('a_b'),
  'create partitions 0': create('p0', { partitions: 0 }),
  'create partitions -2': create('p0', { partitions: -2 }),
  'create rf 0': create('p0', { factor: 0 }),
  'create rf 3': create('p0', { factor: 3 }),
  'create rf -2': create('p0', { factor: -2 }),
  'create default partitions and rf': create('dflt', { partitions: -1, factor: -1 }),
  'create manual ok': create('manual', { assignments: { 0: [1], 1: [1] } }),
  'create manual gap': create('m1', { assignments: { 0: [1], 2: [1] } }),
  'create manual unknown broker': create('m1', { assignments: { 0: [9] } }),
  'create manual duplicate': create('m1', { assignments: { 0: [1, 1] } }),
  'create manual empty replicas': create('m1', { assignments: { 0: [] } }),
  'create manual empty': create('m1', { assignments: {} }),
  'create manual uneven': create('m1', { assignments: { 0: [1], 1: [1, 2] } }),
  'create config ok': create('conf', {
    configs: { 'retention.ms': '1000', 'cleanup.policy': 'compact' },
  }),
  'create config unknown': badConfig({ foo: 'bar' }),
  'create config bad long': badConfig({ 'retention.ms': 'x' }),
  'create config out of range': badConfig({ 'retention.ms': '-2' }),
  'create config bad enum': badConfig({ 'cleanup.policy': 'purge' }),
  'create config bad compression': badConfig({ 'compression.type': 'rar' }),
  'create config bad boolean': badConfig({ preallocate: 'maybe' }),
  'create config bad double': badConfig({ 'min.cleanable.dirty.ratio': '2' }),
  'create config lag order': badConfig({
    'min.compaction.lag.ms': '10',
    'max.compaction.lag.ms': '5',
  }),
  'create config remote': badConfig({ 'remote.storage.enable': 'true' }),
  'create config small segment': badConfig({ 'segment.bytes': '1' }),
  'create config minisr': badConfig({ 'min.insync.replicas': '0' }),
  'create config throttled': badConfig({ 'leader.replication.throttled.replicas': 'x' }),
  'create config tstype': badConfig({ 'message.timestamp.type': 'Now' }),
  'create config format': badConfig({ 'message.format.version': '9.9' }),
  'create config local retention': badConfig({ 'local.retention.ms': '100', 'retention.ms': '10' }),
  'create internal name': create('__cluster_metadata'),
  'grow 3->5': grow('test', 5),
  'grow same': grow('test', 5),
  'grow fewer': grow('test', 2),
  'grow unknown': grow('nope', 2),
  'grow assignment count': grow('test', 7, [[1]]),
  'grow assignment rf': grow('test', 6, [[1, 2]]),
  'grow assignment unknown': grow('test', 6, [[7]]),
  'grow assignment ok': grow('test', 6, [[1]]),
  'alter set': alterTopic(['retention.ms', '5000', set]),
  'alter set two': alterTopic(
    ['segment.bytes', '1048576', set],
    ['max.message.bytes', '2000', set],
  ),
  'alter delete': alterTopic(['retention.ms', null, remove]),
  'alter delete absent': alterTopic(['retention.ms', null, remove]),
  'alter append list': alterTopic(['cleanup.policy', 'compact', append]),
  'alter append again': alterTopic(['cleanup.policy', 'compact', append]),
  'alter subtract': alterTopic(['cleanup.policy', 'compact', subtract]),
  'alter subtract to empty': alterTopic(['cleanup.policy', 'delete', subtract]),
  'alter append non list': alterTopic(['retention.ms', '5', append]),
  'alter unknown key': alterTopic(['foo', '5', set]),
  'alter bad value': alterTopic(['retention.ms', 'x', set]),
  'alter null value': alterTopic(['retention.ms', null, set]),
  'alter dup key': alterTopic(['retention.ms', '1', set], ['retention.ms', '2', set]),
  'alter empty set': alterTopic(['retention.ms', '', set]),
  'alter unknown topic': alter(2, 'nope', ['retention.ms', '5', set]),
  'alter topic empty name': alter(2, '', ['retention.ms', '5', set]),
  'alter broker dynamic': alter(4, '1', ['log.cleaner.threads', '2', set]),
  'alter broker default': alter(4, '', ['log.retention.ms', '600000', set]),
  'alter broker readonly': alter(4, '1', ['node.id', '2', set]),
  'alter broker readonly default': alter(4, '', ['num.partitions', '2', set]),
  'alter broker per-broker only on default': alter(4, '', ['listeners', 'PLAINTEXT://:1', set]),
  'alter broker unknown key': alter(4, '1', ['foo.bar', '2', set]),
  'alter broker bad value': alter(4, '1', ['num.io.threads', 'x', set]),
  'alter broker threads too many': alter(4, '1', ['num.io.threads', '400', set]),
  'alter client metrics': alter(16, 'sub', ['interval.ms', '1000', set]),
  'legacy alter': alterOld({ 'retention.ms': '777', 'flush.ms': '5' }),
  'legacy alter bad': alterOld({ 'retention.ms': 'z' }),
  'elect preferred nope-0': elect(0, 'nope', 0),
  'elect preferred test-0': elect(0, 'test', 0),
  'elect preferred test-99': elect(0, 'test', 99),
  'elect unclean test-0': elect(1, 'test', 0),
  delete: drop('manual'),
  'delete unknown': drop('nope'),
  'delete unknown id': drop(null, 'Cg8gW_jdQ_etABuhikb7xw'),
  'reassign unknown': reassign('test', [5]),
  'reassign cancel none': reassign('test', null),
  'reassign same': reassign('test', [1]),
  'reassign unknown topic': reassign('nope', [1]),
  'update feature': feature('metadata.version', 21, 1),
  'update feature down': feature('metadata.version', 19, 2),
  'update feature down by upgrade': feature('metadata.version', 19, 1),
  'update unknown feature': feature('foo', 1, 1),
};

/** `TopicExistsException` of TOPIC_ALREADY_EXISTS and so on: Java names them a little otherwise. */
const exceptions: Readonly<Record<string, string>> = {
  TopicExists: 'TOPIC_ALREADY_EXISTS',
  InvalidTopic: 'INVALID_TOPIC_EXCEPTION',
  InvalidConfiguration: 'INVALID_CONFIG',
  TopicAuthorization: 'TOPIC_AUTHORIZATION_FAILED',
};

function errorNameOfException(exception: string): string {
  const name = exception.replace('Exception', '');
  return exceptions[name] ?? name.replaceAll(/(?<=[a-z])[A-Z]/g, '_$&').toUpperCase();
}

describe('admin requests have the outcomes of Kafka 3.8.0, to the letter', () => {
  const answers = new Map<string, Answer>();
  const node = new ControllerHarness();

  beforeAll(async () => {
    const controller = await node.start();
    await bringUpBrokers(controller, [1]);
    for (const { case: name } of recorded) {
      const send = requests[name];
      if (send !== undefined) answers.set(name, await send(controller));
    }
  });

  test.for(recorded.filter(({ case: name }) => name in requests))('$case', (outcome) => {
    const answer = answers.get(outcome.case);
    const errorName = errorNameOf(answer?.errorCode ?? -1);
    if (outcome.error === 'NONE') {
      expect([errorName, answer?.errorMessage]).toEqual(['NONE', null]);
      return;
    }
    // Where the broker sends no message, the client shows the default one.
    const message = answer?.errorMessage ?? defaultErrorMessage(errorName);
    expect([errorName, message]).toEqual([errorNameOfException(outcome.error), outcome.message]);
  });

  test('the log then holds the records that Kafka wrote, in its order', () => {
    const file = new URL('./testdata/kafka-3.8.0/cluster-metadata.log.bin', import.meta.url);
    const real = [...decodeBatches(new Uint8Array(readFileSync(file)))].flatMap(({ values }) =>
      values.map(decodeMetadataRecord),
    );
    const first = (records: readonly MetadataRecord[]) =>
      records.findIndex(({ kind }) => kind === 'TopicRecord');
    const end = real.findIndex(({ kind }) => kind === 'ClientQuotaRecord');
    const ours = node.records().filter(({ kind }) => kind !== 'FeatureLevelRecord');
    expect(comparable(ours.slice(first(ours)))).toEqual(comparable(real.slice(first(real), end)));
  });
});

/** Topics by the order of their creation instead of by random ids; configs of one request in any order, as in Kafka's hash maps. */
function comparable(records: readonly MetadataRecord[]): readonly string[] {
  const ids = records.flatMap(({ kind, message }) =>
    kind === 'TopicRecord' ? [message.topicId] : [],
  );
  const lines = records.map(({ kind, version, message }) => {
    const text = JSON.stringify({ kind, version, message: { ...message, directories: [] } });
    return ids.reduce((line, id, i) => line.replaceAll(id, `topic ${i}`), text);
  });
  const blocks: string[][] = [];
  for (const line of lines) {
    const block = blocks.at(-1);
    const isConfig = (text: string | undefined) => text?.includes('"ConfigRecord"');
    if (block !== undefined && isConfig(line) && isConfig(block[0])) block.push(line);
    else blocks.push([line]);
  }
  return blocks.flatMap((block) => block.sort());
}
