import { expect, test } from 'vitest';
import { startTestCluster } from '../../testing/cluster.ts';
import { ToolMachine } from '../../testing/tool-run.ts';
import { kafkaTopics } from '../kafka-topics.ts';

// Held to what the real tool said of such a cluster.
test('the filters of --describe show what lacks replicas, a leader or its minimum of replicas', async () => {
  const cluster = await startTestCluster({ nodes: 3 });
  const machine = new ToolMachine(cluster);
  const topics = async (...args: string[]) => {
    const all = ['--bootstrap-server', cluster.bootstrap, ...args];
    const { stdout } = await machine.run(kafkaTopics, all);
    return stdout.trim();
  };
  const describe = async (filter: string) =>
    (await topics('--describe', filter)).replaceAll(/\tElr.*/g, '').split('\n');
  await topics('--create', '--topic', 'safe', '--replica-assignment', '1:2:3');
  await topics('--create', '--topic', 'lone', '--replica-assignment', '2,1');
  const strict = ['--replica-assignment', '1:2:3', '--config', 'min.insync.replicas=3'];
  await topics('--create', '--topic', 'strict', ...strict);
  await cluster.scheduler.advance(1_000);
  expect(await describe('--under-replicated-partitions')).toEqual(['']);
  await cluster.crash(2);
  await cluster.scheduler.advance(15_000);
  const line = (topic: string, rest: string) => `Topic: ${topic}\tPartition: 0\t${rest}`;
  const lone = line('lone', 'Leader: none\tReplicas: 2\tIsr: 2');
  const strictly = line('strict', 'Leader: 1\tReplicas: 1,2,3\tIsr: 1,3');
  expect(await describe('--under-replicated-partitions')).toEqual([
    line('safe', 'Leader: 1\tReplicas: 1,2,3\tIsr: 1,3'),
    `\t${strictly}`,
  ]);
  expect(await describe('--unavailable-partitions')).toEqual([lone]);
  expect(await describe('--under-min-isr-partitions')).toEqual([lone, `\t${strictly}`]);
  expect(await describe('--at-min-isr-partitions')).toEqual([
    lone,
    '\tTopic: lone\tPartition: 1\tLeader: 1\tReplicas: 1\tIsr: 1',
  ]);
  for (const { id } of cluster.nodes) await cluster.crash(id);
}, 30_000);
