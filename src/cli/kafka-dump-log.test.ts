import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ToolMachine } from '../testing/tool-run.ts';
import { kafkaDumpLog } from './kafka-dump-log.ts';

const testdata = (name: string) => new URL(`./testdata/dump/${name}`, import.meta.url);

test.each([
  ['plain', '--print-data-log'],
  ['offsets', '--offsets-decoder'],
  ['metadata', '--cluster-metadata-decoder'],
])('a log of Kafka 3.8.0 (%s) is shown as Kafka shows it', async (name, option) => {
  const machine = new ToolMachine();
  const file = machine.files.create('/00000000000000000000.log');
  file.write(0, [readFileSync(testdata(`${name}.log.bin`))]);
  const args = [option, '--files', '00000000000000000000.log'];
  const { stdout, exitCode } = await machine.run(kafkaDumpLog, args);
  const expected = readFileSync(testdata(`${name}.txt`), 'utf8');
  expect(stdout).toBe(`Dumping 00000000000000000000.log\n${expected}`);
  expect(exitCode).toBe(0);
});

test('bytes after the last whole batch are counted', async () => {
  const machine = new ToolMachine();
  const file = machine.files.create('/00000000000000000007.log');
  file.write(0, [readFileSync(testdata('plain.log.bin')), new Uint8Array(5)]);
  const { stdout } = await machine.run(kafkaDumpLog, ['--files', '/00000000000000000007.log']);
  expect(stdout).toContain('Log starting offset: 7\n');
  expect(stdout).toContain('Found 5 invalid bytes at the end of 00000000000000000007.log\n');
});

test.each([
  ['snapshot', '../metadata-shell/snapshot-538-3', '00000000000000000538-0000000003', []],
  [
    'snapshot-skip',
    '../metadata-shell/snapshot-538-3',
    '00000000000000000538-0000000003',
    ['--skip-record-metadata'],
  ],
  // Of 3.9.1's `kafka-storage.sh format --standalone` (KIP-853).
  ['voters', 'voters', '00000000000000000000-0000000000', []],
])(
  'a snapshot of the metadata (%s) is shown as Kafka shows it',
  async (name, source, file, more) => {
    const machine = new ToolMachine();
    const bytes = readFileSync(testdata(`${source}.checkpoint.bin`));
    machine.files.create(`/${file}.checkpoint`).write(0, [bytes]);
    const args = ['--cluster-metadata-decoder', ...more, '--files', `${file}.checkpoint`];
    const { stdout } = await machine.run(kafkaDumpLog, args);
    expect(stdout).toBe(
      `Dumping ${file}.checkpoint\n${readFileSync(testdata(`${name}.txt`), 'utf8')}`,
    );
  },
);
