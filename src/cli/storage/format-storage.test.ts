import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readFile } from '../../base/file-system.ts';
import { batchesOf } from '../../protocol/records/record-batch.ts';
import { ToolMachine } from '../../testing/tool-run.ts';
import { kafkaStorage } from '../kafka-storage.ts';
import { votersCheckpoint } from './voters-checkpoint.ts';

const first = 'Z1Sgi-IKTie3v2urd4xwFw';
const second = 'nRLjdoh5GpiH0DR9SLHetQ';
const config = `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@worker1:9093
listeners=PLAINTEXT://worker1:9092,CONTROLLER://worker1:9093
controller.listener.names=CONTROLLER
log.dirs=/data/a,/data/b
`;

async function format(...args: string[]) {
  const machine = new ToolMachine();
  machine.files.create('/server.properties').write(0, [new TextEncoder().encode(config)]);
  const all = ['format', '-t', 'MkU3OEVBNTcwNTJENDM2Qk', '-c', '/server.properties', ...args];
  const result = await machine.run(kafkaStorage, all);
  return { ...result, files: machine.files };
}

test('the snapshot with the voters is what Kafka 3.9.1 writes, but for the time', () => {
  const recorded = new URL('../testdata/dump/voters.checkpoint.bin', import.meta.url);
  const voter = { nodeId: 1, host: 'localhost', port: 39_093, directoryId: first };
  const timeless = (bytes: Uint8Array) =>
    [...batchesOf(bytes)].map((batch) => ({
      offset: batch.baseOffset,
      attributes: batch.attributes,
      values: [...batch.records()].slice(batch.baseOffset === 0 ? 1 : 0).map((record) => ({
        key: Buffer.from(record.key ?? []).toString('hex'),
        value: Buffer.from(record.value ?? []).toString('hex'),
      })),
      isValid: batch.hasValidCrc(),
    }));
  const ours = votersCheckpoint([voter], 'CONTROLLER', 1_795_353_511_401);
  expect(timeless(ours)).toEqual(timeless(new Uint8Array(readFileSync(recorded))));
});

test('a version that 3.8.0 holds back is refused by its name as by its level', async () => {
  const stderr = 'The metadata.version 3.9-IV0 is not ready for production use yet.\n';
  const expected = { stdout: '', stderr, exitCode: 1 };
  expect(await format('--release-version', '3.9-IV0')).toMatchObject(expected);
  expect(await format('--feature', 'metadata.version=21')).toMatchObject(expected);
});

test('where every log directory is a file there is nothing to format', async () => {
  const machine = new ToolMachine();
  const bytes = new TextEncoder().encode(config.replace('/data/a,/data/b', '/own.properties'));
  machine.files.create('/own.properties').write(0, [bytes]);
  const args = ['format', '-t', 'MkU3OEVBNTcwNTJENDM2Qk', '-c', '/own.properties'];
  expect(await machine.run(kafkaStorage, args)).toEqual({
    stdout: 'I/O error trying to read log directory /own.properties. Ignoring...\n',
    stderr: 'No available log directories to format.\n',
    exitCode: 1,
  });
});

test('--initial-controllers gives the metadata directory the id that the voters know', async () => {
  const voters = `2@worker2:9093:${second},1@worker1:9093:${first}`;
  const { stdout, exitCode, files } = await format('--initial-controllers', voters);
  expect({ stdout, exitCode }).toEqual({
    stdout:
      'Formatting dynamic metadata voter directory /data/a with metadata.version 3.8-IV0.\n' +
      'Formatting data directory /data/b with metadata.version 3.8-IV0.\n',
    exitCode: 0,
  });
  const meta = new TextDecoder().decode(await readFile(files, '/data/a/meta.properties'));
  expect(meta).toContain(`directory.id=${first}\n`);
  const snapshot = '/__cluster_metadata-0/00000000000000000000-0000000000.checkpoint';
  expect(await files.stat(`/data/a${snapshot}`)).toBeDefined();
  expect(await files.stat(`/data/b${snapshot}`)).toBeUndefined();
});

test('--standalone makes the node the only voter, with an id of its own', async () => {
  const { stdout, files } = await format('--standalone', '--feature', 'kraft.version=1');
  expect(stdout).toContain('Formatting dynamic metadata voter directory /data/a');
  const snapshot = '/data/a/__cluster_metadata-0/00000000000000000000-0000000000.checkpoint';
  const [head] = batchesOf(await readFile(files, snapshot));
  const id = /directory\.id=(\S+)/.exec(
    new TextDecoder().decode(await readFile(files, '/data/a/meta.properties')),
  )?.[1];
  const value = Buffer.from(Array.from(head?.records() ?? [])[2]?.value ?? []);
  expect(value.includes(Buffer.from(id ?? '', 'base64url'))).toBe(true);
});

test('without a word about voters all is as in 3.8', async () => {
  const { stdout, files } = await format();
  expect(stdout).toBe(
    'Formatting /data/a with metadata.version 3.8-IV0.\nFormatting /data/b with metadata.version 3.8-IV0.\n',
  );
  expect(await files.stat('/data/a/__cluster_metadata-0')).toBeUndefined();
});

const javaException = 'Exception in thread "main" java.lang.IllegalArgumentException: ';
test.each([
  ['-I x', `${javaException}No @ found in dynamic voter string.`],
  ['-I 1@', `${javaException}No hostname found after node id.`],
  ['-I 1@h', `${javaException}No colon following hostname could be found.`],
  ['-I 1@h:2', `${javaException}No colon following port could be found.`],
  [`-I 1@h:x:${first}`, `${javaException}Failed to parse port in dynamic voter string.`],
  [`-I 1@h:70000:${first}`, `${javaException}Invalid port 70000 in dynamic voter string.`],
  [`-I a@h:2:${first}`, `${javaException}Failed to parse node id in dynamic voter string.`],
  ['-I 1@h:2:bogus', `${javaException}Failed to parse directory ID in dynamic voter string.`],
  [
    `-I 1@[::1:2:${first}`,
    `${javaException}Hostname began with left bracket, but no right bracket was found.`,
  ],
  ['-I ,', `${javaException}No voters given.`],
  [`-I 1@h:2:${first},1@h:3:${second}`, `${javaException}Node id 1 was specified more than once.`],
  [
    '-s --feature kraft.version=0',
    'Cannot set kraft.version to 0 if KIP-853 configuration is present. Try removing the --feature flag for kraft.version.',
  ],
  [
    '--feature kraft.version=1',
    'Cannot set kraft.version to 1 unless KIP-853 configuration is present. Try removing the --feature flag for kraft.version.',
  ],
  ['-s --feature kraft.version=2', `${javaException}No feature:kraft.version with feature level 2`],
  [
    '--feature bogus',
    `Exception in thread "main" java.lang.RuntimeException: Can't parse feature=level string bogus: equals sign not found.`,
  ],
  [
    '--feature metadata.version=21',
    'The metadata.version 3.9-IV0 is not ready for production use yet.',
  ],
  ['--feature metadata.version=99', `${javaException}No MetadataVersion with feature level 99`],
  ['--release-version 2.8', 'Must specify a valid KRaft metadata.version of at least 3.0-IV0.'],
])('format %s is refused as Kafka refuses it', async (line, message) => {
  const { stdout, stderr, exitCode } = await format(...line.split(' '));
  expect({ stdout, stderr, exitCode }).toEqual({ stdout: '', stderr: `${message}\n`, exitCode: 1 });
});

test('of the ways to say who votes only one may be given', async () => {
  const { stderr, exitCode } = await format('--standalone', '-N');
  expect(exitCode).toBe(1);
  // As Kafka 3.9.1 says it.
  expect(stderr).toBe(`usage: kafka-storage format [-h] --config CONFIG --cluster-id CLUSTER_ID
                     [--add-scram ADD_SCRAM] [--ignore-formatted]
                     [--release-version RELEASE_VERSION]
                     [--feature FEATURE] [--standalone |
                     --no-initial-controllers |
                     --initial-controllers INITIAL_CONTROLLERS]
kafka-storage: error:  argument  --no-initial-controllers/-N:  not  allowed
with argument --standalone/-s
`);
});
