// `npm run bench`: ours against Apache Kafka 3.8.0 on this machine, in one go, as ratios.
// `npm run bench -- clusters tab` measures these sections and keeps the others of the same day and machine.
// `npm run bench -- quick` uses a tenth of the records: to see that it works, not to quote.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { findApacheKafka } from '../src/testing/apache-kafka.ts';
import { projectRoot } from '../src/testing/project-root.ts';
import { measureBrokers } from './brokers.ts';
import { measureClusters } from './cluster.ts';
import { measureManyPartitions } from './many-partitions.ts';
import { toMarkdown } from './report.ts';
import type { BenchResults } from './results.ts';
import { measureScaling } from './scaling.ts';
import { measureTab } from './tab.ts';
import { measureTools } from './tools.ts';

const isQuick = process.argv.includes('quick');
const records = isQuick ? 100_000 : 1_000_000;
const sections = process.argv.slice(2).filter((word) => word !== 'quick');
const kafka = findApacheKafka({ fetch: true });
if ('reason' in kafka) console.log(`Apache Kafka is left out: ${kafka.reason}.`);
const oracle = 'reason' in kafka ? undefined : kafka;

const machine = {
  date: new Date().toISOString().slice(0, 10),
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGib: Math.round(totalmem() / 2 ** 30),
  node: process.version,
};
const earlier = readEarlier();

const results: BenchResults = {
  machine,
  records,
  brokers: await measured('brokers', () => measureBrokers(oracle, records)),
  clusters: await measured('clusters', () => measureClusters(oracle, records)),
  manyPartitions: await measured('manyPartitions', () =>
    measureManyPartitions(oracle, records / 100),
  ),
  tools: await measured('tools', () => measureTools(oracle, records)),
  scaling: await measured('scaling', () => measureScaling(oracle, records / 5)),
  tab: await measured('tab', () => measureTab(records)),
};

mkdirSync(join(projectRoot, 'bench'), { recursive: true });
writeFileSync(join(projectRoot, 'bench', 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
writeFileSync(join(projectRoot, 'docs', 'PERFORMANCE.md'), toMarkdown(results));
console.log('Wrote bench/results.json and docs/PERFORMANCE.md.');

/** A section of the results, measured now unless others were asked for and there is one to keep. */
async function measured<K extends keyof BenchResults>(
  section: K,
  measure: () => Promise<BenchResults[K]>,
): Promise<BenchResults[K]> {
  const kept = earlier?.[section];
  if (kept !== undefined && !sections.includes(section)) return kept;
  return await measure();
}

/** What was measured today on this machine with as many records, where only some sections are asked for. */
function readEarlier(): Partial<BenchResults> | undefined {
  const file = join(projectRoot, 'bench', 'results.json');
  if (sections.length === 0 || !existsSync(file)) return undefined;
  const found = JSON.parse(readFileSync(file, 'utf8')) as BenchResults;
  const isSame = isDeepStrictEqual(found.machine, machine) && found.records === records;
  return isSame ? found : undefined;
}
