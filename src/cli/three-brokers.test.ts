import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestCluster, type TestCluster } from '../testing/cluster.ts';
import { ToolMachine } from '../testing/tool-run.ts';
import { programs } from './programs.ts';

// A session with the Java tools on a cluster of three Apache Kafka 3.8.0; stack traces are left out.
const recorded = readFileSync(new URL('./testdata/three-brokers.txt', import.meta.url), 'utf8');
const steps = recorded
  .split(/^(?=\$ )/m)
  .map((text) => ({ command: /^\$ (.*)/.exec(text)?.[1] ?? '', text: text.trimEnd() }));

const files = {
  '/move.json':
    '{"version":1,"partitions":[{"topic":"foo","partition":0,"replicas":[3,2]},{"topic":"foo","partition":1,"replicas":[1,2,3]}]}',
  '/unknown.json': '{"version":1,"partitions":[{"topic":"foo","partition":0,"replicas":[7]}]}',
  '/nope.json': '{"version":1,"partitions":[{"topic":"nope","partition":0,"replicas":[1]}]}',
  '/part9.json': '{"version":1,"partitions":[{"topic":"foo","partition":9,"replicas":[1]}]}',
  '/dirs.json':
    '{"version":1,"partitions":[{"topic":"foo","partition":0,"replicas":[1],"log_dirs":["/nowhere"]}]}',
  '/topics.json': '{"topics":[{"topic":"foo"}],"version":1}',
  '/topicsnope.json': '{"topics":[{"topic":"nope"}],"version":1}',
};

describe('moves, elections and features on three brokers print what Kafka prints', () => {
  let cluster: TestCluster;
  let machine: ToolMachine;

  beforeAll(async () => {
    cluster = await startTestCluster({ nodes: 3 });
    machine = new ToolMachine(cluster);
    for (const [path, text] of Object.entries(files)) {
      const file = machine.files.create(path);
      file.write(0, [new TextEncoder().encode(text)]);
      await file.close();
    }
  }, 60_000);

  afterAll(async () => {
    for (const { id } of cluster.nodes) await cluster.crash(id);
  });

  test.each(steps)(
    '$command',
    async ({ command, text }) => {
      const [name = '', ...args] = command.split(' ');
      const program = await programs[name]?.();
      if (program === undefined) throw new TypeError(`no program ${name}`);
      const { stdout, stderr, exitCode } = await machine.run(program, args);
      // Java's tools take long enough for the brokers to do what was asked for.
      await cluster.scheduler.advance(1_000);
      expect(steady(`$ ${command}\n${stdout}${stderr}[${exitCode}]`)).toBe(text);
    },
    30_000,
  );
});

function steady(text: string): string {
  return text
    .replace(/^Caused by: .*\n/gm, '')
    .replace(/Epoch: \d+/g, 'Epoch: <n>')
    .replace(/TopicId: \S+/g, 'TopicId: <id>')
    .replace(/Local controller \d/g, 'Local controller <id>')
    .replace(/(Proposed partition reassignment configuration\n).*/g, '$1<proposal>');
}
