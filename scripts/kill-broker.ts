// node scripts/with-node.mjs scripts/kill-broker.ts [kills]   (after npm run build:sandboxes)
import { killBrokerRepeatedly } from '../src/testing/kill-broker.ts';

const kills = Number(process.argv[2] ?? 50);
const startedAt = performance.now();
const { acknowledged, lost, repeated, outOfOrder } = await killBrokerRepeatedly({ kills });
const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
console.log(
  `${kills} kills in ${seconds} s: ${acknowledged} records acknowledged with acks=all, ` +
    `${lost.length} lost, ${repeated.length} repeated, ${outOfOrder ? 'out of order' : 'in order'}`,
);
process.exitCode = lost.length === 0 && repeated.length === 0 && !outOfOrder ? 0 : 1;
