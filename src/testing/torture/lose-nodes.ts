import { Kafka, logLevel } from 'kafkajs';
import type { BrokerLauncher } from '../broker-process.ts';
import { ClusterProcesses } from '../cluster-processes.ts';
import { judge, type Verdict } from './acknowledgements.ts';
import { type LeaderlessTimes, LeaderWatch } from './leader-watch.ts';
import { readLog } from './read-log.ts';
import { SteadyProducer } from './steady-producer.ts';

const topic = 'torture';
const partitions = 6;
const producerCount = 5;
/** 1,000 records a second of all producers together: half an hour of them fits into memory. */
const pace = { burstRecords: 2, pauseMs: 10 };

export interface LoseNodesReport extends Verdict, LeaderlessTimes {
  readonly rounds: number;
  readonly kills: number;
  readonly cuts: number;
  /** How often the lost node was the active controller. */
  readonly controllersLost: number;
  readonly failures: readonly string[];
}

/**
 * Loses one of three nodes, `rounds` times, at random moments and for random times (some shorter, some
 * longer than the broker's session), by SIGKILL or by cutting it off from the others, under five idempotent
 * producers with acks=all; then reads everything back with kafkajs and compares.
 */
export async function loseNodes(
  launcher: BrokerLauncher,
  rounds: number,
  onRound: (line: string) => void = () => {},
): Promise<LoseNodesReport> {
  const cluster = await ClusterProcesses.start({
    launcher,
    isCuttable: true,
    properties: { 'num.partitions': String(partitions), 'default.replication.factor': '3' },
  });
  try {
    await createTopic(cluster.bootstrap);
    const watch = new LeaderWatch(cluster, topic);
    const watching = watch.run();
    const names = Array.from({ length: producerCount }, (_, index) => `p${index}`);
    const producers = names.map((name) => new SteadyProducer(name, topic, cluster.bootstrap, pace));
    const running = producers.map((producer) => producer.run());
    await pause(3_000);
    const counts = { kills: 0, cuts: 0, controllersLost: 0 };
    for (let round = 1; round <= rounds; round += 1) {
      onRound(`round ${round} of ${rounds}: ${await loseOne(cluster, watch, counts)}`);
    }
    await pause(12_000);
    for (const producer of producers) producer.stop();
    await Promise.all(running);
    const times = watch.stop();
    await watching;
    const acknowledged = new Set(producers.flatMap((producer) => [...producer.acknowledged]));
    const verdict = judge(acknowledged, await readLog(cluster.bootstrap, topic));
    const failures = producers.flatMap((producer) => producer.failures);
    return { rounds, ...counts, ...times, failures, ...verdict };
  } finally {
    await cluster.dispose();
  }
}

async function loseOne(
  cluster: ClusterProcesses,
  watch: LeaderWatch,
  counts: { kills: number; cuts: number; controllersLost: number },
): Promise<string> {
  const active = watch.activeController;
  const victim = Math.random() < 0.5 && active !== undefined ? active : oneOf(cluster.nodeIds);
  if (victim === active) counts.controllersLost += 1;
  // Shorter than a broker's session of 9 s, or longer.
  const awayMs = Math.random() < 0.5 ? Math.random() * 1_000 : 9_500 + Math.random() * 4_000;
  const isCut = Math.random() < 0.3;
  if (isCut) {
    counts.cuts += 1;
    cluster.isolate(victim);
    watch.lose(victim);
    await pause(awayMs);
    cluster.heal();
  } else {
    counts.kills += 1;
    await cluster.node(victim).kill('SIGKILL');
    watch.lose(victim);
    await pause(awayMs);
    await cluster.node(victim).restart();
  }
  watch.regain(victim);
  // Sometimes the next one is lost before this one has caught up.
  await pause(500 + Math.random() * 4_000);
  const leaderlessMs = Math.round(watch.takeControllerMsMax());
  const role = victim === active ? ', the active controller,' : '';
  return `node ${victim}${role} was ${isCut ? 'cut off' : 'killed'} for ${Math.round(awayMs)} ms; no active controller for ${leaderlessMs} ms`;
}

async function createTopic(bootstrap: string): Promise<void> {
  const admin = new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const configEntries = [{ name: 'min.insync.replicas', value: '2' }];
  // Its own waiting gives up when it asks a broker of Apache Kafka that has not heard of the topic yet.
  await admin.createTopics({
    waitForLeaders: false,
    topics: [{ topic, numPartitions: partitions, replicationFactor: 3, configEntries }],
  });
  await admin.disconnect();
}

function oneOf(ids: readonly number[]): number {
  return ids[Math.floor(Math.random() * ids.length)] ?? 1;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
