// `npm run lessons:check [-- WORDS…]`: every step of every lesson in real Chromium, in the order of the
// lesson: before its solution a step fails, after it passes. Words choose lessons by URL: `en`, `01-first`.
import { launchChromium } from '../src/testing/chromium.ts';
import { buildSandboxesIfNeeded, buildSiteIfNeeded, fail } from './lib.mjs';
import { createSiteServer } from './site-server.mjs';

const stepDeadlineMs = 300_000;
const words = process.argv.slice(2);

buildSandboxesIfNeeded();
buildSiteIfNeeded();
const server = createSiteServer().listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const origin = `http://localhost:${server.address().port}`;
const browser = await launchChromium();
const lessons = await (await fetch(`${origin}/lessons.json`)).json();
const chosen = lessons.filter(({ url }) => words.every((word) => url.includes(word)));
if (chosen.length === 0) fail(`No lesson's URL contains ${words.join(' and ')}.`);

let passed = 0;
let failed = 0;
for (const lesson of chosen) await checkLesson(lesson);
await browser.close();
server.close();
console.log(`${passed} steps passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

/** One lesson in a browser profile of its own. */
async function checkLesson(lesson) {
  console.log(lesson.url);
  const context = await browser.newContext();
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  try {
    await page.goto(origin + lesson.url);
    const startMs = await page.evaluate(
      '(async (from) => { await lab.start(); return performance.now() - from; })(performance.now())',
    );
    console.log(`  lab started in ${Math.round(startMs)} ms`);
    for (const step of lesson.steps) report(step.id, await checkStep(page, step.id));
    for (const error of errors) report('page', { problem: `uncaught: ${error}` });
  } catch (error) {
    report('lesson', { problem: error.message });
  } finally {
    await context.close();
  }
}

/** What is wrong with the step, if anything, and how long its solution took. */
async function checkStep(page, id) {
  const startedAtMs = performance.now();
  try {
    const before = await call(page, 'check', id, { isPatient: false });
    if (before.passed) return { problem: `passes before its solution: ${before.found}` };
    await call(page, 'solve', id);
    const after = await call(page, 'check', id);
    if (!after.passed) return { problem: `expected: ${after.expected} found: ${after.found}` };
    return { durationMs: performance.now() - startedAtMs };
  } catch (error) {
    return { problem: error.message.split('\n')[0] };
  }
}

function call(page, method, ...args) {
  const deadline = new Promise((_, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`lab.${method} took too long`)),
      stepDeadlineMs,
    );
    timer.unref();
  });
  return Promise.race([page.evaluate(`lab.${method}(...${JSON.stringify(args)})`), deadline]);
}

function report(name, { problem, durationMs = 0 }) {
  if (problem === undefined) {
    passed += 1;
    console.log(`  ok    ${name} (${(durationMs / 1000).toFixed(1)} s)`);
  } else {
    failed += 1;
    console.log(`  FAIL  ${name}: ${problem}`);
  }
}
