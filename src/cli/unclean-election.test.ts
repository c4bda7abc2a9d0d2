import { expect, test } from 'vitest';
import { startTestCluster, type TestCluster } from '../testing/cluster.ts';
import { ToolMachine } from '../testing/tool-run.ts';
import { programs } from './programs.ts';

/** What a tool says on standard output; its client warns of the broker that is down on the other. */
async function run(cluster: TestCluster, line: string): Promise<string> {
  const [name = '', ...args] = line.split(' ');
  const program = await programs[name]?.();
  if (program === undefined) throw new TypeError(`no program ${name}`);
  const { stdout } = await new ToolMachine(cluster).run(program, args);
  return stdout;
}

test('a replica that was not in sync leads again only by an unclean election', async () => {
  const roles = { 1: 'controller', 2: 'broker', 3: 'broker' };
  const cluster = await startTestCluster({ nodes: 3, roles });
  const bootstrap = `--bootstrap-server ${cluster.bootstrap}`;
  const elect = (type: string) =>
    run(
      cluster,
      `kafka-leader-election.sh ${bootstrap} --election-type ${type} --topic t --partition 0`,
    );
  const describe = () => run(cluster, `kafka-topics.sh ${bootstrap} --describe --topic t`);

  await run(cluster, `kafka-topics.sh ${bootstrap} --create --topic t --replica-assignment 2:3`);
  await cluster.crash(3);
  await cluster.scheduler.advance(12_000);
  await cluster.crash(2);
  await cluster.scheduler.advance(12_000);
  await cluster.start(3);
  await cluster.scheduler.advance(1_000);
  expect(await describe()).toContain('Leader: none\tReplicas: 2,3\tIsr: 2');

  expect(await elect('preferred')).toContain(
    'Error completing leader election (PREFERRED) for partition: t-0: org.apache.kafka.common.errors.PreferredLeaderNotAvailableException: The preferred leader was not available.',
  );
  expect(await elect('unclean')).toBe(
    'Successfully completed leader election (UNCLEAN) for partitions t-0\n',
  );
  await cluster.scheduler.advance(1_000);
  expect(await describe()).toContain('Leader: 3\tReplicas: 2,3\tIsr: 3');
  expect(await elect('unclean')).toBe('Valid replica already elected for partitions t-0\n');

  await cluster.start(2);
  await cluster.scheduler.advance(3_000);
  expect(await describe()).toContain('Leader: 3\tReplicas: 2,3\tIsr: 3,2');
  expect(await elect('preferred')).toBe(
    'Successfully completed leader election (PREFERRED) for partitions t-0\n',
  );
  for (const id of [1, 2, 3]) await cluster.crash(id);
}, 30_000);
