import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { EntryType } from 'node:perf_hooks';
import type { Page } from 'playwright-core';
import { createSiteServer } from '../scripts/site-server.mjs';
import { launchChromium } from '../src/testing/chromium.ts';
import { projectRoot } from '../src/testing/project-root.ts';
import { BenchError } from './bench-error.ts';
import { type ProducerFigures, parseProducerLine } from './perf-tools.ts';
import type { TabFigures } from './results.ts';

/** `window.lab` as the site documents it, as far as the benchmark needs it. */
interface Lab {
  start(): Promise<void>;
  exec(command: string, options: { timeoutMs: number }): Promise<ExecResult>;
}

interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

declare const window: { lab: Lab };

const home = '/opt/kafka_2.13-3.8.0';
const execDeadlineMs = 300_000;

/** The course's own commands, in the lessons' labs, in headless Chromium: one machine, then a cluster of three. */
export async function measureTab(records: number): Promise<TabFigures | { skipped: string }> {
  if (!existsSync(join(projectRoot, 'dist', 'index.html'))) {
    return { skipped: 'the site is not built (npm run build)' };
  }
  const server = createSiteServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(`${origin}/en/01-performance/01-first-run/`);
    const one = await measurePage(page, records);
    await page.goto(`${origin}/en/03-kraft/05-failure-hour/`);
    const cluster = await measureCluster(page, records / 5);
    return { browser: `Chromium ${browser.version()}`, ...one, cluster };
  } finally {
    await browser.close();
    server.close();
  }
}

async function measurePage(
  page: Page,
  records: number,
): Promise<Omit<TabFigures, 'browser' | 'cluster'>> {
  const promptMs = await page.evaluate(async () => {
    const startedAt = performance.now();
    await window.lab.start();
    return performance.now() - startedAt;
  });
  const kraft = `${home}/config/kraft/server.properties`;
  await exec(page, `kafka-storage.sh format -t "$(kafka-storage.sh random-uuid)" -c ${kraft}`);
  const startedAt = performance.now();
  await exec(page, `kafka-server-start.sh -daemon ${kraft}`);
  const log = `${home}/logs/server.log`;
  await exec(page, `until grep -q 'Kafka Server started' ${log} 2>/dev/null; do sleep 0.02; done`);
  const startMs = performance.now() - startedAt;
  await exec(page, 'kafka-topics.sh --bootstrap-server worker1:9092 --create --topic test');
  await watchLongTasks(page);
  const output = await exec(
    page,
    `kafka-producer-perf-test.sh --topic test --num-record ${records} --record-size 1024 --throughput -1 --producer-props bootstrap.servers=worker1:9092 acks=1`,
  );
  const produce = parseProducerLine(output);
  console.log(`In a tab: ${Math.round(produce.recordsPerSecond)} records/s`);
  return { promptMs, startMs, produce, longestTaskMs: await longestTask(page) };
}

/** The lesson's lab brings its three nodes up; a topic with three replicas, acks=all. */
async function measureCluster(page: Page, records: number): Promise<ProducerFigures> {
  await page.evaluate(() => window.lab.start());
  const servers = 'worker1:9092,worker2:9092,worker3:9092';
  const create = `kafka-topics.sh --bootstrap-server ${servers} --create --topic test --partitions 6 --replication-factor 3`;
  await exec(page, `until ${create} --if-not-exists; do sleep 1; done`);
  const output = await exec(
    page,
    `kafka-producer-perf-test.sh --topic test --num-records ${records} --record-size 1024 --throughput -1 --producer-props bootstrap.servers=${servers} acks=all`,
  );
  const produced = parseProducerLine(output);
  console.log(`Three nodes in a tab: ${Math.round(produced.recordsPerSecond)} records/s`);
  return produced;
}

async function exec(page: Page, command: string): Promise<string> {
  const result = await page.evaluate(([line, timeoutMs]) => window.lab.exec(line, { timeoutMs }), [
    command,
    execDeadlineMs,
  ] as const);
  if (result.exitCode !== 0) throw new BenchError(`${command}: ${result.stdout}${result.stderr}`);
  return result.stdout;
}

/** Chromium reports every task of the page's thread over 50 ms. */
function watchLongTasks(page: Page): Promise<void> {
  return page.evaluate(() => {
    const page = globalThis as { longestTaskMs?: number };
    page.longestTaskMs = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        page.longestTaskMs = Math.max(page.longestTaskMs ?? 0, entry.duration);
      }
    }).observe({ entryTypes: ['longtask' as EntryType] });
  });
}

function longestTask(page: Page): Promise<number> {
  return page.evaluate(() => (globalThis as { longestTaskMs?: number }).longestTaskMs ?? 0);
}
