// `npm run torture [-- ROUNDS]`: kills the broker ROUNDS times (50) under load and counts what was lost.
// `npm run torture -- cluster [ROUNDS]`: three nodes, of which one is killed or cut off each round (100).
// With `apache` it is done to Apache Kafka.
import { findApacheKafka } from '../src/testing/apache-kafka.ts';
import {
  apacheKafkaLauncher,
  type BrokerLauncher,
  brokerlab,
} from '../src/testing/broker-process.ts';
import type { Verdict } from '../src/testing/torture/acknowledgements.ts';
import { killNine } from '../src/testing/torture/kill-nine.ts';
import { loseNodes } from '../src/testing/torture/lose-nodes.ts';

type Outcome = Verdict & { readonly failures: readonly string[] };

const words = process.argv.slice(2);
const isCluster = words.includes('cluster');
const count = words.find((word) => word !== 'cluster' && word !== 'apache');
const rounds = Number(count ?? (isCluster ? 100 : 50));
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(`ROUNDS must be a whole number from 1, but is '${count}'.`);
  process.exit(1);
}

const broker = launcher();
console.log(`${broker.name}:`);
const report = isCluster ? await tortureCluster() : await tortureBroker();
process.exit(hasDamage(report) ? 1 : 0);

async function tortureBroker(): Promise<Outcome> {
  const killed = await killNine(broker, rounds, (round, restartMs) => {
    console.log(
      `killed and restarted ${round} of ${rounds}, started in ${Math.round(restartMs)} ms`,
    );
  });
  tell(killed);
  console.log(`slowest restart ${Math.round(killed.restartMsMax)} ms`);
  return killed;
}

async function tortureCluster(): Promise<Outcome> {
  const lost = await loseNodes(broker, rounds, (line) => console.log(line));
  tell(lost);
  console.log(
    `${lost.kills} kills, ${lost.cuts} cuts, ${lost.controllersLost} times the active controller; ` +
      `longest without an active controller ${Math.round(lost.controllerMsMax)} ms, ` +
      `longest of a partition without a leader ${Math.round(lost.partitionMsMax)} ms`,
  );
  return lost;
}

function tell(verdict: Outcome): void {
  const { lost, duplicated, reordered, failures } = verdict;
  for (const [what, values] of Object.entries({ lost, duplicated, reordered, failures })) {
    if (0 < values.length) console.log(`${what}: ${values.slice(0, 10).join(', ')} …`);
  }
  console.log(
    `${verdict.acknowledged} acknowledged, ${verdict.inLog} in the log, ${lost.length} lost, ` +
      `${duplicated.length} duplicated, ${reordered.length} out of order, ${failures.length} failed`,
  );
}

/** Producers that can wait for ten minutes have no reason to fail; and where nothing was acknowledged nothing was shown. */
function hasDamage({ acknowledged, lost, duplicated, reordered, failures }: Outcome): boolean {
  const damaged = lost.length + duplicated.length + reordered.length + failures.length;
  return acknowledged === 0 || 0 < damaged;
}

function launcher(): BrokerLauncher {
  if (!words.includes('apache')) return brokerlab;
  const kafka = findApacheKafka({ fetch: true });
  if (!('reason' in kafka)) return apacheKafkaLauncher(kafka);
  console.error(kafka.reason);
  return process.exit(1);
}
