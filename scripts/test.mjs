// `npm test`: installs, gets a browser, builds, runs everything, and ends with one line of true counts.
// `npm test -- unit` runs one project (unit, interop, e2e).
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { getChromium } from './find-chromium.mjs';
import {
  buildSandboxesIfNeeded,
  buildSiteIfNeeded,
  bundledNode,
  fail,
  installIfNeeded,
  root,
  run,
} from './lib.mjs';

const projects = process.argv.slice(2);
const needsBrowser = projects.length === 0 || projects.includes('e2e');

installIfNeeded();
if (needsBrowser && getChromium() === undefined) {
  fail(
    'No Chromium found. Install one (Debian: apt-get install chromium; elsewhere: npx playwright install chromium), or set CHROMIUM_PATH.',
  );
}
if (projects.length === 0 || projects.some((name) => name !== 'unit')) buildSandboxesIfNeeded();
if (needsBrowser) buildSiteIfNeeded();
if (projects.length === 0 || projects.includes('interop')) {
  run(bundledNode(), ['scripts/fetch-apache-kafka.ts']);
}

const report = join(root, '.cache', 'test-report.json');
mkdirSync(join(root, '.cache'), { recursive: true });
rmSync(report, { force: true });
const result = spawnSync(
  bundledNode(),
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...projects.flatMap((name) => ['--project', name]),
  ],
  { cwd: root, stdio: 'inherit' },
);
process.exit(summarize(result.status ?? 1));

/** Prints the closing line; answers the exit status. */
function summarize(status) {
  const counts = readCounts();
  if (counts === undefined) fail('0 passed, 1 failed, 0 skipped');
  const failed = status !== 0 && counts.failed === 0 ? 1 : counts.failed;
  console.log(`${counts.passed} passed, ${failed} failed, ${counts.skipped} skipped`);
  return failed === 0 && status === 0 ? 0 : 1;
}

function readCounts() {
  try {
    const totals = JSON.parse(readFileSync(report, 'utf8'));
    return {
      passed: totals.numPassedTests,
      failed: totals.numFailedTests,
      skipped: totals.numPendingTests + totals.numTodoTests,
    };
  } catch {
    return undefined;
  }
}
