import { expect, test } from 'vitest';
import { type TestProgram, VirtualShellHost } from '../../testing/virtual-shell-host.ts';
import { topicsByTool } from './topics-by-tool.ts';

function hostWith(program: TestProgram): VirtualShellHost {
  return new VirtualShellHost({
    programs: { 'kafka-topics.sh': program },
    environment: { KAFKA_HOME: '/opt/kafka' },
  });
}

test('the topics are what kafka-topics.sh lists for the broker of this machine', async () => {
  const host = hostWith(async ({ argv, stdout }) => {
    expect(argv.slice(1)).toEqual(['--list', '--bootstrap-server', 'worker1:9092']);
    await stdout.write('orders\npayments\n');
    return 0;
  });
  expect(await topicsByTool(host)).toEqual(['orders', 'payments']);
});

test('a tool that fails lists nothing', async () => {
  const host = hostWith(async ({ stdout }) => {
    await stdout.write('Error while executing topic command : Timed out\n');
    return 1;
  });
  expect(await topicsByTool(host)).toEqual([]);
});
