// `npm run bench`: ours against Apache Kafka 3.8.0 on this machine, in one go, as ratios.
// `npm run bench -- clusters tab` measures these sections and keeps the others of the same day and machine.
// `npm run bench -- quick` uses a tenth of the records and only prints: to see that it works, not to quote.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
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
const sectionNames = ['brokers', 'clusters', 'manyPartitions', 'tools', 'scaling', 'tab'];
const sections = process.argv.slice(2).filter((word) => word !== 'quick');
const unknown = sections.find((word) => !sectionNames.includes(word));
if (unknown !== undefined) {
  console.error(`There is no section '${unknown}', only ${sectionNames.join(', ')}.`);
  process.exit(1);
}
const kafka = findApacheKafka({ fetch: true });
if ('reason' in kafka) console.log(`Apache Kafka is left out: ${kafka.reason}.`);
const oracle = 'reason' in kafka ? undefined : kafka;

const resultsFile = join(projectRoot, 'bench', 'results.json');
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

if (isQuick) {
  console.log(toMarkdown(results));
} else {
  writeFileSync(resultsFile, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(join(projectRoot, 'docs', 'PERFORMANCE.md'), toMarkdown(results));
  console.log('Wrote bench/results.json and docs/PERFORMANCE.md.');
}

/** A section of the results, measured now unless others were asked for and there is one to keep. */
async function measured<K extends keyof BenchResults>(
  section: K,
  measure: () => Promise<BenchResults[K]>,
): Promise<BenchResults[K]> {
  const kept = earlier?.[section];
  if (kept !== undefined && !sections.includes(section)) return kept;
  return await measure();
}

/**
 * What was measured today on this machine with as many records, where only some sections are asked for; beside a
 * quick one whatever there is.
 */
function readEarlier(): Partial<BenchResults> | undefined {
  if (sections.length === 0 || !existsSync(resultsFile)) return undefined;
  const found = JSON.parse(readFileSync(resultsFile, 'utf8')) as BenchResults;
  const isSame = isDeepStrictEqual(found.machine, machine) && found.records === records;
  return isSame || isQuick ? found : undefined;
}
