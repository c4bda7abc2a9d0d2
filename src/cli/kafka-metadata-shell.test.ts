import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { ToolMachine } from '../testing/tool-run.ts';
import { kafkaMetadataShell } from './kafka-metadata-shell.ts';

// What the shell of Kafka 3.8.0 said about a log and a snapshot that 3.8.0 wrote: two nodes, every
// kind of record that an admin can provoke, a broker that was unregistered, three controller epochs.
const testdata = new URL('./testdata/metadata-shell/', import.meta.url);
const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(name, testdata)));
const jsonOf = <T>(name: string) => JSON.parse(readFileSync(new URL(name, testdata), 'utf8')) as T;

interface RecordedCommand {
  readonly args: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

interface RecordedSession {
  readonly stdin: string;
  readonly stdout: string;
}

const commands = jsonOf<readonly RecordedCommand[]>('commands.json');
const sessions = jsonOf<readonly RecordedSession[]>('sessions.json');
const logName = '00000000000000000000.log';
const machine = new ToolMachine();

beforeAll(() => {
  write(`/${logName}`, bytesOf('metadata.log.bin'));
  write('/00000000000000000538-0000000003.checkpoint', bytesOf('snapshot-538-3.checkpoint.bin'));
});

function write(path: string, bytes: Uint8Array): void {
  machine.files.create(path).write(0, [bytes]);
}

test.each(commands.map((each) => [each.args.join(' '), each] as const))(
  'kafka-metadata-shell.sh %s says what Kafka says',
  async (_, { args, stdout, stderr, exitCode }) => {
    const result = await machine.run(kafkaMetadataShell, args);
    expect(result).toEqual({ stdout, stderr, exitCode });
  },
);

test.each(sessions)('a session is as with Kafka: $stdin', async ({ stdin, stdout }) => {
  const result = await machine.run(kafkaMetadataShell, ['-s', logName], { stdin });
  expect(result).toEqual({ stdout, stderr: '', exitCode: 0 });
});

// The whole batches before the first block of producer ids; as Kafka's shell says of such a log.
test('before a producer has asked for an id the next one is -1', async () => {
  write('/young.log', bytesOf('metadata.log.bin').subarray(0, 531));
  const paths = ['/image/producerIds/nextProducerId', '/image/provenance'];
  const { stdout, stderr } = await machine.run(kafkaMetadataShell, [
    ...['-s', 'young.log', 'cat'],
    ...paths,
  ]);
  expect({ stdout, stderr }).toEqual({
    stdout: '-1\noffset 6, epoch 1, time 2026-11-22T13:05:06.676Z[UTC]\n',
    stderr: '',
  });
});

test('a log that is cut short or damaged is shown as far as it can be read', async () => {
  const log = bytesOf('metadata.log.bin');
  write('/cut.log', log.subarray(0, 20_000));
  write(
    '/noise.log',
    log.map((byte, i) => (i % 97 === 50 ? byte ^ 0x55 : byte)),
  );
  const cut = await machine.run(kafkaMetadataShell, ['-s', 'cut.log', 'ls', '/image/topics']);
  expect(cut).toMatchObject({ stdout: 'byId\nbyName\n', exitCode: 0 });
  expect(cut.stderr).toContain('is cut short or broken');
  const noise = await machine.run(kafkaMetadataShell, ['-s', 'noise.log', 'tree', '/']);
  expect(noise.exitCode).toBe(0);
  expect(noise.stderr).toContain('ERROR');
});
