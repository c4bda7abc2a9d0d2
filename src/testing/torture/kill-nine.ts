import { Kafka, logLevel } from 'kafkajs';
import { type BrokerLauncher, BrokerProcess } from '../broker-process.ts';
import { eventually } from '../clients/eventually.ts';
import { judge, type LoggedRecord, type Verdict } from './acknowledgements.ts';
import { SteadyProducer } from './steady-producer.ts';

const topic = 'torture';
const partitions = 3;
const producerCount = 3;

export interface KillNineReport extends Verdict {
  readonly rounds: number;
  readonly restartMsMax: number;
  /** Records that a producer was told had failed. */
  readonly failures: readonly string[];
}

/**
 * Kills the broker with SIGKILL, `rounds` times, at random moments under idempotent producers with
 * acks=all; then reads everything back with kafkajs and compares.
 */
export async function killNine(
  launcher: BrokerLauncher,
  rounds: number,
  onRound: (round: number, restartMs: number) => void = () => {},
): Promise<KillNineReport> {
  const broker = await BrokerProcess.start(launcher, { 'num.partitions': String(partitions) });
  try {
    const names = Array.from({ length: producerCount }, (_, index) => `p${index}`);
    const producers = names.map((name) => new SteadyProducer(name, topic, broker.bootstrap));
    const running = producers.map((producer) => producer.run());
    let restartMsMax = 0;
    for (let round = 1; round <= rounds; round += 1) {
      await pause(200 + Math.random() * 600);
      await broker.kill('SIGKILL');
      await broker.restart();
      restartMsMax = Math.max(restartMsMax, broker.startMs);
      onRound(round, broker.startMs);
    }
    await pause(500);
    for (const producer of producers) producer.stop();
    await Promise.all(running);
    const acknowledged = new Set(producers.flatMap((producer) => [...producer.acknowledged]));
    const verdict = judge(acknowledged, await readLog(broker.bootstrap));
    const failures = producers.flatMap((producer) => producer.failures);
    return { rounds, restartMsMax, failures, ...verdict };
  } finally {
    await broker.dispose();
  }
}

/** Every record of the topic, each partition in its order, read with a client that is not ours. */
async function readLog(bootstrap: string): Promise<LoggedRecord[]> {
  const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const expected = offsets.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);

  const log: LoggedRecord[] = [];
  const consumer = kafka.consumer({ groupId: 'judge', maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: ({ batch }) => {
      for (const message of batch.messages) {
        log.push({ partition: batch.partition, value: message.value?.toString() ?? '' });
      }
      return Promise.resolve();
    },
  });
  await eventually(
    () => log.length,
    (length) => expected <= length,
    120_000,
  );
  await consumer.disconnect();
  return log;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
