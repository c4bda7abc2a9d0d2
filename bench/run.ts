// `npm run bench`: ours against Apache Kafka 3.8.0 on this machine, in one go, as ratios.
// `npm run bench -- quick` uses a tenth of the records: to see that it works, not to quote.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
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
const kafka = findApacheKafka({ fetch: true });
if ('reason' in kafka) console.log(`Apache Kafka is left out: ${kafka.reason}.`);
const oracle = 'reason' in kafka ? undefined : kafka;

const results: BenchResults = {
  machine: {
    date: new Date().toISOString().slice(0, 10),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  },
  records,
  brokers: await measureBrokers(oracle, records),
  clusters: await measureClusters(oracle, records),
  manyPartitions: await measureManyPartitions(oracle, records / 100),
  tools: await measureTools(oracle, records),
  scaling: await measureScaling(oracle, records / 5),
  tab: await measureTab(records),
};

mkdirSync(join(projectRoot, 'bench'), { recursive: true });
writeFileSync(join(projectRoot, 'bench', 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
writeFileSync(join(projectRoot, 'docs', 'PERFORMANCE.md'), toMarkdown(results));
console.log('Wrote bench/results.json and docs/PERFORMANCE.md.');
