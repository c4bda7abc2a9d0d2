import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readFile } from '../base/file-system.ts';
import { MemoryFileSystem } from '../host/virtual/memory-file-system.ts';
import { VirtualClock } from '../host/virtual/virtual-clock.ts';
import {
  formatQuorumState,
  parseQuorumState,
  QuorumStateError,
  QuorumStateFile,
} from './quorum-state-file.ts';

// Written by Apache Kafka 3.8.0 after its second start.
const recorded = readFileSync(new URL('./testdata/quorum-state', import.meta.url));
const bytes = (text: string) => new TextEncoder().encode(text);

test("Kafka's quorum-state file is read, and written byte for byte", () => {
  const election = parseQuorumState(new Uint8Array(recorded));
  expect(election).toEqual({ epoch: 2, leaderId: 1, votedId: undefined });
  expect(formatQuorumState(election, [1])).toBe(recorded.toString());
});

test('what was written is read again; there is nothing before the first write', async () => {
  const files = new MemoryFileSystem({ clock: new VirtualClock() });
  await files.makeDirectory('/meta');
  const store = new QuorumStateFile(files, '/meta', [1, 2, 3]);
  expect(await store.read()).toBeUndefined();
  await store.write({ epoch: 7, leaderId: undefined, votedId: 2 });
  expect(await store.read()).toEqual({ epoch: 7, leaderId: undefined, votedId: 2 });
  const text = new TextDecoder().decode(await readFile(files, '/meta/quorum-state'));
  expect(text).toBe(
    '{"clusterId":"","leaderId":-1,"leaderEpoch":7,"votedId":2,"appliedOffset":0,"currentVoters":[{"voterId":1},{"voterId":2},{"voterId":3}],"data_version":0}',
  );
});

test('version 1 has the directory of the voted one and no voters (KIP-853)', () => {
  const text =
    '{"leaderId":-1,"leaderEpoch":3,"votedId":2,"votedDirectoryId":"O1UkV9W3XMloS48ISJhV9w","data_version":1}';
  const election = parseQuorumState(bytes(text));
  expect(election).toMatchObject({ epoch: 3, votedId: 2, kraftVersion: 1 });
  expect(formatQuorumState(election, [1, 2])).toBe(text);
});

// What Apache Kafka 3.8.0 says of the same damage, behind "Error while reading the Quorum status from the file …".
const damages: readonly (readonly [string, string, string])[] = [
  ['garbage', 'garbage', "expected one line of JSON, found 'garbage'"],
  ['nothing', '', 'File ended prematurely.'],
  ['a half', recorded.toString().slice(0, 33), 'expected one line of JSON'],
  ['a list', '[]', 'Deserialized node [] is not an object node'],
  [
    'no version',
    '{"leaderId":1}',
    'Deserialized node {"leaderId":1} does not have data_version field',
  ],
  [
    'a later version',
    '{"data_version":7}',
    'data_version (7) is not within the min (0) and max (1)',
  ],
  [
    'a negative epoch',
    recorded.toString().replace('"leaderEpoch":2', '"leaderEpoch":-5'),
    'expected an integer from 0 to 2147483647 as leaderEpoch, found -5',
  ],
  [
    'text for an id',
    recorded.toString().replace('"leaderId":1', '"leaderId":"x"'),
    'expected an integer from -1 to 2147483647 as leaderId, found "x"',
  ],
];

test.for(damages)('a file with %s is refused by name', async ([, content, message]) => {
  const files = new MemoryFileSystem({ clock: new VirtualClock() });
  await files.makeDirectory('/meta');
  const file = files.create('/meta/quorum-state');
  file.write(0, [bytes(content)]);
  await file.close();
  const reading = new QuorumStateFile(files, '/meta', [1]).read();
  await expect(reading).rejects.toThrow(QuorumStateError);
  await expect(reading).rejects.toThrow('the Quorum status from the file /meta/quorum-state: ');
  await expect(reading).rejects.toThrow(message);
});

test('as in Kafka 3.8.0, a file that names other voters is read all the same', () => {
  const other = recorded.toString().replace('[{"voterId":1}]', '[{"voterId":1},{"voterId":2}]');
  expect(parseQuorumState(bytes(other)).epoch).toBe(2);
});
