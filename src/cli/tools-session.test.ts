import { expect, test } from 'vitest';
import { startTestCluster } from '../testing/cluster.ts';
import { ToolMachine } from '../testing/tool-run.ts';
import { programs } from './programs.ts';

const bootstrap = '--bootstrap-server worker1:9092';

/** One session at a shell; `<<` gives a command its standard input. The file is what the tools printed. */
const session = [
  `kafka-topics.sh ${bootstrap} --create --topic test --partitions 2 --config retention.ms=60000`,
  `kafka-topics.sh ${bootstrap} --create --topic test`,
  `kafka-topics.sh ${bootstrap} --describe --topic test`,
  `kafka-console-producer.sh ${bootstrap} --topic test --property parse.key=true --property key.separator=: << a:1\nb:2\nc:3\n`,
  `kafka-console-consumer.sh ${bootstrap} --topic test --from-beginning --timeout-ms 1000 --property print.key=true --property print.partition=true --property print.offset=true`,
  'kafka-producer-perf-test.sh --topic test --num-record 1000 --record-size 100 --throughput -1 --producer-props bootstrap.servers=worker1:9092 acks=1',
  'kafka-producer-perf-test.sh --topic test --num-records 1000 --record-size 100 --throughput 500 --producer-props bootstrap.servers=worker1:9092 linger.ms=5',
  `kafka-consumer-perf-test.sh ${bootstrap} --topic test --messages 2003 --group perf --hide-header`,
  `kafka-get-offsets.sh ${bootstrap} --topic test --time earliest`,
  `kafka-consumer-groups.sh ${bootstrap} --list --state`,
  `kafka-consumer-groups.sh ${bootstrap} --reset-offsets --group perf --topic test --to-earliest --execute`,
  `kafka-consumer-groups.sh ${bootstrap} --describe --group perf --state`,
  `kafka-consumer-groups.sh ${bootstrap} --delete --group perf`,
  `kafka-configs.sh ${bootstrap} --alter --topic test --add-config cleanup.policy=[compact,delete] --delete-config retention.ms`,
  `kafka-configs.sh ${bootstrap} --describe --topic test`,
  `kafka-log-dirs.sh ${bootstrap} --describe --broker-list 9`,
  `kafka-leader-election.sh ${bootstrap} --election-type preferred --topic test --partition 0`,
  `kafka-leader-election.sh ${bootstrap} --election-type preferred --all-topic-partitions`,
  `kafka-leader-election.sh ${bootstrap} --election-type unclean --topic nope --partition 0`,
  `kafka-reassign-partitions.sh ${bootstrap} --generate --topics-to-move-json-file /topics.json --broker-list 1`,
  `kafka-reassign-partitions.sh ${bootstrap} --execute --reassignment-json-file /move.json --throttle 100000`,
  `kafka-configs.sh ${bootstrap} --describe --topic test`,
  `kafka-configs.sh ${bootstrap} --describe --broker 1`,
  `kafka-reassign-partitions.sh ${bootstrap} --list`,
  `kafka-reassign-partitions.sh ${bootstrap} --verify --reassignment-json-file /move.json`,
  `kafka-reassign-partitions.sh ${bootstrap} --cancel --reassignment-json-file /move.json --preserve-throttles`,
  `kafka-reassign-partitions.sh ${bootstrap} --execute --reassignment-json-file /unknown.json`,
  `kafka-features.sh ${bootstrap} describe`,
  `kafka-features.sh ${bootstrap} downgrade --metadata 3.7-IV4 --dry-run`,
  `kafka-features.sh ${bootstrap} downgrade --metadata 3.6`,
  `kafka-features.sh ${bootstrap} upgrade --feature kraft.version=1 --feature metadata.version=20`,
  `kafka-features.sh ${bootstrap} disable --feature foo`,
  `kafka-topics.sh ${bootstrap} --alter --topic test --partitions 3`,
  `kafka-topics.sh ${bootstrap} --alter --topic test --partitions 1`,
  `kafka-topics.sh ${bootstrap} --delete --topic test`,
  `kafka-topics.sh ${bootstrap} --list --exclude-internal`,
  `kafka-cluster.sh cluster-id ${bootstrap}`,
  `kafka-metadata-quorum.sh ${bootstrap} describe --replication`,
  'kafka-dump-log.sh --cluster-metadata-decoder --skip-record-metadata --files /kafka-logs/bootstrap.checkpoint',
];

const jsonFiles = {
  '/topics.json': '{"topics":[{"topic":"test"}],"version":1}',
  '/move.json': '{"version":1,"partitions":[{"topic":"test","partition":0,"replicas":[1]}]}',
  '/unknown.json': '{"version":1,"partitions":[{"topic":"test","partition":0,"replicas":[7]}]}',
};

test('the tools work against the broker as they do against Kafka', async () => {
  const cluster = await startTestCluster();
  const machine = new ToolMachine(cluster);
  for (const [path, text] of Object.entries(jsonFiles)) {
    const file = machine.files.create(path);
    file.write(0, [new TextEncoder().encode(text)]);
    await file.close();
  }
  let transcript = '';
  for (const line of session) {
    const [command = '', stdin] = line.split(' << ');
    const [name = '', ...args] = command.split(' ');
    const program = await programs[name]?.();
    if (program === undefined) throw new TypeError(`no program ${name}`);
    const result = await machine.run(program, args, stdin === undefined ? {} : { stdin });
    transcript += `$ ${line.trimEnd()}\n${result.stdout}${result.stderr}[${result.exitCode}]\n\n`;
  }
  const steady = transcript
    .replace(/TopicId: \S+/g, 'TopicId: <id>')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[:,]\d{3}/g, '<time>')
    .replace(/^(1\s+)\d+(\s+0\s+)-?\d+(\s+)-?\d+/m, '$1<end>$2<t>$3<t>')
    .replace(/\tEpoch: \d+/g, '\tEpoch: <n>')
    .replace(/\b(crc|CreateTime): \d+/g, '$1: <n>');
  await expect(steady).toMatchFileSnapshot('./testdata/session.txt');
  await cluster.stop();
}, 20_000);
