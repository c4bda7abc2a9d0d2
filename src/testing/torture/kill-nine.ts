import { type BrokerLauncher, BrokerProcess } from '../broker-process.ts';
import { judge, type Verdict } from './acknowledgements.ts';
import { readLog } from './read-log.ts';
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
    const verdict = judge(acknowledged, await readLog(broker.bootstrap, topic));
    const failures = producers.flatMap((producer) => producer.failures);
    return { rounds, restartMsMax, failures, ...verdict };
  } finally {
    await broker.dispose();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
