import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApacheKafka, findApacheKafka } from '../apache-kafka.ts';
import { apacheKafkaLauncher, BrokerProcess, brokerlab } from '../broker-process.ts';
import { ClusterProcesses } from '../cluster-processes.ts';
import { freePort } from '../free-port.ts';
import { produceLines } from './console-producer.ts';
import { eventually } from './eventually.ts';

const found = findApacheKafka({ fetch: false });
const kafka = 'reason' in found ? undefined : found;
if ('reason' in found) {
  process.stderr.write(`skipped: a broker of Apache Kafka beside ours (${found.reason})\n`);
}

const recordCount = 300;
const lines = Array.from({ length: recordCount }, (_, i) => `record ${i}`);

describe.skipIf(kafka === undefined)('a broker of Apache Kafka 3.8.0 under our controllers', () => {
  let cluster: ClusterProcesses;
  let apache: BrokerProcess;

  beforeAll(async () => {
    if (kafka === undefined) return;
    cluster = await ClusterProcesses.start();
    apache = await startApacheBroker(kafka, cluster);
  }, 120_000);

  afterAll(async () => {
    await apache?.dispose();
    await cluster?.dispose();
  }, 120_000);

  test('it registers, is unfenced, and leads and follows partitions beside our brokers', async () => {
    topics(apache, '--create', '--topic', 'mixed', '--replica-assignment', '4:1:2,1:4:2,2:3:4');
    produce(cluster.bootstrap, 'mixed');
    await eventually(
      () => topics(apache, '--describe', '--topic', 'mixed'),
      (shown) => /Leader: 4\tReplicas: 4,1,2\tIsr: 4,1,2/.test(shown),
    );
    expect(topics(apache, '--describe', '--under-replicated-partitions').trim()).toBe('');
    expect(consume(apache.bootstrap, 'mixed', recordCount)).toEqual(lines.toSorted());
  });

  test('when it is killed our brokers lead its partitions, and lose nothing', async () => {
    await apache.kill('SIGKILL');
    await eventually(
      () => topics(cluster.node(1), '--describe', '--topic', 'mixed'),
      (shown) => !shown.includes('Leader: 4') && !/Isr: [\d,]*4/.test(shown),
      60_000,
    );
    produce(cluster.bootstrap, 'mixed');
    const twice = [...lines, ...lines].toSorted();
    expect(consume(cluster.bootstrap, 'mixed', 2 * recordCount)).toEqual(twice);
    expect(endOffset(cluster.bootstrap, 'mixed')).toBe(2 * recordCount);
    await apache.restart();
    await eventually(
      () => topics(cluster.node(1), '--describe', '--under-replicated-partitions'),
      (shown) => shown.trim() === '',
      60_000,
    );
  });

  test('when one of ours is killed it leads on', async () => {
    await cluster.node(2).kill('SIGKILL');
    await eventually(
      () => topics(apache, '--describe', '--topic', 'mixed'),
      (shown) => !shown.includes('Leader: 2') && !/Isr: [\d,]*2/.test(shown),
      60_000,
    );
    produce(apache.bootstrap, 'mixed');
    const thrice = [...lines, ...lines, ...lines].toSorted();
    expect(consume(apache.bootstrap, 'mixed', 3 * recordCount)).toEqual(thrice);
    await cluster.node(2).restart();
  });
});

describe.skipIf(kafka === undefined)('our broker under a controller of Apache Kafka 3.8.0', () => {
  let apache: BrokerProcess;
  let own: BrokerProcess;

  beforeAll(async () => {
    if (kafka === undefined) return;
    const ports = [await freePort(), await freePort(), await freePort()] as const;
    const [apachePort, controllerPort, ownPort] = ports;
    const shared = {
      'controller.quorum.voters': `1@localhost:${controllerPort}`,
      'controller.listener.names': 'CONTROLLER',
      'offsets.topic.replication.factor': '2',
      'group.initial.rebalance.delay.ms': '0',
    };
    apache = BrokerProcess.format(apacheKafkaLauncher(kafka), apachePort, {
      ...shared,
      'process.roles': 'broker,controller',
      'node.id': '1',
      listeners: `PLAINTEXT://localhost:${apachePort},CONTROLLER://localhost:${controllerPort}`,
    });
    own = BrokerProcess.format(brokerlab, ownPort, {
      ...shared,
      'process.roles': 'broker',
      'node.id': '2',
      listeners: `PLAINTEXT://localhost:${ownPort}`,
    });
    await apache.restart();
    await own.restart();
  }, 120_000);

  afterAll(async () => {
    await own?.dispose();
    await apache?.dispose();
  }, 120_000);

  test('it registers, and replicates in both directions', async () => {
    topics(own, '--create', '--topic', 'both', '--replica-assignment', '1:2,2:1');
    const servers = `${own.bootstrap},${apache.bootstrap}`;
    produce(servers, 'both');
    await eventually(
      () => topics(own, '--describe', '--topic', 'both'),
      (shown) => shown.includes('Isr: 1,2') && shown.includes('Isr: 2,1'),
    );
    expect(consume(servers, 'both', recordCount)).toEqual(lines.toSorted());
  });

  test('it shuts down under control: its partitions have other leaders before it ends', async () => {
    // As the JVM ends on a signal that it has handled.
    expect(await own.kill('SIGTERM')).toBe(143);
    expect(topics(apache, '--describe', '--topic', 'both')).not.toContain('Leader: 2');
    await own.restart();
    await eventually(
      () => topics(own, '--describe', '--under-replicated-partitions'),
      (shown) => shown.trim() === '',
      60_000,
    );
  });
});

describe.skipIf(kafka === undefined)(
  'a quorum of two nodes of ours and one of Apache Kafka 3.8.0',
  () => {
    const nodes: BrokerProcess[] = [];

    beforeAll(async () => {
      if (kafka === undefined) return;
      const ids = [1, 2, 3];
      const controllers = [await freePort(), await freePort(), await freePort()];
      const voters = ids.map((id, i) => `${id}@localhost:${controllers[i]}`).join(',');
      for (const [i, id] of ids.entries()) {
        const port = await freePort();
        const launcher = id === 3 ? apacheKafkaLauncher(kafka) : brokerlab;
        const node = BrokerProcess.format(launcher, port, {
          'process.roles': 'broker,controller',
          'node.id': String(id),
          'controller.quorum.voters': voters,
          listeners: `PLAINTEXT://localhost:${port},CONTROLLER://localhost:${controllers[i]}`,
          'controller.listener.names': 'CONTROLLER',
          'group.initial.rebalance.delay.ms': '0',
        });
        nodes.push(node);
      }
      await Promise.all(nodes.map((node) => node.restart()));
    }, 120_000);

    afterAll(async () => {
      await Promise.all(nodes.map((node) => node.dispose()));
    }, 120_000);

    test('it elects another leader with the votes of both when its leader is killed, and goes on', async () => {
      const bootstrap = nodes.map((node) => node.bootstrap).join(',');
      const describe = () => {
        const args = ['--bootstrap-server', bootstrap, 'describe', '--status'];
        const result = kafka?.run('org.apache.kafka.tools.MetadataQuorumCommand', args);
        return { leader: Number(/LeaderId: +(\d)/.exec(result?.stdout ?? '')?.[1] ?? 0), result };
      };
      // An attempt may last for the tool's own minute where the machine has other things to do.
      const { leader: first } = await eventually(describe, ({ leader }) => 0 < leader, 90_000);
      const killed = nodes[first - 1];
      const alive = nodes.find((node) => node !== killed);
      if (killed === undefined || alive === undefined) throw new TypeError(`no node ${first}`);
      topics(alive, '--create', '--topic', 'before', '--replica-assignment', '1:2:3');
      produce(bootstrap, 'before');
      await killed.kill('SIGKILL');
      const isNew = (leader: number) => leader !== first && 0 < leader;
      await eventually(describe, ({ leader }) => isNew(leader), 90_000);
      topics(alive, '--create', '--topic', 'after', '--partitions', '3');
      produce(alive.bootstrap, 'before');
      expect(endOffset(alive.bootstrap, 'before')).toBe(2 * recordCount);
      await killed.restart();
      await eventually(
        () => topics(alive, '--describe', '--under-replicated-partitions'),
        (shown) => shown.trim() === '',
        60_000,
      );
    }, 300_000);
  },
);

async function startApacheBroker(
  apacheKafka: ApacheKafka,
  cluster: ClusterProcesses,
): Promise<BrokerProcess> {
  const [client, replication] = [await freePort(), await freePort()];
  const voters = cluster.nodeIds.map((id) => `${id}@localhost:${cluster.ports(id).controller}`);
  const broker = BrokerProcess.format(apacheKafkaLauncher(apacheKafka), client, {
    'process.roles': 'broker',
    'node.id': '4',
    'controller.quorum.voters': voters.join(','),
    listeners: `PLAINTEXT://localhost:${client},REPLICATION://localhost:${replication}`,
    'inter.broker.listener.name': 'REPLICATION',
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map':
      'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,REPLICATION:PLAINTEXT',
    'group.initial.rebalance.delay.ms': '0',
  });
  await broker.restart();
  return broker;
}

function produce(bootstrap: string, topic: string): void {
  if (kafka !== undefined) produceLines(kafka, { bootstrap, topic }, lines);
}

/** So many records from the beginning, sorted. */
function consume(bootstrap: string, topic: string, count: number): readonly string[] {
  const shown = java('org.apache.kafka.tools.consumer.ConsoleConsumer', [
    ...['--bootstrap-server', bootstrap, '--topic', topic, '--from-beginning'],
    ...['--max-messages', String(count), '--timeout-ms', '30000'],
  ]);
  return shown.trim().split('\n').toSorted();
}

/** The sum of the partitions' ends: nothing is there twice. */
function endOffset(bootstrap: string, topic: string): number {
  const shown = java('org.apache.kafka.tools.GetOffsetShell', [
    ...['--bootstrap-server', bootstrap, '--topic', topic],
  ]);
  const ends = shown
    .trim()
    .split('\n')
    .map((line) => Number(line.split(':')[2]));
  return ends.reduce((sum, end) => sum + end, 0);
}

function topics({ bootstrap }: BrokerProcess, ...args: string[]): string {
  return java('org.apache.kafka.tools.TopicCommand', ['--bootstrap-server', bootstrap, ...args]);
}

function java(mainClass: string, args: readonly string[]): string {
  return kafka?.output(mainClass, args) ?? '';
}
