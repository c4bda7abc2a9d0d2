// `npm run torture [-- ROUNDS]`: kills the broker ROUNDS times (50) under load and counts what was lost.
// `npm run torture -- ROUNDS apache` does it to Apache Kafka.
import { findApacheKafka } from '../src/testing/apache-kafka.ts';
import {
  apacheKafkaLauncher,
  type BrokerLauncher,
  brokerlab,
} from '../src/testing/broker-process.ts';
import { killNine } from '../src/testing/torture/kill-nine.ts';

const rounds = Number(process.argv[2] ?? 50);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(`ROUNDS must be a whole number from 1, but is '${process.argv[2]}'.`);
  process.exit(1);
}

const report = await killNine(launcher(), rounds, (round, restartMs) => {
  console.log(`killed and restarted ${round} of ${rounds}, started in ${Math.round(restartMs)} ms`);
});
const { lost, duplicated, reordered, failures } = report;
for (const [what, values] of Object.entries({ lost, duplicated, reordered, failures })) {
  if (0 < values.length) console.log(`${what}: ${values.slice(0, 10).join(', ')} …`);
}
console.log(
  `${report.acknowledged} acknowledged, ${report.inLog} in the log, ${lost.length} lost, ` +
    `${duplicated.length} duplicated, ${reordered.length} out of order, ${failures.length} failed; ` +
    `slowest restart ${Math.round(report.restartMsMax)} ms`,
);
process.exit(lost.length + duplicated.length + reordered.length === 0 ? 0 : 1);

function launcher(): BrokerLauncher {
  if (process.argv[3] !== 'apache') return brokerlab;
  const kafka = findApacheKafka({ fetch: true });
  if (!('reason' in kafka)) return apacheKafkaLauncher(kafka);
  console.error(kafka.reason);
  return process.exit(1);
}
