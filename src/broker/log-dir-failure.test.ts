import { expect, onTestFinished, test } from 'vitest';
import { FileError } from '../base/file-system.ts';
import { startReplicationLab } from '../testing/replication/replication-lab.ts';

const logDirs = { 'log.dirs': '/kafka-logs,/kafka-more' };

test('the controller learns in which log dir each replica is, and leadership leaves one that fails', async () => {
  const it = await startReplicationLab({ properties: logDirs });
  onTestFinished(() => it.end());
  const { cluster } = it;
  for (const name of ['a', 'b', 'c', 'd']) await it.createTopic(name);
  const folderOf = (name: string) => it.replicaAt(1, name).log.folder;
  const names = ['a', 'b', 'c', 'd'];
  const lost = names.find((name) => folderOf(name).startsWith('/kafka-more/')) ?? '';
  const kept = names.find((name) => folderOf(name).startsWith('/kafka-logs/')) ?? '';
  expect([lost, kept]).not.toContain('');
  expect((await it.produce(1, lost, ['x'])).error).toBe('NONE');
  const known = () => it.replicaAt(1, lost).registration.directories;
  await cluster.until(
    () => new Set([...known(), ...noDirectories]).size === 3 + noDirectories.length,
  );

  const { logs } = cluster.node(1).services.replicas;
  logs.handleLogDirFailure('/kafka-more', new FileError('EIO', '/kafka-more', 'I/O error'));
  await cluster.until(() => it.replicaAt(2, lost).isLeader || it.replicaAt(3, lost).isLeader);
  const leader = it.replicaAt(2, lost).isLeader ? 2 : 3;
  expect((await it.produce(leader, lost, ['y'])).error).toBe('NONE');
  expect(await it.read(leader, lost)).toEqual(['x', 'y']);
  expect((await it.produce(1, kept, ['z'])).error).toBe('NONE');
  const refused = await it.produce(1, lost, ['w']);
  expect(['KAFKA_STORAGE_ERROR', 'NOT_LEADER_OR_FOLLOWER']).toContain(refused.error);
});

/** KIP-858: not assigned, lost, or from before there were ids. */
const noDirectories = [
  'AAAAAAAAAAAAAAAAAAAAAA',
  'AAAAAAAAAAAAAAAAAAAAAQ',
  'AAAAAAAAAAAAAAAAAAAAAg',
];
