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
  const election = parseQuorumState(new Uint8Array(recorded), [1]);
  expect(election).toEqual({ epoch: 2, leaderId: 1, votedId: undefined });
  if (election === undefined) return;
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

test('a file of other voters, of a later version, or a damaged one is refused', () => {
  const text = recorded.toString();
  expect(() => parseQuorumState(bytes(text), [1, 2])).toThrow(QuorumStateError);
  expect(() => parseQuorumState(bytes(text.replace(':0}', ':1}')), [1])).toThrow('data_version 1');
  expect(() => parseQuorumState(bytes(text.slice(0, 40)), [1])).toThrow(QuorumStateError);
  expect(() => parseQuorumState(bytes('[]'), [1])).toThrow(QuorumStateError);
  expect(() => parseQuorumState(bytes('null'), [1])).toThrow(QuorumStateError);
  expect(parseQuorumState(bytes(''), [1])).toBeUndefined();
});
