// `npm run lessons:check [-- [--text] WORDS…]`: every step of every lesson in real Chromium, in the order of
// the lesson: before its solution a step fails, after it passes. Words choose lessons by URL: `en`, `01-first`.
// With --text the commands of the text are run instead of the solution, by a reader who takes some time.
import { launchChromium } from '../src/testing/chromium.ts';
import { buildSandboxesIfNeeded, buildSiteIfNeeded, fail } from './lib.mjs';
import { createSiteServer } from './site-server.mjs';

const stepDeadlineMs = 300_000;
/** A reader's time for a command; after a failure the text asks for ten seconds of patience. */
const readingMs = 2_500;
const patienceMs = 12_000;
const commandDeadlineMs = 150_000;
const isText = process.argv.includes('--text');
const words = process.argv.slice(2).filter((word) => word !== '--text');

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
    const reader = { page, folders: new Map() };
    for (const step of lesson.steps) report(step.id, await checkStep(reader, step.id));
    for (const error of errors) report('page', { problem: `uncaught: ${error}` });
  } catch (error) {
    report('lesson', { problem: error.message });
  } finally {
    await context.close();
  }
}

/** What is wrong with the step, if anything, and how long its solution took. */
async function checkStep(reader, id) {
  const { page } = reader;
  const startedAtMs = performance.now();
  try {
    const before = await call(page, 'check', id, { isPatient: false });
    if (before.passed) return { problem: `passes before its solution: ${before.found}` };
    await (isText ? followText(reader, id) : call(page, 'solve', id));
    const after = await call(page, 'check', id);
    if (!after.passed) return { problem: `expected: ${after.expected} found: ${after.found}` };
    return { durationMs: performance.now() - startedAtMs };
  } catch (error) {
    return { problem: error.message.split('\n')[0] };
  }
}

/** Runs what the step's text shows; a `cd` holds for the lesson, and a second terminal is waited for at the end. */
async function followText({ page, folders }, id) {
  const commands = await page.$$eval(`[id="${id}"] lab-command`, (elements) =>
    elements.map((element) => ({
      machine: element.dataset.machine,
      isBeside: element.dataset.terminal !== '1',
      run: element.querySelector('code').textContent,
    })),
  );
  const beside = [];
  for (const { machine, isBeside, run } of commands) {
    if (/^cd \S+$/.test(run)) folders.set(machine, run);
    const line = [folders.get(machine), run].filter(Boolean).join('; ');
    const ended = call(page, 'exec', line, { machine, timeoutMs: commandDeadlineMs });
    if (isBeside) beside.push(ended);
    else await ended;
    const isFailure = /^lab (kill|cut|stop) /.test(run);
    await new Promise((resolve) => setTimeout(resolve, isFailure ? patienceMs : readingMs));
  }
  await Promise.all(beside);
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
